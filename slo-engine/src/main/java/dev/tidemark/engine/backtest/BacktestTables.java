package dev.tidemark.engine.backtest;

import dev.tidemark.engine.backtest.BacktestResult.IncidentOutcome;
import dev.tidemark.engine.terminal.Columns;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Backtests for a terminal: aligned tables. Stateless. */
public final class BacktestTables {
  private BacktestTables() {}

  /** A replay. */
  public static String of(BacktestResult result) {
    StringBuilder text = new StringBuilder(BacktestText.summary(result)).append("\n\n");
    rows(text, BacktestText.OBJECTIVE_HEAD, BacktestText.objectives(result));
    text.append(BacktestText.legend(result)).append('\n');
    result
        .objectives()
        .forEach(
            outcome ->
                outcome
                    .alerts()
                    .forEach(
                        alert ->
                            text.append("  ")
                                .append(outcome.name())
                                .append(": ")
                                .append(BacktestText.alert(alert, result.to()))
                                .append('\n')));
    incidents(text, "Who would have been told:", result.incidents(), result.to());
    return text.toString();
  }

  /** A change. */
  public static String of(BacktestDiff diff) {
    StringBuilder text = new StringBuilder(BacktestText.summary(diff)).append("\n\n");
    List<List<String>> changed = BacktestText.changed(diff);
    rows(text, BacktestText.CHANGE_HEAD, changed);
    if (!changed.isEmpty()) {
      text.append(BacktestText.legend(diff.after())).append('\n');
    }
    incidents(text, "Only with this change:", diff.onlyAfter(), diff.after().to());
    incidents(text, "No longer with this change:", diff.onlyBefore(), diff.after().to());
    return text.toString();
  }

  private static void incidents(
      StringBuilder text, String title, List<IncidentOutcome> incidents, Instant end) {
    if (incidents.isEmpty()) {
      return;
    }
    text.append('\n').append(title).append('\n');
    rows(text, BacktestText.INCIDENT_HEAD, BacktestText.incidents(incidents, end));
    String more = BacktestText.more(incidents);
    if (!more.isEmpty()) {
      text.append(more).append('\n');
    }
  }

  private static void rows(StringBuilder text, List<String> head, List<List<String>> rows) {
    if (rows.isEmpty()) {
      return;
    }
    List<List<String>> all = new ArrayList<>();
    all.add(head.stream().map(name -> name.toUpperCase(Locale.ROOT)).toList());
    all.addAll(rows);
    text.append(Columns.aligned(all));
  }
}
