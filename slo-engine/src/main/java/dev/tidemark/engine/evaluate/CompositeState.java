package dev.tidemark.engine.evaluate;

import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.Selector;
import dev.tidemark.engine.definition.Sli;
import dev.tidemark.engine.definition.Sli.Combination;
import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A composite: every component judges the slice by itself, and the verdicts become one. A component
 * without data in a slice neither spends nor saves, and only a slice in which none has any is a
 * silent one; a component that nobody can know makes the slice unknown, unless another one decides
 * it alone.
 *
 * <p>Where burn rates add, the slice counts the events of all components, and of these the share
 * {@code sum(weight × bad share × budget ÷ own budget)} is bad: the composite's burn rate in that
 * slice is the weighted sum of theirs. Over a window this stays so as long as the components' share
 * of the events does not change.
 */
final class CompositeState extends ObjectiveState {
  private final Combination combination;
  private final List<Part> parts = new ArrayList<>();
  private final Map<Long, List<Part>> fed = new HashMap<>();

  /** A component with what one of its bad shares costs. */
  private record Part(ObjectiveState state, List<Selector> selectors, double impact) {}

  CompositeState(Objective objective, Sli.Composite composite, Instant start) {
    super(objective, start);
    this.combination = composite.combination();
    for (Sli.Component component : composite.components()) {
      parts.add(
          new Part(
              Evaluator.stateOf(objective.of(component.sli(), component.target()), start),
              component.sli().selectors(),
              impact(objective, component)));
    }
  }

  private double impact(Objective objective, Sli.Component component) {
    if (combination != Combination.BURN_RATES_ADD) {
      return component.weight();
    }
    double own = component.target().budgetRatio();
    // Without a budget of its own, anything bad is all that can be spent.
    return own <= 0
        ? Double.POSITIVE_INFINITY
        : component.weight() * objective.target().budgetRatio() / own;
  }

  @Override
  void inheritSignals(ObjectiveState old) {
    if (old instanceof CompositeState composite && composite.parts.size() == parts.size()) {
      for (int i = 0; i < parts.size(); i++) {
        parts.get(i).state().inherit(composite.parts.get(i).state());
      }
    }
  }

  @Override
  long apply(MetricPoint point, double increase) {
    long earliest = Math.floorDiv(point.timeNanos(), 1_000_000L);
    for (Part part : fed.computeIfAbsent(point.series().id(), id -> feeds(point.series()))) {
      earliest = Math.min(earliest, part.state().apply(point, increase));
    }
    return earliest;
  }

  private List<Part> feeds(Series series) {
    return parts.stream()
        .filter(part -> part.selectors().stream().anyMatch(one -> one.matches(series)))
        .toList();
  }

  @Override
  Slice judge(long sliceStart) {
    boolean unknown = false;
    boolean bad = false;
    double events = 0;
    double lacking = 0;
    for (Part part : parts) {
      Slice own = part.state().judge(sliceStart);
      part.state().nextSlice = Math.max(part.state().nextSlice, sliceStart + sliceMillis);
      unknown |= own.unknown();
      double total = own.counts().total();
      if (total > 0) {
        double share = Math.max(0, own.counts().bad()) / total;
        events += total;
        bad |= share > 0;
        lacking += share > 0 ? share * part.impact() : 0;
      }
    }
    if (combination == Combination.ANY_BAD && bad) {
      return Slice.BAD;
    }
    if (unknown || events <= 0) {
      return unknown ? Slice.UNKNOWN : silence();
    }
    if (combination == Combination.ANY_BAD) {
      return Slice.GOOD;
    }
    double total = combination == Combination.BURN_RATES_ADD ? events : 1;
    return new Slice(new EventCounts(total - total * Math.min(1, lacking), total), false);
  }

  /** A component that is bad by its own signals decides alone where any bad one does. */
  @Override
  boolean speaksFor(long sliceStart, Slice verdict) {
    boolean all = true;
    for (Part part : parts) {
      Slice own = part.state().judge(sliceStart);
      boolean speaks = part.state().speaksFor(sliceStart, own);
      if (speaks && combination == Combination.ANY_BAD && own.counts().bad() > 0) {
        return true;
      }
      all &= speaks;
    }
    return all;
  }

  @Override
  boolean countsWhatCame() {
    return parts.stream().allMatch(part -> part.state().countsWhatCame());
  }

  @Override
  boolean addsUp() {
    return parts.stream().anyMatch(part -> part.state().addsUp());
  }

  @Override
  boolean agesInSilence() {
    return parts.stream().anyMatch(part -> part.state().agesInSilence());
  }

  /** Where nothing was bad, no part was. */
  @Override
  void recall(long start, EventCounts counts, boolean unknown) {
    super.recall(start, counts, unknown);
    if (!unknown && counts.bad() <= 0) {
      parts.forEach(part -> part.state().recall(start, counts, false));
    }
  }

  /**
   * Slices of parts are not stored: for them listening began again where a stretch ends in which
   * the composite is unknown.
   */
  @Override
  void recalled() {
    for (long start : doubted) {
      long end = start + sliceMillis;
      if (!doubted.contains(end)) {
        listenAgain(Instant.ofEpochMilli(end));
      }
    }
    super.recalled();
  }

  @Override
  void startAt(long millis) {
    super.startAt(millis);
    parts.forEach(part -> part.state().startAt(millis));
  }

  @Override
  void listenAgain(Instant since) {
    parts.forEach(part -> part.state().listenAgain(since));
  }

  @Override
  void listenedSince(Instant since) {
    parts.forEach(part -> part.state().listenedSince(since));
  }

  @Override
  void hearFrom(Instant moment) {
    parts.forEach(part -> part.state().hearFrom(moment));
  }

  @Override
  Duration limit() {
    return parts.stream()
        .map(part -> part.state().limit())
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  @Override
  List<String> behind() {
    return parts.stream().flatMap(part -> part.state().behind().stream()).distinct().toList();
  }

  /** Of the component that is furthest behind. */
  @Override
  Optional<Instant> newestEvent() {
    return parts.stream()
        .flatMap(part -> part.state().newestEvent().stream())
        .min(Instant::compareTo);
  }

  @Override
  void forgetBefore(long millis) {
    parts.forEach(part -> part.state().forgetBefore(millis));
  }
}
