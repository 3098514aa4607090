package dev.tidemark.alerting;

import static dev.tidemark.alerting.Samples.alert;
import static dev.tidemark.alerting.Samples.caused;
import static dev.tidemark.alerting.Samples.t;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tidemark.alerting.route.Routes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Kills the process before each single write, starts again, and compares the end. */
class CrashTest {
  private static final IncidentSettings SETTINGS =
      new IncidentSettings(Duration.ofMinutes(1), Duration.ofMinutes(10));

  /** Counts writes of both stores; the n-th fails, before or after it has become durable. */
  private static final class Fuse {
    private int left;
    private final boolean after;

    Fuse(int left, boolean after) {
      this.left = left;
      this.after = after;
    }

    void around(Runnable write) {
      boolean burns = left-- == 0;
      if (burns && !after) {
        throw new IllegalStateException("killed before the write");
      }
      write.run();
      if (burns) {
        throw new IllegalStateException("killed after the write");
      }
    }
  }

  private static World world(Fuse fuse) {
    return world(
        fuse, Samples.routes(Duration.ofSeconds(30), Duration.ofMinutes(2), Duration.ofHours(1)));
  }

  private static World world(Fuse fuse, Routes routes) {
    return new World(
        new InMemoryIncidentStore() {
          @Override
          public synchronized void save(Incident incident) {
            fuse.around(() -> super.save(incident));
          }
        },
        new InMemoryOutbox() {
          @Override
          public synchronized void enqueue(List<OutboxEntry> entries) {
            fuse.around(() -> super.enqueue(entries));
          }
        },
        SETTINGS,
        routes);
  }

  /** The engine says what it knows after a restart, so each step is repeated once. */
  private static List<String> live(World world, boolean restarts) {
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
    return run(world, restarts, steps);
  }

  private static List<String> run(World world, boolean restarts, List<Runnable> steps) {
    for (Runnable step : steps) {
      Throwable killed = catchThrowable(step::run);
      if (killed != null) {
        if (restarts) {
          world.restart(t(0));
        }
        step.run();
      }
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
    List<String> calm = escalate(new Fuse(Integer.MAX_VALUE, false));
    assertThat(calm).hasSize(5);
    for (int write = 0; write < 15; write++) {
      for (boolean after : new boolean[] {false, true}) {
        assertThat(escalate(new Fuse(write, after)))
            .as("killed %s write %d", after ? "after" : "before", write)
            .containsExactlyElementsOf(calm);
      }
    }
  }

  @Test
  void a_kill_before_or_after_any_write_neither_loses_nor_repeats_a_word() {
    List<String> calm = live(world(new Fuse(Integer.MAX_VALUE, false)), true);
    assertThat(calm).hasSize(5);
    for (int write = 0; write < 25; write++) {
      for (boolean after : new boolean[] {false, true}) {
        assertThat(live(world(new Fuse(write, after)), true))
            .as("killed %s write %d", after ? "after" : "before", write)
            .containsExactlyInAnyOrderElementsOf(calm);
      }
    }
  }

  @Test
  void a_store_that_fails_once_without_a_restart_changes_nothing_either() {
    List<String> calm = live(world(new Fuse(Integer.MAX_VALUE, false)), false);
    for (int write = 0; write < 25; write++) {
      for (boolean after : new boolean[] {false, true}) {
        assertThat(live(world(new Fuse(write, after)), false))
            .as("failed %s write %d", after ? "after" : "before", write)
            .containsExactlyInAnyOrderElementsOf(calm);
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
