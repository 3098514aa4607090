package dev.tidemark.alerting;

import dev.tidemark.alerting.route.Matcher;
import dev.tidemark.alerting.route.Routes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.Assertions;

/** Stores that survive, and an {@link Alerting} over them that can be killed and started again. */
final class World {
  final InMemoryIncidentStore incidents;
  final InMemoryOutbox outbox;
  final InMemorySilenceStore silences = new InMemorySilenceStore();
  final IncidentSettings settings;
  final Routes routes;
  Alerting alerting;

  World(
      InMemoryIncidentStore incidents,
      InMemoryOutbox outbox,
      IncidentSettings settings,
      Routes routes) {
    this.incidents = incidents;
    this.outbox = outbox;
    this.settings = settings;
    this.routes = routes;
    this.alerting = start(Samples.T0);
  }

  World(IncidentSettings settings, Routes routes) {
    this(new InMemoryIncidentStore(), new InMemoryOutbox(), settings, routes);
  }

  /** Returns a world whose process is killed in the write of an incident or of entries. */
  static World killedBy(Fuse fuse, IncidentSettings settings, Routes routes) {
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
        settings,
        routes);
  }

  /**
   * Lives through steps. The engine says what it knows after it was killed, so the step in which
   * that happened comes once more.
   */
  static void live(List<Runnable> steps, Runnable whenKilled) {
    for (Runnable step : steps) {
      if (Assertions.catchThrowable(step::run) != null) {
        whenKilled.run();
        step.run();
      }
    }
  }

  /** As {@link #live(List, Runnable)}, with a restart. */
  void live(List<Runnable> steps) {
    live(steps, () -> restart(Samples.T0));
  }

  /** Forgets everything that is not in a store. */
  void restart(Instant at) {
    alerting = start(at);
  }

  private Alerting start(Instant at) {
    return new Alerting(
        incidents,
        outbox,
        new Silences(silences),
        routes,
        settings,
        "https://tidemark.example.org/",
        id -> id.equals("stale-dataset") ? "A dataset is stale" : null,
        at);
  }

  void alerts(long seconds, Alert... alerts) {
    List<Incident> unused = alerting.onAlerts(List.of(alerts), Samples.t(seconds));
  }

  void tick(long seconds) {
    List<Incident> unused = alerting.tick(Samples.t(seconds));
  }

  void acknowledge(long seconds, String id) {
    Optional<Incident> unused = alerting.acknowledge(id, "anna", "on it", Samples.t(seconds));
  }

  void resolve(long seconds, String id) {
    Optional<Incident> unused = alerting.resolve(id, "anna", "false alarm", Samples.t(seconds));
  }

  /** Anna silences a dataset from one second to another. */
  void silence(String dataset, long from, long until) {
    alerting
        .silences()
        .put(
            new Silence(
                "s1",
                List.of(Matcher.equal("dataset", dataset)),
                "anna",
                "known",
                Samples.t(from),
                Samples.t(until)));
  }

  Incident only() {
    List<Incident> open = alerting.openIncidents();
    if (open.size() != 1) {
      throw new AssertionError("expected one open incident: " + open);
    }
    return open.get(0);
  }

  /** Returns what was put into the outbox, as {@code kind receiver}, in order. */
  List<String> said() {
    return outbox.all().stream()
        .map(OutboxEntry::notification)
        .map(one -> one.kind() + " " + one.receiver())
        .toList();
  }

  /** Returns {@link #said} without the first so many. */
  List<String> saidAfter(int first) {
    List<String> said = said();
    return said.subList(first, said.size());
  }
}
