package dev.tidemark.alerting;

import static dev.tidemark.alerting.Samples.alert;
import static dev.tidemark.alerting.Samples.t;
import static dev.tidemark.alerting.Storms.SETTINGS;
import static dev.tidemark.alerting.Storms.TIMING;
import static dev.tidemark.alerting.Storms.alerts;
import static dev.tidemark.alerting.Storms.count;
import static dev.tidemark.alerting.Storms.digest;
import static dev.tidemark.alerting.Storms.over;
import static dev.tidemark.alerting.Storms.preview;
import static dev.tidemark.alerting.Storms.sent;
import static dev.tidemark.alerting.Storms.sets;
import static dev.tidemark.alerting.Storms.to;
import static dev.tidemark.alerting.Storms.toldOf;
import static dev.tidemark.alerting.Storms.world;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.alerting.escalation.Escalation;
import dev.tidemark.alerting.route.Receiver;
import dev.tidemark.alerting.route.Route;
import dev.tidemark.alerting.route.Routes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the incidents of a digest: taken, risen, merged, over. */
class DigestTest {
  @Test
  void escalations_go_on_step_by_step_and_are_told_by_digest_too() {
    Escalation escalation =
        new Escalation(
            "on-call",
            List.of(
                new Escalation.Step(Duration.ZERO, List.of("anna")),
                new Escalation.Step(Duration.ofMinutes(15), List.of("bo", "anna"))),
            Duration.ofMinutes(15),
            0,
            null);
    Map<String, Receiver> receivers = new LinkedHashMap<>();
    for (String name : List.of("anna", "bo")) {
      receivers.put(name, new Receiver(name, new Receiver.Console(), true));
    }
    World world =
        new World(
            SETTINGS,
            new Routes(
                new Route(List.of(), List.of("escalation:on-call"), false, TIMING, List.of()),
                receivers,
                Map.of(),
                Map.of("on-call", escalation),
                List.of()));
    world.alerts(0, alerts(0, 100, 0));
    world.tick(30);
    world.tick(30 + 900);
    assertThat(count(world, "TRIGGERED anna")).isEqualTo(21);
    assertThat(count(world, "TRIGGERED bo")).isEqualTo(21);
    assertThat(count(world, "REPEATED anna")).isEqualTo(21);
    assertThat(digest(world, NotificationKind.REPEATED).about()).hasSize(80);
    for (Incident incident : world.alerting.openIncidents()) {
      world.acknowledge(1000, incident.id());
    }
    assertThat(count(world, "ACKNOWLEDGED anna")).isEqualTo(21);
    world.tick(90_000);
    assertThat(world.said()).hasSize(5 * 21);
  }

  @Test
  void a_ticket_out_of_a_digest_that_becomes_a_page_is_told_singly() {
    World world = world();
    Alert[] all = tickets(40);
    world.alerts(0, all);
    world.tick(30);
    Incident one = digest(world, NotificationKind.TRIGGERED).about().get(3).incident();
    Alert rising = one.lead().toBuilder().severity(Severity.PAGE).build();
    world.alerts(40, rising);
    Notification rise = sent(world).get(21);
    assertThat(rise.kind()).isEqualTo(NotificationKind.ESCALATED);
    assertThat(rise.dedupKey()).isEqualTo(one.dedupKey());
    world.alerts(50, rising.resolvedAt(t(50)));
    world.tick(170);
    assertThat(sent(world).get(22).dedupKey()).isEqualTo(one.dedupKey());
    world.alerts(200, over(200, all));
    world.tick(320);
    assertThat(count(world, "RESOLVED console")).isEqualTo(22);
    assertThat(digest(world, NotificationKind.RESOLVED).about()).hasSize(19);
  }

  private static Alert[] tickets(int count) {
    return List.of(alerts(0, count, 0)).stream()
        .map(alert -> alert.toBuilder().severity(Severity.TICKET).build())
        .toArray(Alert[]::new);
  }

  private static Alert[] pages(List<Notification.Part> parts, long seconds) {
    return parts.stream()
        .map(part -> part.incident().lead().toBuilder())
        .map(alert -> alert.severity(Severity.PAGE).updatedAt(t(seconds)).build())
        .toArray(Alert[]::new);
  }

  private static List<Notification> rises(World world) {
    return sent(world).stream().filter(one -> one.kind() == NotificationKind.ESCALATED).toList();
  }

  private static List<String> keys(World world, Predicate<NotificationKind> kinds) {
    return sent(world).stream()
        .filter(one -> kinds.test(one.kind()))
        .map(Notification::dedupKey)
        .toList();
  }

