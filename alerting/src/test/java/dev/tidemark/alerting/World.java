package dev.tidemark.alerting;

import dev.tidemark.alerting.route.Routes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

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
}
