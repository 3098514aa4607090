package dev.tidemark.engine.condition;

import dev.tidemark.engine.evaluate.Evaluator;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Finds out what is odd about an objective, so that nobody trusts a number in vain. Stateless. */
final class Remarks {
  /** Senders need a moment to come up. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private Remarks() {}

  /**
   * Returns what is odd, the likeliest reason first. A selector without a series is told of once a
   * whole slice, and at least {@link #PATIENCE}, has passed.
   *
   * @param evaluator that judges the objective of the book
   */
  static List<Remark> of(ObjectiveBook book, Evaluator evaluator) {
    Duration slice = book.objective.slice();
    Instant due = book.watchedSince().plus(slice.compareTo(PATIENCE) < 0 ? PATIENCE : slice);
    List<Remark> remarks = new ArrayList<>();
    if (!evaluator.judgedUntil(book.objective.id()).isBefore(due)) {
      for (String missing : evaluator.unmatched(book.objective.sli())) {
        remarks.add(
            new Remark(Remark.Kind.NEVER_MATCHED, "no signal has ever matched: " + missing));
      }
    }
    book.oddities().moreThanAll().ifPresent(remarks::add);
    if (remarks.isEmpty()) {
      book.oddities().alwaysBad(book.watchedSince()).ifPresent(remarks::add);
    }
    return remarks;
  }
}