  private static List<String> idsOf(List<Notification> notifications) {
    return notifications.stream()
        .flatMap(one -> one.about().stream())
        .map(part -> part.incident().id())
        .toList();
  }

  @Test
  void tickets_of_a_digest_that_become_pages_at_once_are_twenty_messages_and_one_digest() {
    World world = world();
    world.alerts(0, tickets(100));
    world.tick(30);
    Notification first = digest(world, NotificationKind.TRIGGERED);
    List<Notification.Part> parts = first.about();
    assertThat(parts).hasSize(80);
    // Even within the minute of the digest: a page does not wait.
    world.alerts(40, pages(parts.subList(0, 50), 40));
    assertThat(rises(world)).hasSize(21);
    assertThat(idsOf(rises(world)))
        .containsExactlyInAnyOrderElementsOf(
            parts.subList(0, 50).stream().map(part -> part.incident().id()).toList());
    Notification pages = digest(world, NotificationKind.ESCALATED);
    assertThat(pages.about())
        .hasSize(30)
        .allSatisfy(
            part -> {
              assertThat(part.incident().severity()).isEqualTo(Severity.PAGE);
              assertThat(part.incident().state()).isEqualTo(IncidentState.OPEN);
            });
    assertThat(pages.dedupKey()).as("it has to wake somebody").isNotEqualTo(first.dedupKey());
    assertThat(preview(new Receiver("console", new Receiver.Console(), true), pages))
        .contains("[PAGE] 30 incidents that were tickets, pages now");
    assertThat(world.alerting.find(pages.incident().id()).orElseThrow().timeline())
        .last()
        .extracting(TimelineEntry::reason)
        .isEqualTo("console (by a digest: it was a ticket and is now a page)");

    // Later within the minute of these, three more: again one message, about them alone.
    world.alerts(90, pages(parts.subList(50, 53), 90));
    assertThat(rises(world)).hasSize(22);
    assertThat(rises(world).get(21).about()).hasSize(3);
    // A minute later rises are told singly again.
    world.alerts(101, pages(parts.subList(53, 55), 101));
    assertThat(rises(world)).hasSize(24);
    world.tick(200);
    assertThat(rises(world)).as("each is told once").hasSize(24);
    assertThat(count(world, "RESOLVED console")).isZero();
  }

  @Test
  void a_digest_of_pages_is_taken_repeated_and_over_as_any_other() {
    World world = world();
    world.alerts(0, tickets(70));
    world.tick(30);
    List<Notification.Part> parts = digest(world, NotificationKind.TRIGGERED).about();
    Alert[] pages = pages(parts.subList(0, 25), 40);
    world.alerts(40, pages);
    Notification risen = digest(world, NotificationKind.ESCALATED);
    assertThat(risen.about()).hasSize(5);
    world.restart(t(50));
    for (Notification.Part part : risen.about()) {
      world.acknowledge(60, part.incident().id());
    }
    assertThat(count(world, "ACKNOWLEDGED console")).isEqualTo(1);
    assertThat(digest(world, NotificationKind.ACKNOWLEDGED).dedupKey()).isEqualTo(risen.dedupKey());
    world.alerts(300, over(300, pages));
    world.tick(420);
    Notification end = digest(world, NotificationKind.RESOLVED);
    assertThat(end.dedupKey()).isEqualTo(risen.dedupKey());
    assertThat(end.about()).hasSize(5);
    assertThat(count(world, "RESOLVED console")).isEqualTo(21);
  }

  @Test
  void a_digest_that_all_have_left_is_said_to_be_over() {
    World world = world();
    world.alerts(0, tickets(25));
    world.tick(30);
    Notification first = digest(world, NotificationKind.TRIGGERED);
    List<Notification.Part> parts = first.about();
    world.alerts(
        40,
        List.of(tickets(25)).stream()
            .filter(alert -> alert.dataset().equals(parts.get(0).incident().lead().dataset()))
            .map(alert -> alert.resolvedAt(t(40)))
            .toArray(Alert[]::new));
    world.tick(160);
    assertThat(count(world, "RESOLVED console")).isZero();
    world.alerts(170, pages(parts.subList(1, 5), 170));
    assertThat(rises(world)).hasSize(4).allMatch(one -> one.digest() == null);
    Notification end = digest(world, NotificationKind.RESOLVED);
    assertThat(end.dedupKey()).isEqualTo(first.dedupKey());
    assertThat(end.about()).as("nobody wonders what became of the rest").hasSize(5);
    assertThat(preview(new Receiver("console", new Receiver.Console(), true), end))
        .contains("5 incidents, told of together, all over or told of anew");
    world.alerts(300, over(300, pages(parts.subList(1, 5), 170)));
    world.tick(420);
    assertThat(keys(world, NotificationKind.RESOLVED::equals)).hasSize(5).doesNotHaveDuplicates();
  }

