package dev.tidemark.alerting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Random lives under {@link RoutedRules}, against {@link PageModel}. Alerts come and go as pages
 * and as tickets, their causes turn up late and move; datasets are silenced and worked on; people
 * take, end and split incidents; the process dies before and after writes; the clock leaps by
 * hours, ahead and back.
 */
class RoutedIncidentProperties {
  private static final Map<String, String> DOMAINS =
      Map.of(
          "flights", "travel",
          "hourly", "travel",
          "features", "science",
          "weather", "weather",
          "prices", "weather");

  /** One life. */
  private static final class Life extends RandomLife {
    private final PageModel model;
    private Optional<String> taken = Optional.empty();

    Life(long seed) {
      super(seed, RoutedRules.routes());
      model = new PageModel(world.routes, store);
    }

    @Override
    void pass() {
      switch (random.nextInt(30)) {
        case 0 -> now += 3_600 + random.nextInt(20_000);
        case 1 -> now -= random.nextInt(20_000);
        case 2 -> now -= random.nextInt(20);
        case 3, 4, 5, 6 -> now += 120 + random.nextInt(1_000);
        default -> now += random.nextInt(60);
      }
    }

    @Override
    Runnable something() {
      taken = Optional.empty();
      return switch (random.nextInt(14)) {
        case 0, 1, 2, 3 -> fires();
        case 4, 5 -> recovers();
        case 6 -> silence();
        case 7 -> work();
        case 8, 9 -> acknowledge();
        case 10 -> restartsOrEnds();
        case 11 -> split();
        default -> nothing();
      };
    }

    @Override
    Alert dressed(Alert alert) {
      return alert.toBuilder()
          .labels(Map.of("domain", Objects.requireNonNull(DOMAINS.get(alert.dataset()))))
          .build();
    }

    private Runnable acknowledge() {
      Optional<Incident> one = anyOpen();
      taken = one.map(Incident::id);
      return () -> world.acknowledge(now, one.map(Incident::id).orElse("none"));
    }

    private Runnable restartsOrEnds() {
      Optional<Incident> one = anyOpen();
      if (one.isEmpty() || random.nextBoolean()) {
        return restarts();
      }
      String id = one.get().id();
      Set<String> ended = new HashSet<>();
      return () -> {
        Incident found = world.alerting.find(id).orElseThrow();
        if (found.resolvedBy() == null) {
          // After a death it may hold something else than it did before.
          endedByHand.removeAll(ended);
          ended.clear();
        }
        if (found.open()) {
          found.alerts().stream()
              .filter(Alert::firingNow)
              .map(Alert::fingerprint)
              .forEach(ended::add);
          endedByHand.addAll(ended);
        }
        world.resolve(now, id);
      };
    }

    private Runnable split() {
      Optional<Incident> from = anyOpen();
      Optional<Incident> into = random.nextBoolean() ? anyOpen() : Optional.empty();
      if (from.isEmpty()) {
        return nothing();
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

    @Override
    void check(List<Incident> open) {
      oneIncidentPerCause(open);
      model.follow(open);
      open.stream()
          .filter(one -> taken.filter(one.id()::equals).isPresent())
          .forEach(one -> model.acknowledged(one, now));
      Predicate<Alert> covered = covered();
      news().forEach(said -> model.said(said, covered));
      model.check(open, covered, now);
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

    @Override
    void end() {
      super.end();
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
