package dev.tidemark.engine.evaluate;

import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.Sli;
import dev.tidemark.engine.model.MetricPoint;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Freshness and heartbeat: a slice is good if at its end the newest watermark, or beat, is young
 * enough. Silence ages it, so silence burns. Before the first signal, and after Tidemark itself was
 * away, the moment at which it began to listen stands in for it: nobody is blamed for what nobody
 * could have heard.
 */
final class AgeState extends ObjectiveState {
  private final long limitMillis;
  private final boolean watermark;

  /** The moment that stands in for a signal. */
  private long standIn;

  /** Observation time to the newest event time known by then; both ascending. */
  private final NavigableMap<Long, Long> newest = new TreeMap<>();

  AgeState(Objective objective, Instant listeningSince) {
    super(objective, listeningSince);
    if (objective.sli() instanceof Sli.Freshness freshness) {
      this.limitMillis = freshness.within().toMillis();
      this.watermark = true;
    } else if (objective.sli() instanceof Sli.Heartbeat heartbeat) {
      Duration limit = heartbeat.every().plus(heartbeat.grace());
      this.limitMillis = limit.toMillis();
      this.watermark = false;
    } else {
      throw new IllegalArgumentException("no age to judge in " + objective.sli().kind());
    }
    this.standIn = listeningSince.toEpochMilli();
    newest.put(standIn, standIn);
  }

  /** Starts the grace again: signals before this moment could not be heard. */
  void listenAgain(Instant since) {
    standIn = since.toEpochMilli();
    raise(standIn, standIn);
  }

  /**
   * Puts the moment at which listening began where it was before a restart. Only before the first
   * signal.
   */
  void listenedSince(Instant since) {
    newest.clear();
    standIn = since.toEpochMilli();
    newest.put(standIn, standIn);
  }

  /**
   * Moves the moment that stands in for a signal to when signals could first be heard. What was
   * told before it is kept.
   */
  void hearFrom(Instant moment) {
    newest.remove(standIn, standIn);
    standIn = moment.toEpochMilli();
    raise(standIn, standIn);
  }

  /** The greatest age that is good. */
  Duration limit() {
    return Duration.ofMillis(limitMillis);
  }

  @Override
  boolean speaksFor(long sliceStart, Slice verdict) {
    Map.Entry<Long, Long> known = newest.floorEntry(sliceStart + sliceMillis);
    return verdict.equals(Slice.GOOD) && known != null && known.getKey() != standIn;
  }

  @Override
  long apply(MetricPoint point, double increase) {
    long observed = Math.floorDiv(point.timeNanos(), 1_000_000L);
    long event = watermark ? Math.round(point.value() * 1_000) : observed;
    raise(observed, event);
    return observed;
  }

  private void raise(long observed, long event) {
    Map.Entry<Long, Long> before = newest.floorEntry(observed);
    if (before != null && before.getValue() >= event) {
      return;
    }
    newest.put(observed, event);
    NavigableMap<Long, Long> after = newest.tailMap(observed, false);
    while (!after.isEmpty() && after.firstEntry().getValue() <= event) {
      after.pollFirstEntry();
    }
  }

  @Override
  Slice judge(long sliceStart) {
    long end = sliceStart + sliceMillis;
    Map.Entry<Long, Long> known = newest.floorEntry(end);
    return known == null ? Slice.UNKNOWN : Slice.of(end - known.getValue() <= limitMillis);
  }

  @Override
  void forgetBefore(long millis) {
    Long keep = newest.floorKey(millis);
    if (keep != null) {
      newest.headMap(keep, false).clear();
    }
  }

  /**
   * The newest event time that a signal told of, for people. Empty while there was none: the moment
   * that stands in for one is no signal.
   */
  Optional<Instant> newestEvent() {
    Map.Entry<Long, Long> last = newest.lastEntry();
    return last == null || last.getKey() == standIn
        ? Optional.empty()
        : Optional.of(Instant.ofEpochMilli(last.getValue()));
  }
}
