package dev.tidemark.engine.server;

import dev.tidemark.engine.alerts.StoredPlans;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.planned.PlanBook;
import dev.tidemark.engine.planned.PlannedWork;
import java.time.Clock;
import java.time.Instant;

/** Opens the book of planned work, with what was declared before and what files plan. */
final class PlanOpening {
  private PlanOpening() {}

  /**
   * Opens the book.
   *
   * @param audit hears of what waits for an approval because its time had passed
   */
  static PlanBook open(Stores stores, Definitions definitions, AuditLog audit, Clock clock) {
    // Before the first start there is no past to correct.
    Instant known = stores.buckets().readCheckpoint().isEmpty() ? Instant.EPOCH : clock.instant();
    return new PlanBook(
        new StoredPlans(stores.documents(), clock),
        definitions,
        known,
        work -> audit.note("tidemark", "planned work declared", work.id(), past(work)));
  }

  private static String past(PlannedWork work) {
    return String.join(", ", work.covers())
        + " from "
        + work.startsAt()
        + " until "
        + work.endsAt()
        + ": planned in a file for a time that had passed when it was read; waits for an approval";
  }
}
