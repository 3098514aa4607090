package dev.tidemark.engine.backtest;

import dev.tidemark.engine.budget.CorrectedTime;
import dev.tidemark.engine.budget.Correction;
import dev.tidemark.engine.condition.Judge;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.evaluate.BucketChange;
import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.planned.Plans;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Planned work on a replay's way through its history: at every moment as it was known then. What
 * takes something out of the past does so from its approval on, as it did live. Used by one thread.
 */
final class ReplayedPlans {
  private final Judge judge;
  private final Definitions definitions;
  private final Plans all;
  private final Instant from;
  private final Instant to;

  /** Moments still to come at which more becomes known, ascending. */
  private final Deque<Instant> ahead = new ArrayDeque<>();

  /** What is corrected sooner or later, where that is not known from the beginning. */
  private final Map<ObjectiveId, Later> sometime = new HashMap<>();

  /** Slices in it as they happened: the judge remembers only the newest. */
  private final Map<ObjectiveId, Map<Instant, EventCounts>> happened = new HashMap<>();

  private Plans known;

  /**
   * Corrections of one objective.
   *
   * @param slice how long its slices are
   */
  private record Later(Duration slice, CorrectedTime time) {
    boolean touches(Instant start) {
      return time.touches(start.toEpochMilli(), start.plus(slice).toEpochMilli());
    }
  }

  /**
   * Puts in force what was known at the beginning.
   *
   * @param all whenever it became known
   * @param from first moment that is judged
   * @param to first moment that is not
   */
  ReplayedPlans(Judge judge, Definitions definitions, Plans all, Instant from, Instant to) {
    this.judge = judge;
    this.definitions = definitions;
    this.all = all;
    this.from = from;
    this.to = to;
    this.known = all.knownAt(from);
    all.learnt().stream().filter(at -> at.isAfter(from) && !at.isAfter(to)).forEach(ahead::add);
    Plans last = all.knownAt(to);
    for (Objective objective : definitions.objectives()) {
      List<Correction> now = known.corrections(objective, from, to);
      judge.correct(objective.id(), now, Map.of());
      List<Correction> later = last.corrections(objective, from, to);
      if (!later.equals(now)) {
        sometime.put(objective.id(), new Later(objective.slice(), new CorrectedTime(later)));
      }
    }
  }

  /** What is known now. */
  Plans known() {
    return known;
  }

  /** Puts in force what has become known by a moment, before that is judged. */
  void goOnTo(Instant at) {
    if (ahead.isEmpty() || ahead.element().isAfter(at)) {
      return;
    }
    while (!ahead.isEmpty() && !ahead.element().isAfter(at)) {
      ahead.remove();
    }
    known = all.knownAt(at);
    for (Objective objective : definitions.objectives()) {
      ObjectiveId id = objective.id();
      List<Correction> corrections = known.corrections(objective, from, to);
      if (!corrections.equals(judge.corrections(id))) {
        judge.correct(id, corrections, happened.getOrDefault(id, Map.of()));
      }
    }
  }

  /** Notes what was judged, as far as it may be corrected afterwards. */
  void note(List<BucketChange> changes) {
    if (sometime.isEmpty()) {
      return;
    }
    for (BucketChange change : changes) {
      Later later = sometime.get(change.objective());
      if (later != null && later.touches(change.start())) {
        happened
            .computeIfAbsent(change.objective(), id -> new LinkedHashMap<>())
            .put(change.start(), change.after());
      }
    }
  }
}
