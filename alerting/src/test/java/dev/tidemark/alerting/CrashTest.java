package dev.tidemark.alerting;

import static dev.tidemark.alerting.Samples.alert;
import static dev.tidemark.alerting.Samples.caused;
import static dev.tidemark.alerting.Samples.t;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tidemark.alerting.route.Routes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Kills the process before each single write, starts again, and compares the end. */
class CrashTest {
  private static final IncidentSettings SETTINGS =
      new IncidentSettings(Duration.ofMinutes(1), Duration.ofMinutes(10));

  private static World world(Fuse fuse) {
    return world(
        fuse, Samples.routes(Duration.ofSeconds(30), Duration.ofMinutes(2), Duration.ofHours(1)));
  }

  private static World world(Fuse fuse, Routes routes) {
    return World.killedBy(fuse, SETTINGS, routes);
  }

  private static List<String> live(World world, boolean restarts) {
    return live(world, restarts, () -> {});
  }

  @CanIgnoreReturnValue
  private static List<String> live(World world, boolean restarts, Runnable after) {
    List<Runnable> steps =
        List.of(
            () -> world.alerts(0, alert("flights", t(0))),
            () -> world.alerts(5, alert("weather", t(5))),
            () -> world.tick(30),
            () -> world.tick(40),
            () ->
                world.alerts(
                    60,
                    caused(t(0), "connector:cdc", "dataset:flights"),
                    caused(t(5), "connector:cdc", "dataset:weather")),
            () -> world.tick(300),
            () ->
                world.alerts(
                    400,
                    caused(t(0), "connector:cdc", "dataset:flights").resolvedAt(t(400)),
                    caused(t(5), "connector:cdc", "dataset:weather").resolvedAt(t(400))),
            () -> world.tick(500));
    return run(
        world,
        restarts,
        steps.stream()
            .<Runnable>map(
                step ->
                    () -> {
                      step.run();
                      after.run();
                    })
            .toList());
  }

  private static List<String> run(World world, boolean restarts, List<Runnable> steps) {
    if (restarts) {
      world.live(steps);
    } else {
      World.live(steps, () -> {});
    }
    return world.outbox.all().stream()
        .map(OutboxEntry::notification)
        .map(one -> one.kind() + " " + one.receiver() + " " + one.dedupKey() + " " + one.note())
        .toList();
  }

  private static List<String> escalate(Fuse fuse) {
    World world = world(fuse, EscalatedIncidentTest.escalated());
    List<Runnable> steps = new ArrayList<>();
    steps.add(() -> world.alerts(0, alert("flights", t(0))));
    for (int minute = 0; minute < 60; minute += 5) {
      long seconds = 30 + 60L * minute;
      steps.add(() -> world.tick(seconds));
    }
    return run(world, true, steps);
  }

  @Test
  void a_kill_in_the_middle_of_an_escalation_neither_leaves_out_nor_repeats_a_step() {
    List<String> calm = escalate(new Fuse());
    assertThat(calm).hasSize(5);
    for (int write = 0; write < 15; write++) {
      for (boolean after : new boolean[] {false, true}) {
        assertThat(escalate(Fuse.lit(write, after)))
            .as("killed %s write %d", after ? "after" : "before", write)
            .containsExactlyElementsOf(calm);
      }
    }
  }

  @Test
  void a_kill_before_or_after_any_write_neither_loses_nor_repeats_a_word() {
    List<String> calm = live(world(new Fuse()), true);
    assertThat(calm).hasSize(5);
    for (int write = 0; write < 25; write++) {
      for (boolean after : new boolean[] {false, true}) {
        assertThat(live(world(Fuse.lit(write, after)), true))
            .as("killed %s write %d", after ? "after" : "before", write)
            .containsExactlyInAnyOrderElementsOf(calm);
      }
    }
  }