  @Test
  void an_incident_knows_every_digest_by_which_it_was_told() {
    World world = world();
    world.alerts(0, tickets(70));
    world.tick(30);
    Notification first = digest(world, NotificationKind.TRIGGERED);
    world.alerts(40, pages(first.about().subList(0, 25), 40));
    Notification risen = digest(world, NotificationKind.ESCALATED);
    Incident twice = world.alerting.find(risen.incident().id()).orElseThrow();
    assertThat(twice.digests()).containsExactly(first.dedupKey(), risen.dedupKey());
    assertThat(risen.incident().digests()).as("nobody's business outside").isEmpty();
    String old = AlertingJson.write(twice).replaceFirst("\"digests\":\\[[^]]*],", "");
    assertThat(old).doesNotContain("digests");
    assertThat(AlertingJson.read(old, Incident.class).digests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_kill_at_any_write_neither_loses_nor_repeats_a_rise(boolean after) {
    for (int burns = 0; burns < 60; burns++) {
      World world = killedBy(Fuse.lit(burns, after));
      Alert[] tickets = tickets(10);
      List<Runnable> steps = new ArrayList<>();
      steps.add(() -> world.alerts(0, tickets));
      steps.add(() -> world.tick(30));
      steps.add(() -> world.tick(100));
      Alert[] pages =
          List.of(tickets).stream()
              .map(alert -> alert.toBuilder().severity(Severity.PAGE).updatedAt(t(150)).build())
              .toArray(Alert[]::new);
      steps.add(() -> world.alerts(150, pages));
      steps.add(() -> world.alerts(200, over(200, pages)));
      steps.add(() -> world.tick(320));
      world.live(steps);
      assertThat(idsOf(rises(world))).as("write %d", burns).hasSize(10).doesNotHaveDuplicates();
      assertThat(keys(world, NotificationKind.RESOLVED::equals))
          .as("write %d", burns)
          .containsExactlyInAnyOrderElementsOf(
              new LinkedHashSet<>(keys(world, kind -> kind != NotificationKind.RESOLVED)));
    }
  }

  @Test
  void what_is_merged_out_of_a_digest_is_not_lost_and_ends_with_it() {
    World world = world();
    world.alerts(0, alerts(0, 22, 0));
    world.tick(30);
    Notification digest = digest(world, NotificationKind.TRIGGERED);
    List<Alert> two =
        digest.about().stream()
            .map(
                part ->
                    part.incident().lead().toBuilder()
                        .cause(new Cause("connector", "cdc", true, List.of(), List.of()))
                        .build())
            .toList();
    world.alerts(60, two.toArray(Alert[]::new));
    assertThat(world.alerting.openIncidents()).hasSize(21);
    assertThat(world.said()).hasSize(21);
    world.alerts(70, over(70, two.toArray(Alert[]::new)));
    world.tick(190);
    assertThat(digest(world, NotificationKind.RESOLVED).dedupKey()).isEqualTo(digest.dedupKey());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_kill_at_any_write_neither_loses_nor_repeats_an_incident(boolean after) {
    for (int burns = 0; burns < 40; burns++) {
      World world = killedBy(Fuse.lit(burns, after));
      Alert[] all = alerts(0, 10, 0);
      for (int i = 0; i < 9; i++) {
        all[i] = all[i].toBuilder().severity(Severity.TICKET).build();
      }
      List<Runnable> steps = new ArrayList<>();
      steps.add(() -> world.alerts(0, all));
      steps.add(() -> world.tick(30));
      steps.add(() -> world.tick(100));
      steps.add(() -> world.alerts(200, over(200, all)));
      steps.add(() -> world.tick(320));
      world.live(steps);
      assertThat(toldOf(world))
          .as("write %d", burns)
          .containsExactlyInAnyOrderElementsOf(sets(0, 10));
      assertThat(keys(world, NotificationKind.RESOLVED::equals))
          .as("write %d", burns)
          .containsExactlyInAnyOrderElementsOf(keys(world, NotificationKind.TRIGGERED::equals));
    }
  }

  private static World killedBy(Fuse fuse) {
    return World.killedBy(
        fuse,
        SETTINGS,
        to(
            new Receiver(
                "console", new Receiver.Console(), true, true, Receiver.Templates.NONE, null, 3)));
  }
}
