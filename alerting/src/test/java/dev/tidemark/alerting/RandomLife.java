package dev.tidemark.alerting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.alerting.route.Matcher;
import dev.tidemark.alerting.route.Routes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * A random life of incidents: alerts come and go, their causes turn up late, guessed or certain,
 * and move; datasets are silenced and worked on; the process dies before and after writes. What
 * else happens, how time passes and what has to hold is for subclasses to say.
 *
 * <p>cdc feeds flights, api feeds weather; hourly is made of both, features of hourly; prices
 * stands alone.
 */
abstract class RandomLife {
  private static final Map<String, List<List<String>>> WAYS =
      Map.of(
          "flights", List.of(List.of(), List.of("connector:cdc")),
          "weather", List.of(List.of(), List.of("connector:api")),
          "hourly",
              List.of(
                  List.of(),
                  List.of("dataset:flights"),
                  List.of("connector:cdc", "dataset:flights"),
                  List.of("connector:api", "dataset:weather")),
          "features",
              List.of(
                  List.of(),
                  List.of("dataset:hourly"),
                  List.of("connector:cdc", "dataset:flights", "dataset:hourly")),
          "prices", List.of(List.of()));

  private static final List<String> DATASETS = WAYS.keySet().stream().sorted().toList();

  final Random random;
  final List<Notification> sent = new ArrayList<>();
  final FusedIncidentStore store;
  final World world;

  /** What fires, by fingerprint. */
  final Map<String, Alert> firing = new LinkedHashMap<>();

  final Set<String> silenced = new HashSet<>();
  final Set<String> workedOn = new HashSet<>();

  /** Fingerprints of what fires in incidents that a person has ended. */
  final Set<String> endedByHand = new HashSet<>();

  /** Seconds since the begin. */
  long now;

  private final Fuse fuse = new Fuse();
  private int seen;

  RandomLife(long seed, Routes routes) {
    random = new Random(seed);
    store = new FusedIncidentStore(fuse);
    world =
        new World(
            store,
            new FusedOutbox(fuse, sent),
            new IncidentSettings(Duration.ofMinutes(1), Duration.ofMinutes(10)),
            routes);
  }

  /** Moves {@link #now}, also back. */
  abstract void pass();

  /** Draws what happens next; it may happen twice, when the process dies in between. */
  abstract Runnable something();

  /** Looks whether everything is as it has to be. */
  abstract void check(List<Incident> open);

  /** Returns an alert as it comes in this life. */
  Alert dressed(Alert alert) {
    return alert;
  }

  /** Lives on for a moment. */
  void step() {
    pass();
    if (random.nextInt(4) == 0) {
      fuse.light(random.nextInt(4), random.nextBoolean());
    }
    Runnable does = something();
    try {
      does.run();
    } catch (IllegalStateException killed) {
      if (random.nextBoolean()) {
        // The engine says what it knows after a restart.
        world.restart(Samples.t(now));
        world.alerts(now, firing.values().toArray(Alert[]::new));
      }
      does.run();
    }
    fuse.light(-1, false);
    world.tick(now);
    look();
  }

  private void look() {
    List<Incident> open = world.alerting.openIncidents();
    everyFiringAlertHasOneHome(open);
    check(open);
  }

  /** What was said since this was asked last. */
  final List<Notification> news() {
    List<Notification> news = List.copyOf(sent.subList(seen, sent.size()));
    seen = sent.size();
    return news;
  }

  /** Everything recovers, and the longest hold goes by. */
  void end() {
    now += 10_000;
    List<Alert> over =
        firing.values().stream().map(alert -> alert.resolvedAt(Samples.t(now))).toList();
    firing.clear();
    world.alerts(now, over.toArray(Alert[]::new));
    now += 4_000;
    world.tick(now);
    look();
    assertThat(world.alerting.openIncidents()).isEmpty();
  }

  final <T> T any(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  /** An alert comes, or says something else. */
  final Runnable fires() {
    Alert alert = alert(any(DATASETS));
    firing.put(alert.fingerprint(), alert);
    return () -> world.alerts(now, alert);
  }

  /** One that fires recovers. */
  final Runnable recovers() {
    if (firing.isEmpty()) {
      return nothing();
    }
    Alert over = any(List.copyOf(firing.values())).resolvedAt(Samples.t(now));
    firing.remove(over.fingerprint());
    endedByHand.remove(over.fingerprint());
    return () -> world.alerts(now, over);
  }

  final Runnable nothing() {
    return () -> world.tick(now);
  }

  /** The process is stopped and started. */
  final Runnable restarts() {
    return () -> world.restart(Samples.t(now));
  }

  final Optional<Incident> anyOpen() {
    List<Incident> open = world.alerting.openIncidents();
    return open.isEmpty() ? Optional.empty() : Optional.of(any(open));
  }

  private Alert alert(String dataset) {
    List<String> path = new ArrayList<>(any(Objects.requireNonNull(WAYS.get(dataset))));
    path.add("dataset:" + dataset);
    Alert fresh = Samples.caused(Samples.t(now), path.toArray(String[]::new));
    Alert known = firing.get(fresh.fingerprint());
    Cause cause = Objects.requireNonNull(fresh.cause());
    return dressed(fresh).toBuilder()
        .cause(
            new Cause(
                cause.type(), cause.name(), random.nextBoolean(), cause.evidence(), cause.path()))
        .severity(random.nextBoolean() ? Severity.PAGE : Severity.TICKET)
        .startsAt(known == null ? Samples.t(now) : known.startsAt())
        .suppressedBy(workedOn.contains(dataset) ? planned() : null)
        .build();
  }

  private static SuppressedBy planned() {
    return new SuppressedBy.ByPlannedWork("BF-1", "DATA-7", "backfill");
  }

  /** A silence of a dataset begins or ends. */
  final Runnable silence() {
    String dataset = any(DATASETS);
    boolean on = silenced.add(dataset);
    if (!on) {
      silenced.remove(dataset);
    }
    long from = now;
    return () -> {
      if (on) {
        world
            .alerting
            .silences()
            .put(
                new Silence(
                    "s-" + dataset,
                    List.of(Matcher.equal("dataset", dataset)),
                    "anna",
                    "known",
                    Samples.t(from - 1_000_000),
                    Samples.t(from + 1_000_000)));
      } else {
        Optional<Silence> unused =
            world.alerting.silences().expire("s-" + dataset, Samples.t(from - 900_000));
      }
      world.tick(now);
    };
  }

  /** Planned work on a dataset begins or ends. */
  final Runnable work() {
    String dataset = any(DATASETS);
    if (!workedOn.remove(dataset)) {
      workedOn.add(dataset);
    }
    List<Alert> changed = new ArrayList<>();
    for (Alert alert : List.copyOf(firing.values())) {
      if (alert.dataset().equals(dataset)) {
        Alert covered =
            alert.toBuilder()
                .suppressedBy(workedOn.contains(dataset) ? planned() : null)
                .updatedAt(Samples.t(now))
                .build();
        firing.put(alert.fingerprint(), covered);
        changed.add(covered);
      }
    }
    return () -> world.alerts(now, changed.toArray(Alert[]::new));
  }

  private void everyFiringAlertHasOneHome(List<Incident> open) {
    List<String> held =
        open.stream()
            .flatMap(incident -> incident.alerts().stream())
            .filter(Alert::firingNow)
            .map(Alert::fingerprint)
            .toList();
    Set<String> expected = new LinkedHashSet<>(firing.keySet());
    expected.removeAll(endedByHand);
    assertThat(held).containsExactlyInAnyOrderElementsOf(expected);
  }
}
