package dev.tidemark.engine.backtest;

import dev.tidemark.alerting.Alert;
import dev.tidemark.alerting.Alerting;
import dev.tidemark.alerting.Incident;
import dev.tidemark.alerting.IncidentSettings;
import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.NotificationKind;
import dev.tidemark.alerting.Severity;
import dev.tidemark.alerting.Silences;
import dev.tidemark.alerting.route.Routes;
import dev.tidemark.engine.alerts.AlertLevels;
import dev.tidemark.engine.alerts.AlertMaker;
import dev.tidemark.engine.backtest.BacktestResult.AlertOutcome;
import dev.tidemark.engine.backtest.BacktestResult.IncidentOutcome;
import dev.tidemark.engine.backtest.BacktestResult.Left;
import dev.tidemark.engine.backtest.BacktestResult.ObjectiveOutcome;
import dev.tidemark.engine.budget.BudgetSnapshot;
import dev.tidemark.engine.condition.Firing;
import dev.tidemark.engine.condition.Judge;
import dev.tidemark.engine.condition.Tick;
import dev.tidemark.engine.definition.BurnRateCondition;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.Selector;
import dev.tidemark.engine.lineage.LineageGraph;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.planned.PlannedWork;
import dev.tidemark.engine.planned.Plans;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.LongConsumer;

/** One part's way through its history. Used once, by one thread. */
final class Replay {
  /** How many moments of a budget's history are kept. */
  private static final int MOMENTS = 360;

  /** While nothing that decides changes, numbers are told again only so often. */
  private static final Duration RETOLD = Duration.ofMinutes(5);

  private final Judge judge;
  private final Definitions definitions;
  private final LineageGraph lineage;
  private final ReplayedPlans planned;
  private final ReplayedIncidents incidents = new ReplayedIncidents();
  private final ReplayedNotifications notifications = new ReplayedNotifications();
  private final Alerting alerting;
  private final AlertLevels levels = new AlertLevels(List.of());
  private final Instant from;
  private final Instant to;
  private final long stepMillis;
  private final long keptEveryMillis;
  private final Map<ObjectiveId, List<Left>> history = new LinkedHashMap<>();
  private final Map<ObjectiveId, Double> lowest = new HashMap<>();
  private final Map<ObjectiveId, Stretch> holding = new LinkedHashMap<>();
  private final Map<ObjectiveId, List<AlertOutcome>> alerts = new HashMap<>();
  private Set<Object> lastDecisive = Set.of();
  private Instant toldAt = Instant.MIN;
  private boolean anythingOpen;
  private long points;
  private long nextTick;
  private long nextKept;

  /** Conditions that hold without a pause. */
  private record Stretch(Instant from, BurnRateCondition condition) {}

  /** What one part comes to. */
  record Outcome(List<ObjectiveOutcome> objectives, List<IncidentOutcome> incidents, long points) {}

  /**
   * Prepares.
   *
   * @param declared planned work beside that of the definitions
   */
  Replay(
      Definitions definitions,
      List<PlannedWork> declared,
      Routes routes,
      Instant from,
      Instant to) {
    this.definitions = definitions;
    this.judge = new Judge(definitions, from);
    Plans plans = new Plans(declared, definitions.maintenance());
    this.planned = new ReplayedPlans(judge, definitions, plans, from, to);
    LineageGraph.Builder graph = new LineageGraph.Builder();
    definitions.datasets().forEach(graph::add);
    this.lineage = graph.build();
    this.alerting =
        new Alerting(
            incidents,
            notifications,
            new Silences(new NoSilences()),
            routes,
            IncidentSettings.DEFAULT,
            "",
            id -> null,
            from);
    this.from = from;
    this.to = to;
    this.stepMillis =
        definitions.objectives().stream()
            .mapToLong(objective -> objective.slice().toMillis())
            .map(slice -> Math.max(1_000, Math.min(60_000, slice)))
            .min()
            .orElse(60_000);
    this.keptEveryMillis =
        Math.max(60_000, Duration.between(from, to).toMillis() / MOMENTS / 60_000 * 60_000);
    this.nextTick = (Math.floorDiv(from.toEpochMilli(), stepMillis) + 1) * stepMillis;
    this.nextKept = nextTick;
  }

  /** Replays it; {@code progress} takes seconds of history that were done. */
  Outcome run(SignalHistory source, LongConsumer progress) {
    Set<Selector> selectors = new LinkedHashSet<>();
    definitions.objectives().forEach(o -> selectors.addAll(o.sli().selectors()));
    long[] told = {from.getEpochSecond()};
    source.read(
        selectors,
        from,
        to,
        (point, knownNanos) -> {
          tickUntil(Math.floorDiv(knownNanos - 1, 1_000_000L));
          take(point);
          long second = Math.floorDiv(knownNanos, 1_000_000_000L);
          if (second - told[0] >= 3_600) {
            progress.accept(second - told[0]);
            told[0] = second;
          }
        });
    tickUntil(to.toEpochMilli());
    progress.accept(Math.max(0, to.getEpochSecond() - told[0]));
    keep(to);
    return outcome();
  }

  private void take(MetricPoint point) {
    points++;
    judge.apply(point);
  }

  private void tickUntil(long millis) {
    while (nextTick <= millis) {
      tick(nextTick);
      nextTick += stepMillis;
    }
  }

