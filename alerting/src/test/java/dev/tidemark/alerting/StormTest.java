package dev.tidemark.alerting;

import static dev.tidemark.alerting.Samples.t;
import static dev.tidemark.alerting.Storms.SETTINGS;
import static dev.tidemark.alerting.Storms.WEBHOOK;
import static dev.tidemark.alerting.Storms.alerts;
import static dev.tidemark.alerting.Storms.count;
import static dev.tidemark.alerting.Storms.digest;
import static dev.tidemark.alerting.Storms.over;
import static dev.tidemark.alerting.Storms.preview;
import static dev.tidemark.alerting.Storms.sets;
import static dev.tidemark.alerting.Storms.to;
import static dev.tidemark.alerting.Storms.toldOf;
import static dev.tidemark.alerting.Storms.world;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.alerting.route.Receiver;
import dev.tidemark.alerting.route.Secret;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A hundred causes at once. The console is told singly of 20 new incidents a minute. */
class StormTest {
  @Test
  void a_hundred_causes_are_twenty_messages_and_one_digest_and_so_are_their_ends() {
    World world = world();
    world.alerts(0, alerts(0, 100, 0));
    world.tick(30);
    assertThat(world.said()).hasSize(21);
    assertThat(toldOf(world)).containsExactlyInAnyOrderElementsOf(sets(0, 100));
    assertThat(digest(world, NotificationKind.TRIGGERED).about()).hasSize(80);
    assertThat(world.alerting.openIncidents())
        .hasSize(100)
        .allSatisfy(incident -> assertThat(incident.state()).isEqualTo(IncidentState.OPEN));
    assertThat(world.alerting.openIncidents())
        .filteredOn(
            incident ->
                incident.timeline().stream()
                    .anyMatch(entry -> entry.reason().equals("console (by a digest: new)")))
        .hasSize(80);

    world.restart(t(100));
    String late =
        digest(world, NotificationKind.TRIGGERED).about().get(79).incident().lead().dataset();
    Alert[] all = alerts(0, 100, 0);
    world.alerts(
        200,
        over(
            200,
            List.of(all).stream()
                .filter(one -> !one.dataset().equals(late))
                .toArray(Alert[]::new)));
    world.tick(320);
    assertThat(count(world, "RESOLVED console")).as("one of the digest still fires").isEqualTo(20);
    world.alerts(5000, over(5000, all));
    world.tick(5120);
    assertThat(count(world, "RESOLVED console")).isEqualTo(21);
    Notification end = digest(world, NotificationKind.RESOLVED);
    assertThat(end.dedupKey()).isEqualTo(digest(world, NotificationKind.TRIGGERED).dedupKey());
    assertThat(end.about())
        .as("those that ended an hour before too")
        .hasSize(80)
        .allSatisfy(part -> assertThat(part.incident().state()).isEqualTo(IncidentState.RESOLVED));
  }

  @Test
  void the_most_severe_are_told_singly() {
    World world = world();
    Alert[] all = alerts(0, 30, 0);
    for (int i = 0; i < 20; i++) {
      all[i] = all[i].toBuilder().severity(Severity.TICKET).build();
    }
    world.alerts(0, all);
    world.tick(30);
    Notification digest = digest(world, NotificationKind.TRIGGERED);
    assertThat(digest.about())
        .hasSize(10)
        .allSatisfy(part -> assertThat(part.incident().severity()).isEqualTo(Severity.TICKET));
  }

  @Test
  void what_comes_right_after_a_digest_waits_for_the_next_one_a_minute_later() {
    World world = world();
    world.alerts(0, alerts(0, 40, 0));
    world.tick(30);
    for (int i = 0; i < 10; i++) {
      world.alerts(30 + i, alerts(40 + i, 41 + i, 30 + i));
    }
    world.tick(89);
    assertThat(world.said()).hasSize(21);
    assertThat(world.alerting.openIncidents())
        .filteredOn(incident -> incident.state() == IncidentState.PENDING)
        .hasSize(10);
    // The twenty are a minute old: the next ones are told singly again.
    world.tick(90);
    assertThat(world.said()).hasSize(31);
    assertThat(toldOf(world)).containsExactlyInAnyOrderElementsOf(sets(0, 50));
  }

  @Test
  void a_clock_set_back_holds_nobody_up() {
    World world = world();
    world.alerts(7200, alerts(0, 40, 7200));
    world.tick(7230);
    world.alerts(0, alerts(40, 41, 0));
    world.tick(30);
    assertThat(toldOf(world)).containsExactlyInAnyOrderElementsOf(sets(0, 41));
  }

