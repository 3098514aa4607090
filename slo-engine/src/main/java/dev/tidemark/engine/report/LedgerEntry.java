package dev.tidemark.engine.report;

import dev.tidemark.engine.store.clickhouse.AuditTrail;
import dev.tidemark.engine.store.clickhouse.Restatements;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Both books for one moment. Immutable.
 *
 * @param at the moment
 * @param until end of the newest slice that both books count: at the moment itself the last one had
 *     not been judged
 * @param leftThen share of the budget that was left as known then; empty when nothing was noted
 * @param leftNow the same as known now; empty when nothing was measured
 * @param byLateSignals how much of the budget late signals gave back since; negative when they took
 *     some away
 * @param byPlannedWork the same for planned work that was declared, approved or ended since
 * @param restated slices up to that moment that late signals changed after it, newest first
 * @param deeds what people did since that bears on this budget, oldest first
 */
public record LedgerEntry(
    Instant at,
    Instant until,
    OptionalDouble leftThen,
    OptionalDouble leftNow,
    double byLateSignals,
    double byPlannedWork,
    List<Restatements.Entry> restated,
    List<AuditTrail.Entry> deeds) {
  private static final double NOTHING = 0.000_05;

  /** Copies the lists. */
  public LedgerEntry {
    restated = List.copyOf(restated);
    deeds = List.copyOf(deeds);
  }

  /** What late signals added to the good ones; negative when they took some away. */
  public double goodAdded() {
    return restated.stream().mapToDouble(e -> e.after().good() - e.before().good()).sum();
  }

  /** What late signals added to all. */
  public double totalAdded() {
    return restated.stream().mapToDouble(e -> e.after().total() - e.before().total()).sum();
  }

  /**
   * Returns what neither late signals nor planned work explain: edits of the definition, and that
   * minutes were noted over cells of the window, which end on full hours.
   */
  public OptionalDouble rest() {
    return leftThen.isEmpty() || leftNow.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(
            leftNow.getAsDouble() - leftThen.getAsDouble() - byLateSignals - byPlannedWork);
  }

  /** Explains the difference in one line. */
  public String explain() {
    List<String> causes = new ArrayList<>();
    if (!restated.isEmpty()) {
      causes.add(
          String.format(
              Locale.ROOT,
              "%d slices were restated by late signals since: %+.6g good, %+.6g in all (%s)",
              restated.size(),
              goodAdded(),
              totalAdded(),
              points(byLateSignals)));
    }
    for (AuditTrail.Entry deed : deeds) {
      causes.add(
          deed.action()
              + " at "
              + deed.at()
              + " by "
              + deed.actor()
              + (deed.subject().isEmpty() ? "" : ": " + deed.subject())
              + (deed.detail().isEmpty() ? "" : " (" + deed.detail() + ")"));
    }
    if (Math.abs(byPlannedWork) >= NOTHING) {
      causes.add("planned work " + points(byPlannedWork));
    }
    double rest = rest().orElse(0);
    if (Math.abs(rest) >= NOTHING) {
      boolean edited = deeds.stream().anyMatch(d -> d.action().equals(BudgetLedger.EDITED));
      causes.add((edited ? "edits and rounding " : "rounding ") + points(rest));
    }
    return causes.isEmpty()
        ? "nothing that was known then has changed since"
        : String.join("; ", causes);
  }

  private static String points(double share) {
    return String.format(Locale.ROOT, "%+.2f points of the budget", share * 100);
  }
}
