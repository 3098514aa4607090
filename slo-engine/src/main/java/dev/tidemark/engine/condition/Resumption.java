package dev.tidemark.engine.condition;

import dev.tidemark.engine.budget.Correction;
import dev.tidemark.engine.evaluate.Evaluator;
import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.ObjectiveId;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What an earlier judge left, put back into one that has not judged anything yet. Made by {@link
 * Judge#resumeAt}; not thread-safe, of use until judging goes on.
 *
 * <p>With {@code checkpoint} the moment up to which everything was judged and stored, and {@code
 * now} (all engine time), in this order:
 *
 * <ol>
 *   <li>{@code judge = new Judge(definitions, checkpoint)};
 *   <li>{@code resumption = judge.resumeAt(from)}, with {@code from = checkpoint -
 *       judge.horizon()};
 *   <li>optionally {@link #adopt} what an earlier judge had {@linkplain Judge#settled settled};
 *   <li>{@link Judge#correct} with no buckets, and {@link #recount} each stored bucket that is
 *       corrected and adopted;
 *   <li>{@link #restore} each stored, known bucket of the longest window up to {@code checkpoint},
 *       in any order. Those from {@code from} on are judged again from signals; they are only used
 *       to learn what signals do not tell: since when their objective exists, when Tidemark was
 *       away, and for whom there was a grace after that;
 *   <li>{@link #applyStored} each stored point with an event time from {@link #replayFrom} to
 *       {@code checkpoint}, in the order of event time;
 *   <li>{@code judge.tick(checkpoint)}; its changes repeat stored buckets and may be stored again;
 *   <li>{@code judge.markDown(checkpoint, now)}; from here on as always: {@code apply}, {@code
 *       tick}.
 * </ol>
 */
public final class Resumption {
  private final Map<ObjectiveId, ObjectiveBook> books;
  private final Evaluator evaluator;
  private final Instant replayFrom;

  /** Per objective the first slice that is judged again. */
  private final Map<ObjectiveId, Instant> resumedAt = new LinkedHashMap<>();

  Resumption(
      Map<ObjectiveId, ObjectiveBook> books, Evaluator evaluator, Instant at, Duration horizon) {
    this.books = Map.copyOf(books);
    this.evaluator = evaluator;
    this.replayFrom = at.minus(horizon).minus(evaluator.longestLimit());
    Instant checkpoint = at.plus(horizon);
    evaluator.resumeAt(at, checkpoint, replayFrom);
    books.forEach(
        (id, book) -> {
          Instant again = evaluator.judgedUntil(id);
          book.resumeAt(checkpoint.toEpochMilli(), again.toEpochMilli());
          resumedAt.put(id, again);
        });
  }

  private Instant resumedAt(ObjectiveId id) {
    return Objects.requireNonNull(resumedAt.get(id));
  }

  /**
   * Takes what was settled before the restart, before anything is restored; of that objective only
   * buckets from {@link Settled#before} on are to be restored then.
   *
   * @return whether it fits: not when the objective's windows are others now, or when slices are to
   *     be judged again that are counted in it
   */
  public boolean adopt(Settled settled) {
    ObjectiveId id = settled.id();
    ObjectiveBook book = books.get(id);
    if (book == null
        || !book.shape().equals(settled.shape())
        || settled.before().isAfter(resumedAt(id))) {
      return false;
    }
    settled.into(book);
    evaluator.listenedSince(id, book.watchedSince(), resumedAt(id));
    book.unknownEnds().forEach(start -> evaluator.recall(id, start, EventCounts.NONE, true));
    return true;
  }

  /**
   * Applies the {@linkplain Correction corrections} in force to a stored bucket that {@link #adopt}
   * has taken as it happened; each once.
   */
  public void recount(ObjectiveId id, Instant start, EventCounts counts) {
    ObjectiveBook book = books.get(id);
    if (book != null) {
      book.recount(start.toEpochMilli(), counts);
    }
  }

  /** Takes a bucket that was judged before the restart. */
  public void restore(ObjectiveId id, Instant start, EventCounts counts, boolean unknown) {
    ObjectiveBook book = books.get(id);
    if (book == null) {
      return;
    }
    Instant resumed = resumedAt(id);
    if (book.restore(start.toEpochMilli(), counts, unknown, start.isBefore(resumed))) {
      evaluator.listenedSince(id, start, resumed);
    }
    evaluator.recall(id, start, counts, unknown);
  }

  /**
   * Whether {@link #restoreSum} is as good as {@link #restore} for every bucket.
   *
   * @param stretch over which buckets were added up, whole minutes
   * @param age how long before the checkpoint the newest stretch ends, at least
   */
  public boolean takesSums(ObjectiveId id, Duration stretch, Duration age) {
    ObjectiveBook book = books.get(id);
    return book != null && book.takesSums(stretch, age);
  }

  /**
   * Takes what known buckets of one stretch of time add up to, where that {@link #takesSums is
   * allowed}, as if each had been restored. All of them were settled long before the checkpoint.
   *
   * @param firstStart of the oldest bucket
   * @param start of the stretch
   * @param counting how many of the buckets count anything
   */
  public void restoreSum(
      ObjectiveId id, Instant firstStart, Instant start, EventCounts counts, long counting) {
    ObjectiveBook book = books.get(id);
    if (book != null
        && book.restoreSum(firstStart.toEpochMilli(), start.toEpochMilli(), counts, counting)) {
      evaluator.listenedSince(id, firstStart, resumedAt(id));
    }
  }

  /** Signals from this moment on decide about slices that are judged again. */
  public Instant replayFrom() {
    return replayFrom;
  }

  /** Takes a stored point; see {@link Evaluator#applyStored}. */
  public void applyStored(MetricPoint point, Instant receivedAt) {
    evaluator.applyStored(point, receivedAt);
  }
}