  @Test
  void webhooks_are_told_everything_singly_unless_they_ask_for_digests() {
    World world = new World(SETTINGS, to(new Receiver("hook", WEBHOOK, true)));
    world.alerts(0, alerts(0, 100, 0));
    world.tick(30);
    assertThat(world.said()).hasSize(100);
    World asked =
        new World(
            SETTINGS,
            to(new Receiver("hook", WEBHOOK, true, true, Receiver.Templates.NONE, null, 5)));
    asked.alerts(0, alerts(0, 100, 0));
    asked.tick(30);
    assertThat(asked.said()).hasSize(6);
  }

  @Test
  void a_webhooks_digest_has_the_labels_of_every_alert() throws IOException {
    for (Receiver.WebhookFormat format : Receiver.WebhookFormat.values()) {
      Receiver.Webhook webhook =
          new Receiver.Webhook(WEBHOOK.url(), Map.of(), format, null, Duration.ofSeconds(5));
      Receiver receiver =
          new Receiver("hook", webhook, true, true, Receiver.Templates.NONE, null, 5);
      World world = new World(SETTINGS, to(receiver));
      world.alerts(0, alerts(0, 100, 0));
      world.tick(30);
      String shown = preview(receiver, digest(world, NotificationKind.TRIGGERED));
      JsonNode body = new ObjectMapper().readTree(shown.substring(shown.indexOf('{')));
      assertThat(body.path("alerts"))
          .hasSize(95)
          .allSatisfy(
              one -> assertThat(one.path("labels").path("dataset").asText()).startsWith("set"));
      if (format == Receiver.WebhookFormat.TIDEMARK) {
        assertThat(body.path("digest"))
            .hasSize(95)
            .allSatisfy(one -> assertThat(one.path("url").asText()).contains("/incidents/INC-"));
      } else {
        assertThat(body.path("groupLabels")).isEmpty();
        assertThat(body.path("alerts"))
            .extracting(one -> one.path("labels").path("incident").asText())
            .doesNotHaveDuplicates();
      }
    }
  }

  @Test
  void people_read_counts_and_every_incident_with_its_address() {
    World world = world();
    Alert[] all = alerts(0, 23, 0);
    all[21] =
        all[21].toBuilder()
            .severity(Severity.TICKET)
            .labels(Map.of("domain", "sales"))
            .cause(
                new Cause(
                    "connector",
                    "cdc",
                    true,
                    List.of("no heartbeat for 61 s"),
                    List.of("connector:cdc", "dataset:set21")))
            .build();
    all[22] = all[22].toBuilder().severity(Severity.TICKET).build();
    world.alerts(0, all);
    world.tick(30);
    Notification digest = digest(world, NotificationKind.TRIGGERED);
    Receiver console = new Receiver("console", new Receiver.Console(), true);
    List<Notification.Part> parts = digest.about();
    assertThat(preview(console, digest).lines().map(String::stripTrailing))
        .contains(
            "│ [PAGE] 3 incidents more at once: 2 dataset, 1 connector",
            "│ 3 incidents: more than 20 incidents within a minute",
            "│   Since        2026-03-01 11:59:00 UTC (90 s)",
            "│   Budget left  42.5 % where it is least",
            "│   Cause        2 dataset, 1 connector",
            "│                - by severity: 2 ticket, 1 page",
            "│                - by domain: 2 travel, 1 sales",
            "│   Each is an incident of its own:",
            "│   Incident     https://tidemark.example.org/incidents")
        .anySatisfy(
            line ->
                assertThat(line)
                    .isEqualTo(
                        "│     - %s [ticket] set21: Freshness of set21, cause connector cdc,"
                            + " https://tidemark.example.org/incidents/%s",
                        id(parts, "set21"), id(parts, "set21")));
  }

  private static String id(List<Notification.Part> parts, String dataset) {
    return parts.stream()
        .map(Notification.Part::incident)
        .filter(incident -> incident.lead().dataset().equals(dataset))
        .map(Incident::id)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void every_channel_shows_all_of_a_digest() {
    World world = world();
    world.alerts(0, alerts(0, 120, 0));
    world.tick(30);
    Notification digest = digest(world, NotificationKind.TRIGGERED);
    Secret secret = Secret.of("https://hooks.example.org/s");
    Duration second = Duration.ofSeconds(1);
    for (Receiver.Channel channel :
        List.of(
            new Receiver.Console(),
            new Receiver.Slack(secret, second),
            new Receiver.Teams(secret, second),
            new Receiver.PagerDuty(secret, "https://events.example.org", second))) {
      String shown = preview(new Receiver("r", channel, true), digest);
      assertThat(digest.about())
          .as("%s", channel)
          .allSatisfy(part -> assertThat(shown).contains(part.incident().id()));
    }
  }
}