  private void tick(long millis) {
    Instant at = Instant.ofEpochMilli(millis);
    planned.goOnTo(at);
    Tick tick = judge.tick(at);
    planned.note(tick.bucketChanges());
    note(tick.firing(), at);
    Set<Object> decisive = decisive(tick.firing(), at);
    boolean changed = !decisive.equals(lastDecisive);
    if (changed || (!decisive.isEmpty() && Duration.between(toldAt, at).compareTo(RETOLD) >= 0)) {
      lastDecisive = decisive;
      toldAt = at;
      List<Alert> now =
          AlertMaker.alerts(judge, lineage, Map.of(), planned.known(), tick.firing(), at);
      List<Alert> events = levels.changes(now, at);
      if (!events.isEmpty() && !alerting.onAlerts(events, at).isEmpty()) {
        anythingOpen = true;
      }
      levels.told(now);
    }
    if (anythingOpen) {
      boolean moved = !alerting.tick(at).isEmpty();
      anythingOpen = moved || !alerting.openIncidents().isEmpty();
    }
    if (millis >= nextKept) {
      keep(at);
      nextKept = millis + keptEveryMillis;
    }
  }

  /** What alerts, causes and silence hang on; empty while nothing fires. */
  private Set<Object> decisive(List<Firing> firing, Instant at) {
    if (firing.isEmpty()) {
      return Set.of();
    }
    Set<Object> decisive = new LinkedHashSet<>();
    for (Firing each : firing) {
      Objective objective = each.objective();
      decisive.add(
          List.of(objective.id(), each.condition(), planned.known().suppresses(objective, at)));
    }
    for (Objective objective : definitions.objectives()) {
      if (judge.currentlyBad(objective.id())) {
        decisive.add(objective.id());
      }
    }
    return decisive;
  }

  private void note(List<Firing> firing, Instant at) {
    if (firing.isEmpty() && holding.isEmpty()) {
      return;
    }
    Set<ObjectiveId> now = new LinkedHashSet<>();
    for (Firing each : firing) {
      ObjectiveId id = each.objective().id();
      now.add(id);
      holding.merge(
          id,
          new Stretch(each.since(), each.condition()),
          (old, fresh) ->
              isWorse(fresh.condition(), old.condition())
                  ? new Stretch(old.from(), fresh.condition())
                  : old);
    }
    holding
        .entrySet()
        .removeIf(
            entry -> {
              if (now.contains(entry.getKey())) {
                return false;
              }
              end(entry.getKey(), entry.getValue(), Optional.of(at));
              return true;
            });
  }

  private static boolean isWorse(BurnRateCondition one, BurnRateCondition other) {
    return one.severity() != other.severity()
        ? one.severity() == BurnRateCondition.Severity.PAGE
        : one.factor() > other.factor();
  }

  private void end(ObjectiveId id, Stretch stretch, Optional<Instant> until) {
    alerts
        .computeIfAbsent(id, each -> new ArrayList<>())
        .add(
            new AlertOutcome(
                stretch.condition().severity() == BurnRateCondition.Severity.PAGE
                    ? Severity.PAGE
                    : Severity.TICKET,
                stretch.from(),
                until,
                BacktestText.condition(stretch.condition())));
  }

  private void keep(Instant at) {
    for (Objective objective : definitions.objectives()) {
      OptionalDouble left =
          judge
              .snapshot(objective.id(), at)
              .map(BudgetSnapshot::leftRatio)
              .orElse(OptionalDouble.empty());
      if (left.isPresent()) {
        history
            .computeIfAbsent(objective.id(), id -> new ArrayList<>())
            .add(new Left(at, left.getAsDouble()));
        lowest.merge(objective.id(), left.getAsDouble(), Math::min);
      }
    }
  }

  private Outcome outcome() {
    holding.forEach((id, stretch) -> end(id, stretch, Optional.empty()));
    List<ObjectiveOutcome> outcomes = new ArrayList<>();
    for (Objective objective : definitions.objectives()) {
      ObjectiveId id = objective.id();
      Double low = lowest.get(id);
      outcomes.add(
          new ObjectiveOutcome(
              id.value(),
              objective.target().text(),
              judge.snapshot(id, to).orElseThrow().budget(),
              low == null ? OptionalDouble.empty() : OptionalDouble.of(low),
              history.getOrDefault(id, List.of()),
              alerts.getOrDefault(id, List.of())));
    }
    return new Outcome(outcomes, incidents(), points);
  }

  /** One line for every incident of which somebody would have been told. */
  private List<IncidentOutcome> incidents() {
    Map<String, Instant> first = new LinkedHashMap<>();
    Map<String, Set<String>> receivers = new HashMap<>();
    for (Notification notification : notifications.all()) {
      if (notification.kind() != NotificationKind.RESOLVED) {
        for (Notification.Part part : notification.about()) {
          first.putIfAbsent(part.incident().id(), notification.at());
          receivers
              .computeIfAbsent(part.incident().id(), id -> new LinkedHashSet<>())
              .add(notification.receiver());
        }
      }
    }
    List<IncidentOutcome> told = new ArrayList<>();
    for (Incident incident : incidents.all()) {
      Instant at = first.get(incident.id());
      if (at != null && incident.mergedInto() == null) {
        told.add(
            new IncidentOutcome(
                incident.severity(),
                at,
                Optional.ofNullable(incident.resolvedAt()),
                incident.title(),
                incident.causeKey(),
                incident.alerts().stream().map(Alert::objective).distinct().toList(),
                List.copyOf(receivers.getOrDefault(incident.id(), Set.of()))));
      }
    }
    return told;
  }
}
