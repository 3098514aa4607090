package dev.tidemark.alerting;

import static dev.tidemark.alerting.Samples.alert;
import static dev.tidemark.alerting.Samples.t;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.alerting.escalation.Escalation;
import dev.tidemark.alerting.schedule.OnCallCalendar;
import dev.tidemark.alerting.schedule.Schedule;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random lives of one alert, acknowledged or not, with restarts in between. */
class EscalationProperties {
  private static final int REPEAT = 2;
  private static final Escalation ESCALATION =
      new Escalation(
          "on-call",
          List.of(
              new Escalation.Step(Duration.ZERO, List.of("anna")),
              new Escalation.Step(Duration.ofMinutes(5), List.of("second")),
              new Escalation.Step(Duration.ofMinutes(12), List.of("third"))),
          Duration.ofMinutes(7),
          REPEAT,
          "boss");

  private static World world() {
    Schedule nobody =
        new Schedule("primary", ZoneId.of("UTC"), List.of(), List.of(), OnCallCalendar.NONE);
    return new World(
        new IncidentSettings(Duration.ofMinutes(1), Duration.ofMinutes(30)),
        EscalatedIncidentTest.routes(nobody, ESCALATION, "escalation:on-call"));
  }

  @Property(tries = 100)
  void each_step_is_called_once_a_round_and_nobody_after_the_end_or_an_acknowledgement(
      @ForAll long seed) {
    Random random = new Random(seed);
    World world = world();
    long now = 0;
    long firingSince = 0;
    boolean firing = false;
    boolean taken = false;
    Map<String, Integer> calls = new HashMap<>();
    int seen = 0;
    for (int i = 0; i < 80; i++) {
      now += random.nextInt(400);
      boolean takenBefore = taken;
      switch (random.nextInt(12)) {
        case 0, 1 -> {
          if (!firing) {
            firingSince = now;
          }
          firing = true;
          world.alerts(now, alert("flights", t(firingSince)));
        }
        case 2 -> {
          firing = false;
          world.alerts(now, alert("flights", t(firingSince)).resolvedAt(t(now)));
        }
        case 3 -> {
          List<Incident> open = world.alerting.openIncidents();
          if (!open.isEmpty()) {
            world.acknowledge(now, open.get(0).id());
            taken = true;
          }
        }
        case 4 -> world.restart(t(now));
        default -> world.tick(now);
      }
      List<Notification> said =
          world.outbox.all().stream().map(OutboxEntry::notification).skip(seen).toList();
      seen += said.size();
      List<String> calledNow = new ArrayList<>();
      for (Notification one : said) {
        switch (one.kind()) {
          case TRIGGERED, REPEATED -> {
            assertThat(takenBefore).as("%s after it was taken", one).isFalse();
            calledNow.add(one.receiver());
            int times = calls.merge(one.receiver(), 1, Integer::sum);
            assertThat(times)
                .as("%s", one)
                .isLessThanOrEqualTo(one.receiver().equals("boss") ? 1 : REPEAT + 1);
          }
          case RESOLVED -> {
            // What follows is another episode.
          }
          default -> assertThat(one.kind()).isEqualTo(NotificationKind.ACKNOWLEDGED);
        }
      }
      assertThat(calledNow).as("two steps at once").hasSizeLessThanOrEqualTo(1);
      inOrder(calls);
      if (world.alerting.openIncidents().isEmpty()) {
        calls.clear();
        taken = false;
      }
    }
  }

  /** Nobody is called more often than the one before, and no step is left out. */
  private static void inOrder(Map<String, Integer> calls) {
    int first = calls.getOrDefault("anna", 0);
    int second = calls.getOrDefault("second", 0);
    int third = calls.getOrDefault("third", 0);
    assertThat(first).isBetween(third, third + 1);
    assertThat(second).isBetween(third, first);
    if (calls.containsKey("boss")) {
      assertThat(third).isEqualTo(REPEAT + 1);
    }
  }

  @Property(tries = 100)
  void when_nobody_takes_it_the_last_resort_is_reached(@ForAll long seed) {
    Random random = new Random(seed);
    World world = world();
    world.alerts(0, alert("flights", t(0)));
    long now = 0;
    int looks = 0;
    while (world.said().stream().noneMatch(said -> said.endsWith(" boss"))) {
      now += 1 + random.nextInt(300);
      if (random.nextInt(10) == 0) {
        world.restart(t(now));
      }
      world.tick(now);
      looks++;
    }
    // Planned after 3 × 19 min; each of the ten calls comes at most one look late.
    assertThat(now).isBetween(30L + 3 * 19 * 60, 30L + 3 * 19 * 60 + 10 * 300 + 300);
    assertThat(looks).isPositive();
    assertThat(world.said()).hasSize(10);
  }
}
