package dev.tidemark.alerting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.alerting.route.Address;
import dev.tidemark.alerting.route.Route;
import dev.tidemark.alerting.route.Routes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What must have been said of open incidents, and what must not. For each open incident that is a
 * page and not covered, and for each receiver that a route names for it and that is not muted, it
 * keeps since when that is so. After group interval, which is longer than group wait here, either
 * the receiver has heard of the page, or somebody has taken the page for it. Of an escalation, each
 * further step has that much longer.
 */
final class PageModel {
  private static final Set<NotificationKind> LOUD =
      Set.of(NotificationKind.TRIGGERED, NotificationKind.ESCALATED, NotificationKind.REPEATED);

  /** What is known of one open incident in its present episode. */
  private static final class Known {
    private final int episode;
    private final Set<String> paged = new HashSet<>();
    private @Nullable Ack ack;

    Known(int episode) {
      this.episode = episode;
    }
  }

  /** Somebody took the page. */
  private record Ack(String cause, Set<String> targets) {}

  /** A target of an incident, and whom it means now. */
  private record Duty(String incident, String target, String receiver) {}

  private record Since(long begin, long longestGap) {}

  private record Line(String receiver, String key) {}

  private final Routes routes;
  private final IncidentStore store;
  private final Map<String, Known> open = new HashMap<>();
  private final Map<Duty, Since> duties = new HashMap<>();
  private final Map<Line, NotificationKind> last = new HashMap<>();
  private long before;

  PageModel(Routes routes, IncidentStore store) {
    this.routes = routes;
    this.store = store;
  }

  /** Incidents came back, ended or were merged. */
  void follow(List<Incident> now) {
    Map<String, Incident> byId = new HashMap<>();
    now.forEach(one -> byId.put(one.id(), one));
    for (String id : List.copyOf(open.keySet())) {
      if (!byId.containsKey(id)) {
        Known gone = open.remove(id);
        String heir = heir(id);
        if (gone != null && byId.containsKey(heir)) {
          Known into = known(byId.get(heir));
          into.paged.addAll(gone.paged);
          into.ack = together(into.ack, gone.ack, byId.get(heir).causeKey());
        }
      }
    }
    for (Incident incident : now) {
      if (known(incident).episode != incident.episodes().size()) {
        open.put(incident.id(), new Known(incident.episodes().size()));
      }
    }
  }

