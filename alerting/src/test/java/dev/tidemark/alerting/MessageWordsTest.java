package dev.tidemark.alerting;

import static dev.tidemark.alerting.Samples.caused;
import static dev.tidemark.alerting.Samples.t;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.alerting.notify.text.Messages;
import dev.tidemark.alerting.notify.text.NotificationText;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a message says about the alerts of an incident. */
class MessageWordsTest {
  private static NotificationText text(Alert first, Alert second) {
    IncidentDraft draft = new IncidentDraft("INC-20260301-AAAAA", first, t(0));
    draft.put(second);
    return NotificationText.of(
        new Notification(
            "id",
            NotificationKind.UPDATED,
            "tidemark/INC-1",
            "r",
            "more is known",
            t(90),
            draft.build(t(90)),
            "https://tidemark.example.org/incidents/INC-20260301-AAAAA",
            null,
            null,
            null));
  }

  @Test
  void what_is_over_is_said_with_its_end_and_what_fires_with_its_beginning() {
    Alert flights = caused(t(0), "connector:cdc", "dataset:flights");
    Alert hourly = caused(t(20), "connector:cdc", "dataset:flights", "dataset:hourly");
    assertThat(text(flights, hourly.resolvedAt(t(80))).symptoms())
        .satisfiesExactly(
            line -> assertThat(line).contains("Freshness of flights, firing since"),
            line ->
                assertThat(line)
                    .contains("Freshness of hourly, over since 2026-03-01 12:01:20 UTC"));
  }

  @Test
  void a_promise_is_said_when_the_alert_has_one() {
    Alert flights = caused(t(0), "connector:cdc", "dataset:flights");
    Alert promised =
        flights.toBuilder()
            .annotations(Map.of(NotificationText.PROMISE, "newest record at most 5 min old"))
            .build();
    assertThat(new Messages().text(text(promised, promised)))
        .contains("\n  Promise      newest record at most 5 min old\n");
    assertThat(new Messages().text(text(flights, flights))).doesNotContain("Promise");
  }
}
