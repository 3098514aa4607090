package dev.tidemark.engine.cli;

import dev.tidemark.engine.backtest.BacktestDiff;
import dev.tidemark.engine.backtest.BacktestResult;
import dev.tidemark.engine.backtest.BacktestResult.IncidentOutcome;
import dev.tidemark.engine.backtest.BacktestText;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;

/** Backtests on a terminal. Stateless. */
final class BacktestTables {
  private BacktestTables() {}

  /** Prints a replay. */
  static void print(BacktestResult result, PrintWriter out) {
    out.println(BacktestText.summary(result));
    out.println();
    rows(
        out,
        BacktestText.objectives(result),
        "OBJECTIVE",
        "TARGET",
        "MEASURED",
        "BUDGET LEFT",
        "LOWEST",
        "PAGES",
        "TICKETS",
        "LEFT");
    result
        .objectives()
        .forEach(
            outcome ->
                outcome
                    .alerts()
                    .forEach(
                        alert ->
                            out.println(
                                "  "
                                    + outcome.name()
                                    + ": "
                                    + BacktestText.alert(alert, result.to()))));
    incidents(out, "Who would have been told:", result.incidents(), result.to());
    out.flush();
  }

  /** Prints a change. */
  static void print(BacktestDiff diff, PrintWriter out) {
    out.println(BacktestText.summary(diff));
    out.println();
    rows(
        out,
        BacktestText.changed(diff),
        "OBJECTIVE",
        "LEFT BEFORE",
        "AFTER",
        "PAGES BEFORE",
        "AFTER",
        "TICKETS BEFORE",
        "AFTER");
    incidents(out, "Only with this change:", diff.onlyAfter(), diff.after().to());
    incidents(out, "No longer with this change:", diff.onlyBefore(), diff.after().to());
    out.flush();
  }

  private static void incidents(
      PrintWriter out, String title, List<IncidentOutcome> incidents, Instant end) {
    if (incidents.isEmpty()) {
      return;
    }
    out.println();
    out.println(title);
    rows(
        out,
        BacktestText.incidents(incidents, end),
        "WHEN (UTC)",
        "",
        "FOR",
        "WHAT",
        "OBJECTIVES",
        "TOLD");
    String more = BacktestText.more(incidents);
    if (!more.isEmpty()) {
      out.println(more);
    }
  }

  private static void rows(PrintWriter out, List<List<String>> rows, String... head) {
    if (rows.isEmpty()) {
      return;
    }
    Table table = new Table(head);
    rows.forEach(row -> table.row(row.toArray(String[]::new)));
    table.print(out);
  }
}