  /** Of two that took parts of what is one now, whoever took its cause has taken it. */
  private static @Nullable Ack together(@Nullable Ack one, @Nullable Ack other, String cause) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    Set<String> targets = new HashSet<>(one.targets());
    targets.addAll(other.targets());
    return new Ack(other.cause().equals(cause) ? cause : one.cause(), targets);
  }

  private Known known(Incident incident) {
    return open.computeIfAbsent(incident.id(), id -> new Known(incident.episodes().size()));
  }

  private String heir(String id) {
    Optional<String> into = store.find(id).map(Incident::mergedInto);
    return into.isPresent() ? heir(into.get()) : id;
  }

  /** Somebody took an incident that is open now. */
  void acknowledged(Incident incident, long now) {
    if (incident.severity() == Severity.PAGE) {
      Set<String> targets = new HashSet<>();
      targets(incident, now).forEach(target -> targets.add(target.receiver()));
      known(incident).ack = new Ack(incident.causeKey(), targets);
    }
  }

  /** Something was said. */
  void said(Notification said, Predicate<Alert> covered) {
    Incident incident = said.incident();
    Line line = new Line(said.receiver(), said.dedupKey());
    NotificationKind prior = last.put(line, said.kind());
    boolean begins = prior == null || prior == NotificationKind.RESOLVED;
    switch (said.kind()) {
      case TRIGGERED -> assertThat(begins).as("told before: %s", said).isTrue();
      // The first word of what was taken before anybody was called.
      case ACKNOWLEDGED -> {}
      default -> assertThat(begins).as("of what is over: %s", said).isFalse();
    }
    if (said.kind() == NotificationKind.RESOLVED || said.kind() == NotificationKind.ACKNOWLEDGED) {
      return;
    }
    assertThat(incident.alerts())
        .as("of what is covered: %s", said)
        .anyMatch(alert -> alert.firingNow() && !covered.test(alert));
    if (said.receiver().equals(RoutedRules.MUTED) && RoutedRules.BREAKS.contains(said.at())) {
      assertThat(targets(incident, Samples.T0.until(said.at(), ChronoUnit.SECONDS)))
          .as("while it is muted: %s", said)
          .noneMatch(target -> target.receiver().equals(RoutedRules.MUTED));
    }
    if (LOUD.contains(said.kind())) {
      assertThat(incident.state())
          .as("of what somebody has: %s", said)
          .isNotEqualTo(IncidentState.ACKNOWLEDGED);
      Known known = open.get(heir(incident.id()));
      if (known != null && incident.severity() == Severity.PAGE) {
        known.paged.add(said.receiver());
      }
    }
  }

  /** Checks what is open. */
  void check(List<Incident> now, Predicate<Alert> covered, long at) {
    long gap = Math.max(0, at - before);
    before = at;
    Set<Duty> kept = new HashSet<>();
    for (Incident incident : now) {
      oneKeyForEachReceiver(incident);
      boolean bare =
          incident.alerts().stream().anyMatch(alert -> alert.firingNow() && !covered.test(alert));
      if (bare) {
        assertThat(incident.severity())
            .isGreaterThanOrEqualTo(
                incident.alerts().stream()
                    .filter(Alert::firingNow)
                    .map(Alert::severity)
                    .max(Severity::compareTo)
                    .orElseThrow());
      }
      if (bare && incident.severity() == Severity.PAGE) {
        duties(incident, at, gap, kept);
      }
    }
    duties.keySet().retainAll(kept);
  }

  private void duties(Incident incident, long at, long gap, Set<Duty> kept) {
    Known known = known(incident);
    List<Route.Target> targets = targets(incident, at);
    Ack ack = known.ack;
    if (ack != null
        && targets.stream()
            .allMatch(one -> ack.targets().contains(one.receiver()) || knows(incident, one, at))) {
      known.ack = new Ack(incident.causeKey(), ack.targets());
    }
    for (Route.Target target : targets) {
      boolean taken =
          ack != null
              && (ack.cause().equals(incident.causeKey())
                  || ack.targets().contains(target.receiver())
                  || knows(incident, target, at));
      if (!taken && !target.quiet().at(Samples.t(at))) {
        if (target.address().kind() == Address.Kind.ESCALATION) {
          called(incident, target, at, gap, kept);
        } else {
          for (String receiver : meant(target.receiver(), at)) {
            Duty duty = new Duty(incident.id(), target.receiver(), receiver);
            heard(incident, duty, 1, at, gap, Set.of(receiver));
            kept.add(duty);
          }
        }
      }
    }
  }

  private void called(Incident incident, Route.Target target, long at, long gap, Set<Duty> kept) {
    Duty duty = new Duty(incident.id(), target.receiver(), "");
    heard(incident, duty, 1, at, gap, Set.of("anna", "bo", "second", "boss"));
    heard(incident, duty, 2, at, 0, Set.of("second"));
    heard(incident, duty, 3, at, 0, Set.of("boss"));
    kept.add(duty);
  }

  /** Any of the receivers is told when so many calls are due; a late call makes later ones late. */
  private void heard(
      Incident incident, Duty duty, int calls, long at, long gap, Set<String> receivers) {
    // When the clock is set back, waits begin anew.
    Since since =
        duties.merge(
            duty,
            new Since(at, 0),
            (old, fresh) -> new Since(Math.min(old.begin(), at), Math.max(old.longestGap(), gap)));
    long due =
        since.begin()
            + RoutedRules.GROUP_INTERVAL.toSeconds()
            + RoutedRules.STEP.toSeconds() * (calls - 1)
            + since.longestGap() * (calls - 1);
    if (at >= due) {
      assertThat(known(incident).paged)
          .as("%s since %d, it is %d, of %s", duty, since.begin(), at, incident)
          .containsAnyElementsOf(receivers);
    }
  }

  /** Whether it has been told anything in this episode. */
  private boolean knows(Incident incident, Route.Target target, long at) {
    Set<String> meant =
        target.address().kind() == Address.Kind.ESCALATION
            ? Set.of()
            : meant(target.receiver(), at);
    return incident.told().stream()
        .anyMatch(
            told ->
                told.active()
                    && (target.receiver().equals(told.via()) || meant.contains(told.receiver())));
  }

  private Set<String> meant(String name, long at) {
    Set<String> told = routes.told(List.of(name), Samples.t(at));
    return told.isEmpty() ? routes.nobodyOnCall(Samples.t(at)) : told;
  }

  private List<Route.Target> targets(Incident incident, long at) {
    Instant moment = Samples.t(at);
    Map<String, String> labels = new HashMap<>(incident.lead().labels());
    labels.put("severity", incident.severity().label());
    labels.put("urgency", incident.severity().label());
    labels.put("cause_type", incident.causeKey().replaceFirst(":.*", ""));
    return routes.targets(labels, moment);
  }

  private void oneKeyForEachReceiver(Incident incident) {
    Map<String, Set<String>> keys = new HashMap<>();
    last.forEach(
        (line, kind) -> {
          String id = line.key().substring("tidemark/".length());
          if (kind != NotificationKind.RESOLVED && heir(id).equals(incident.id())) {
            keys.computeIfAbsent(line.receiver(), each -> new HashSet<>()).add(line.key());
          }
        });
    assertThat(keys.values()).as("two openings for %s", incident).allMatch(set -> set.size() == 1);
  }

  /** Everything is over, and said to be. */
  void over() {
    assertThat(last)
        .allSatisfy((line, kind) -> assertThat(kind).isEqualTo(NotificationKind.RESOLVED));
  }
}
