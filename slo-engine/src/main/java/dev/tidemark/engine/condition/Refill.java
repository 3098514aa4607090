package dev.tidemark.engine.condition;

import dev.tidemark.engine.definition.NoDataPolicy;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.ObjectiveId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Books for objectives whose windows are others after an edit, or that come back after they were
 * gone. They are filled from stored buckets beside the judge, which goes on with the old ones until
 * {@link Judge#reload}. Made by {@link Judge#refill}; used by one thread at a time.
 */
public final class Refill {
  /**
   * One book.
   *
   * @param until slices from here on may still change when the judge takes it
   * @param later stored counts of those slices, by start
   * @param wanted whether stored buckets belong in it
   */
  private record Fill(
      ObjectiveBook book, Instant until, Map<Instant, EventCounts> later, boolean wanted) {}

  private final Map<ObjectiveId, Fill> fills = new LinkedHashMap<>();

  Refill() {}

  void add(ObjectiveBook book, Instant until, boolean wanted) {
    fills.put(book.objective.id(), new Fill(book, until, new TreeMap<>(), wanted));
  }

  /** Whose stored buckets of all their windows are to be given to {@link #take}. */
  public Set<ObjectiveId> wanted() {
    Map<ObjectiveId, Fill> wanted = new LinkedHashMap<>(fills);
    wanted.values().removeIf(fill -> !fill.wanted());
    return wanted.keySet();
  }

  /** Takes a stored bucket, each once, in any order. */
  public void take(ObjectiveId id, Instant start, EventCounts counts, boolean unknown) {
    Fill fill = fills.get(id);
    if (fill == null) {
      return;
    }
    if (start.isBefore(fill.until())) {
      fill.book().restore(start.toEpochMilli(), counts, unknown, true);
    } else {
      fill.later().put(start, counts);
    }
  }

  /**
   * Returns the book of an objective with everything counted that is judged, or empty when there is
   * none for it.
   *
   * @param recentFrom start of the oldest slice of which the judge knows what it is now
   * @param recent counts of those slices, by start
   */
  Optional<ObjectiveBook> finish(
      Objective objective, Instant recentFrom, Map<Instant, EventCounts> recent) {
    Fill fill = fills.get(objective.id());
    if (fill == null || !fill.book().objective.equals(objective)) {
      return Optional.empty();
    }
    if (fill.wanted()) {
      Map<Instant, EventCounts> counted = new TreeMap<>(fill.later());
      counted.keySet().removeIf(start -> !start.isBefore(recentFrom));
      counted.putAll(recent);
      if (objective.noData() == NoDataPolicy.FROZEN) {
        // A silence that freezes windows is in no bucket, and must not move them on from here.
        counted.values().removeIf(EventCounts::isEmpty);
      }
      counted.forEach((start, is) -> fill.book().restore(start.toEpochMilli(), is, false, true));
    }
    return Optional.of(fill.book());
  }
}