  @Test
  void a_store_that_fails_once_without_a_restart_changes_nothing_either() {
    List<String> calm = live(world(new Fuse()), false);
    for (int write = 0; write < 25; write++) {
      for (boolean after : new boolean[] {false, true}) {
        assertThat(live(world(Fuse.lit(write, after)), false))
            .as("failed %s write %d", after ? "after" : "before", write)
            .containsExactlyInAnyOrderElementsOf(calm);
      }
    }
  }

  private record Said(String id, String key, NotificationKind kind, String receiver) {}

  /** Lives the same life with a courier that is killed as well; returns what arrived, in order. */
  private static List<Said> delivered(Fuse fuse) {
    InMemoryOutbox outbox =
        new InMemoryOutbox() {
          @Override
          public synchronized void settle(List<OutboxEntry> tried, List<OutboxEntry> added) {
            fuse.around(() -> super.settle(tried, added));
          }
        };
    World world =
        new World(
            new InMemoryIncidentStore(),
            outbox,
            SETTINGS,
            Samples.routes(Duration.ofSeconds(30), Duration.ofMinutes(2), Duration.ofHours(1)));
    List<Said> said = Collections.synchronizedList(new ArrayList<>());
    Notifier notifier =
        one -> {
          said.add(new Said(one.id(), one.dedupKey(), one.kind(), one.receiver()));
          return new Delivery.Delivered();
        };
    List<String> unused =
        live(
            world,
            true,
            () -> {
              Throwable killed = catchThrowable(() -> deliver(outbox, notifier));
              if (killed != null) {
                // Another process: what the killed one knew and had not marked is gone.
                deliver(outbox, notifier);
              }
            });
    return said;
  }

  private static void deliver(Outbox outbox, Notifier notifier) {
    try (Dispatcher dispatcher =
        new Dispatcher(
            outbox, Map.of("console", notifier), DispatcherSettings.DEFAULT, new Random(1))) {
      dispatcher.run(() -> t(600), () -> true);
    }
  }

  @Test
  void what_is_sent_twice_after_a_kill_has_the_same_id_and_key_and_is_sent_no_third_time() {
    Set<Said> calm = new LinkedHashSet<>(delivered(new Fuse()));
    assertThat(calm).hasSize(5);
    for (int write = 0; write < 8; write++) {
      for (boolean after : new boolean[] {false, true}) {
        List<Said> said = delivered(Fuse.lit(write, after));
        String when = "killed %s write %d".formatted(after ? "after" : "before", write);
        assertThat(new LinkedHashSet<>(said)).as(when).containsExactlyInAnyOrderElementsOf(calm);
        assertThat(said.stream().map(Said::id).distinct()).as(when).hasSize(calm.size());
        assertThat(said.size() - calm.size()).as(when).isBetween(0, after ? 0 : 2);
      }
    }
  }

  @Test
  void a_merger_that_was_saved_by_half_is_finished_without_new_alerts() {
    boolean[] burns = {true};
    World world =
        new World(
            new InMemoryIncidentStore() {
              @Override
              public synchronized void save(Incident incident) {
                if (incident.mergedInto() != null && burns[0]) {
                  burns[0] = false;
                  throw new IllegalStateException("killed between the halves");
                }
                super.save(incident);
              }
            },
            new InMemoryOutbox(),
            SETTINGS,
            Samples.routes(Duration.ZERO, Duration.ofMinutes(2), Duration.ofHours(1)));
    world.alerts(0, alert("flights", t(0)));
    world.alerts(5, alert("weather", t(5)));
    Throwable killed =
        catchThrowable(
            () ->
                world.alerts(
                    60,
                    caused(t(0), "connector:cdc", "dataset:flights"),
                    caused(t(5), "connector:cdc", "dataset:weather")));
    assertThat(killed).hasMessage("killed between the halves");
    world.restart(t(70));
    assertThat(world.alerting.openIncidents()).hasSize(2);
    world.tick(71);
    assertThat(world.only().alerts()).hasSize(2);
    assertThat(world.said())
        .containsExactly("TRIGGERED console", "TRIGGERED console", "RESOLVED console");
  }
}
