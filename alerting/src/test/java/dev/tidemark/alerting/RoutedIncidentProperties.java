package dev.tidemark.alerting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.alerting.route.Matcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Random lives under {@link RoutedRules}, against {@link PageModel}. Alerts come and go as pages
 * and as tickets, their causes turn up late and move; datasets are silenced and worked on; people
 * take, end and split incidents; the process dies before and after writes; the clock leaps by
 * hours, ahead and back.
 *
 * <p>cdc feeds flights, api feeds weather; hourly is made of both, features of hourly; prices
 * stands alone.
 */
class RoutedIncidentProperties {
  private static final Map<String, String> DOMAINS =
      Map.of(
          "flights", "travel",
          "hourly", "travel",
          "features", "science",
          "weather", "weather",
          "prices", "weather");

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

  private static final List<String> DATASETS = DOMAINS.keySet().stream().sorted().toList();

  /** One life. */
  private static final class Life {
    private final Random random;
    private final Fuse fuse = new Fuse();
    private final List<Notification> sent = new ArrayList<>();
    private final World world;
    private final PageModel model;
    private final Map<String, Alert> firing = new LinkedHashMap<>();
    private final Set<String> silenced = new HashSet<>();
    private final Set<String> workedOn = new HashSet<>();
    private final Set<String> endedByHand = new HashSet<>();
    private Optional<String> taken = Optional.empty();
    private long now;
    private int seen;

    Life(long seed) {
      random = new Random(seed);
      FusedIncidentStore store = new FusedIncidentStore(fuse);
      world =
          new World(
              store,
              new FusedOutbox(fuse, sent),
              new IncidentSettings(Duration.ofMinutes(1), Duration.ofMinutes(10)),
              RoutedRules.routes());
      model = new PageModel(world.routes, store);
    }

    private <T> T any(List<T> from) {
      return from.get(random.nextInt(from.size()));
    }

    void step() {
      pass();
      if (random.nextInt(4) == 0) {
        fuse.light(random.nextInt(4), random.nextBoolean());
      }
      taken = Optional.empty();
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
      check();
    }

    private void pass() {
      switch (random.nextInt(30)) {
        case 0 -> now += 3_600 + random.nextInt(20_000);
        case 1 -> now -= random.nextInt(20_000);
        case 2 -> now -= random.nextInt(20);
        case 3, 4, 5, 6 -> now += 120 + random.nextInt(1_000);
        default -> now += random.nextInt(60);
      }
    }

    private Runnable something() {
      switch (random.nextInt(14)) {
        case 0, 1, 2, 3 -> {
          Alert alert = alert(any(DATASETS));
          firing.put(alert.fingerprint(), alert);
          return () -> world.alerts(now, alert);
        }
        case 4, 5 -> {
          if (firing.isEmpty()) {
            return () -> world.tick(now);
          }
          Alert over = any(List.copyOf(firing.values())).resolvedAt(Samples.t(now));
          firing.remove(over.fingerprint());
          endedByHand.remove(over.fingerprint());
          return () -> world.alerts(now, over);
        }
        case 6 -> {
          return silence(any(DATASETS));
        }
        case 7 -> {
          return work(any(DATASETS));
        }
        case 8, 9 -> {
          Optional<Incident> one = anyOpen();
          taken = one.map(Incident::id);
          return () -> world.acknowledge(now, one.map(Incident::id).orElse("none"));
        }
        case 10 -> {
          Optional<Incident> one = anyOpen();
          if (one.isEmpty() || random.nextBoolean()) {
            return () -> world.restart(Samples.t(now));
          }
          one.get().alerts().stream()
              .filter(Alert::firingNow)
              .forEach(alert -> endedByHand.add(alert.fingerprint()));
          return () -> world.resolve(now, one.get().id());
        }
        case 11 -> {
          return split();
        }
        default -> {
          return () -> world.tick(now);
        }
      }
    }

    private Optional<Incident> anyOpen() {
      List<Incident> open = world.alerting.openIncidents();
      return open.isEmpty() ? Optional.empty() : Optional.of(any(open));
    }

    private Runnable split() {
      Optional<Incident> from = anyOpen();
      Optional<Incident> into = random.nextBoolean() ? anyOpen() : Optional.empty();
      if (from.isEmpty()) {
        return () -> world.tick(now);
      }
      String part = any(from.get().alerts()).fingerprint();
      return () -> {
        Optional<Incident> unused =
            world.alerting.splitOff(
                from.get().id(),
                Set.of(part),
                into.map(Incident::id).orElse(null),
                "anna",
                "not that",
                Samples.t(now));
      };
    }

    private Alert alert(String dataset) {
      List<String> path = new ArrayList<>(any(Objects.requireNonNull(WAYS.get(dataset))));
      path.add("dataset:" + dataset);
      Alert fresh = Samples.caused(Samples.t(now), path.toArray(String[]::new));
      Alert known = firing.get(fresh.fingerprint());
      Cause cause = Objects.requireNonNull(fresh.cause());
      return fresh.toBuilder()
          .labels(Map.of("domain", Objects.requireNonNull(DOMAINS.get(dataset))))
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

    private Runnable silence(String dataset) {
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

    private Runnable work(String dataset) {
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

    /** Silenced, worked on, or a ticket of a domain that has a page. */
    private Predicate<Alert> covered() {
      Set<String> paging = new HashSet<>();
      for (Alert alert : firing.values()) {
        if (alert.severity() == Severity.PAGE && !endedByHand.contains(alert.fingerprint())) {
          paging.add(DOMAINS.get(alert.dataset()));
        }
      }
      return alert ->
          silenced.contains(alert.dataset())
              || workedOn.contains(alert.dataset())
              || (alert.severity() == Severity.TICKET
                  && paging.contains(DOMAINS.get(alert.dataset())));
    }

    private void check() {
      List<Incident> open = world.alerting.openIncidents();
      everyFiringAlertHasOneHome(open);
      oneIncidentPerCause(open);
      model.follow(open);
      open.stream()
          .filter(one -> taken.filter(one.id()::equals).isPresent())
          .forEach(one -> model.acknowledged(one, now));
      Predicate<Alert> covered = covered();
      for (; seen < sent.size(); seen++) {
        model.said(sent.get(seen), covered);
      }
      model.check(open, covered, now);
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

    /** Unless a person parted them. */
    private static void oneIncidentPerCause(List<Incident> open) {
      Map<String, Incident> owners = new HashMap<>();
      for (Incident incident : open) {
        if (incident.firing()) {
          Incident owner = owners.putIfAbsent(incident.causeKey(), incident);
          assertThat(
                  owner == null
                      || owner.apart().contains(incident.id())
                      || incident.apart().contains(owner.id()))
              .as("%s is that of %s and of %s", incident.causeKey(), incident.id(), owner)
              .isTrue();
        }
      }
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
      check();
      assertThat(world.alerting.openIncidents()).isEmpty();
      model.over();
    }
  }

  @Property(tries = 150)
  void no_page_is_lost_and_none_is_sent_for_what_is_covered_muted_or_taken(@ForAll long seed) {
    Life life = new Life(seed);
    for (int step = 0; step < 60; step++) {
      life.step();
    }
    life.end();
  }
}
