package dev.tidemark.engine.selfwatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.alerting.Alert;
import dev.tidemark.alerting.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelfAlertsTest {
  private static final Instant T0 = Instant.parse("2026-03-01T00:00:00Z");
  private static final long MIB = 1 << 20;

  private final SelfAlerts alerts = new SelfAlerts();

  private static OwnHealth health(int behind, long spooled, int undelivered, boolean answers) {
    return new OwnHealth(
        Duration.ofSeconds(behind),
        spooled,
        Duration.ofSeconds(undelivered),
        0,
        answers,
        Duration.ZERO,
        Duration.ZERO,
        0,
        List.of());
  }

  private static OwnHealth inside(int givenUp, int uncopied, int dropped, String... standing) {
    return new OwnHealth(
        Duration.ofSeconds(1),
        0,
        Duration.ZERO,
        givenUp,
        true,
        Duration.ZERO,
        Duration.ofSeconds(uncopied),
        dropped,
        List.of(standing));
  }

  /** Holds a state for so many seconds and returns the causes of what fires at their end. */
  private List<String> after(int from, int seconds, OwnHealth health) {
    for (int second = from; second <= from + seconds; second++) {
      alerts.observe(health, Duration.ofSeconds(second), T0.plusSeconds(second));
    }
    return alerts.firing().stream().map(Alert::causeKey).toList();
  }

  @Test
  void a_healthy_server_says_nothing() {
    assertThat(after(0, 3_600, health(1, 0, 3, true))).isEmpty();
  }

  @Test
  void clickhouse_is_away_after_two_minutes_and_back_after_half_a_minute() {
    OwnHealth away = health(1, 0, 0, false);
    OwnHealth well = health(1, 0, 0, true);
    assertThat(after(0, 119, away)).isEmpty();
    assertThat(after(120, 0, away)).containsExactly("tidemark:clickhouse");
    assertThat(after(121, 29, well)).containsExactly("tidemark:clickhouse");
    assertThat(after(151, 0, well)).isEmpty();
  }

  @Test
  void a_server_that_judges_two_minutes_late_says_so_after_half_a_minute() {
    assertThat(after(0, 600, health(119, 0, 0, true))).isEmpty();
    assertThat(after(601, 30, health(120, 0, 0, true))).containsExactly("tidemark:judging");
    // Between both bounds nothing changes.
    assertThat(after(632, 600, health(60, 0, 0, true))).containsExactly("tidemark:judging");
    assertThat(after(1_233, 60, health(2, 0, 0, true))).isEmpty();
  }

  @Test
  void a_spool_that_swings_about_its_bound_does_not_flap() {
    assertThat(after(0, 60, health(1, 256 * MIB, 0, true))).containsExactly("tidemark:spool");
    for (int i = 0; i < 20; i++) {
      assertThat(after(61 + 2 * i, 0, health(1, (i % 2 == 0 ? 200 : 300) * MIB, 0, true)))
          .containsExactly("tidemark:spool");
    }
    assertThat(after(200, 60, health(1, 0, 0, true))).isEmpty();
  }

  @Test
  void an_alert_is_one_of_the_platform_with_its_cause_and_keeps_its_beginning() {
    assertThat(after(0, 0, health(1, 0, 600, true))).containsExactly("tidemark:delivery");
    Alert first = alerts.firing().get(0);
    assertThat(first.routingLabels()).containsEntry("domain", "platform");
    assertThat(first.startsAt()).isEqualTo(T0);
    assertThat(first.annotations().get("summary"))
        .isEqualTo("Notifications do not get through: the oldest notification waits for 10 min");
    assertThat(after(1, 60, health(1, 0, 660, true))).hasSize(1);
    assertThat(alerts.firing().get(0).startsAt()).isEqualTo(T0);
    assertThat(alerts.firing().get(0).fingerprint()).isEqualTo(first.fingerprint());
  }

  @Test
  void what_was_given_up_is_told_until_somebody_has_dealt_with_it() {
    assertThat(after(0, 0, inside(1, 0, 0))).containsExactly("tidemark:given-up");
    assertThat(after(1, 0, inside(0, 0, 0))).isEmpty();
  }

  @Test
  void a_part_that_stands_still_is_a_page_that_names_it() {
    assertThat(after(0, 0, inside(0, 0, 0, "the mirror", "the teller")))
        .containsExactly("tidemark:standstill");
    Alert alert = alerts.firing().get(0);
    assertThat(alert.severity()).isEqualTo(Severity.PAGE);
    assertThat(alert.annotations().get("summary"))
        .isEqualTo(
            "A part of Tidemark stands still: the mirror, the teller: not seen at work; restart"
                + " it");
    assertThat(after(1, 59, inside(0, 0, 0))).containsExactly("tidemark:standstill");
    assertThat(after(61, 0, inside(0, 0, 0))).isEmpty();
  }

  @Test
  void decisions_on_the_own_disk_only_are_a_ticket_after_a_quarter_of_an_hour() {
    assertThat(after(0, 60, inside(0, 899, 0))).isEmpty();
    assertThat(after(61, 0, inside(0, 900, 0))).containsExactly("tidemark:mirror");
    assertThat(alerts.firing().get(0).severity()).isEqualTo(Severity.TICKET);
    assertThat(after(62, 60, inside(0, 59, 0))).isEmpty();
  }

  @Test
  void that_audit_entries_were_cut_off_is_told_for_an_hour() {
    assertThat(after(0, 0, inside(0, 0, 3))).containsExactly("tidemark:audit");
    assertThat(after(1, 3_599, inside(0, 0, 0))).containsExactly("tidemark:audit");
    assertThat(after(3_601, 0, inside(0, 0, 0))).isEmpty();
  }
}
