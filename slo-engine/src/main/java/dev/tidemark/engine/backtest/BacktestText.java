package dev.tidemark.engine.backtest;

import dev.tidemark.alerting.Severity;
import dev.tidemark.engine.backtest.BacktestDiff.ObjectiveDiff;
import dev.tidemark.engine.backtest.BacktestResult.AlertOutcome;
import dev.tidemark.engine.backtest.BacktestResult.IncidentOutcome;
import dev.tidemark.engine.backtest.BacktestResult.ObjectiveOutcome;
import dev.tidemark.engine.definition.BurnRateCondition;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** Backtests in words: for a terminal, and as a comment on a pull request. Stateless. */
public final class BacktestText {
  /** Columns of {@link #objectives}. */
  static final List<String> OBJECTIVE_HEAD =
      List.of(
          "objective",
          "target",
          "measured",
          "budget left",
          "lowest",
          "budget over time",
          "pages",
          "tickets",
          "left");

  /** Columns of {@link #changed}. */
  static final List<String> CHANGE_HEAD =
      List.of(
          "objective",
          "budget left before",
          "after",
          "over time before",
          "after",
          "pages before",
          "after",
          "tickets before",
          "after");

  /** Columns of {@link #incidents}. */
  static final List<String> INCIDENT_HEAD =
      List.of("when (UTC)", "", "for", "what", "objectives", "told");

  private static final int INCIDENTS_SHOWN = 50;

  private BacktestText() {}

  /** One sentence about a replay. */
  public static String summary(BacktestResult result) {
    return "From "
        + minute(result.from())
        + " to "
        + minute(result.to())
        + " ("
        + words(Duration.between(result.from(), result.to()))
        + "): "
        + counted(result.count(Severity.PAGE), "page")
        + " and "
        + counted(result.count(Severity.TICKET), "ticket")
        + " would have gone out for "
        + counted(result.objectives().size(), "objective")
        + "; "
        + counted(result.points(), "signal")
        + " replayed.";
  }

  /** One sentence about a change. */
  public static String summary(BacktestDiff diff) {
    long pages = diff.more(Severity.PAGE);
    long tickets = diff.more(Severity.TICKET);
    String span = words(Duration.between(diff.after().from(), diff.after().to()));
    if (diff.onlyBefore().isEmpty() && diff.onlyAfter().isEmpty()) {
      return "This change would not have changed who is told in these " + span + ".";
    }
    return "This change would have paged "
        + difference(pages)
        + " and opened "
        + difference(tickets).replace("times", "tickets").replace("time", "ticket")
        + " in these "
        + span
        + ".";
  }

  private static String difference(long more) {
    if (more == 0) {
      return "as many times";
    }
    return Math.abs(more)
        + (Math.abs(more) == 1 ? " time " : " times ")
        + (more > 0 ? "more" : "less");
  }

  /** What the signs of a budget over time say. */
  static String legend(BacktestResult result) {
    return "Budget over time: a sign is "
        + words(Duration.between(result.from(), result.to()).dividedBy(Sparkline.CELLS))
        + ", █ all of it is left, ▁ the last eighth, "
        + Sparkline.NONE
        + " nothing, "
        + Sparkline.UNKNOWN
        + " not measured.";
  }

  private static String overTime(ObjectiveOutcome outcome, BacktestResult result) {
    return Sparkline.of(outcome.history(), result.from(), result.to());
  }

  /** Rows about objectives, as {@link #OBJECTIVE_HEAD} names them. */
  public static List<List<String>> objectives(BacktestResult result) {
    List<List<String>> rows = new ArrayList<>();
    for (ObjectiveOutcome outcome : result.objectives()) {
      rows.add(
          List.of(
              outcome.name(),
              outcome.target(),
              percent(outcome.budget().sliRatio()),
              percent(outcome.budget().leftRatio()),
              percent(outcome.lowestLeft()),
              overTime(outcome, result),
              String.valueOf(alerts(outcome, Severity.PAGE)),
              String.valueOf(alerts(outcome, Severity.TICKET)),
              outcome.budget().leftText()));
    }
    return rows;
  }

  /** Rows about incidents, as {@link #INCIDENT_HEAD} names them. */
  public static List<List<String>> incidents(List<IncidentOutcome> incidents, Instant end) {
    List<List<String>> rows = new ArrayList<>();
    for (IncidentOutcome incident :
        incidents.subList(0, Math.min(INCIDENTS_SHOWN, incidents.size()))) {
      rows.add(
          List.of(
              minute(incident.at()),
              incident.severity().name().toLowerCase(Locale.ROOT),
              words(incident.lasted(end)) + (incident.until().isEmpty() ? ", still open" : ""),
              incident.title(),
              String.join(", ", incident.objectives()),
              String.join(", ", incident.receivers())));
    }
    return rows;
  }

  /** What {@link #incidents} leaves out, or nothing. */
  public static String more(List<IncidentOutcome> incidents) {
    return incidents.size() <= INCIDENTS_SHOWN
        ? ""
        : "… and " + (incidents.size() - INCIDENTS_SHOWN) + " more; --format json has them all";
  }

  /** A replay as a comment on a pull request. */
  public static String markdown(BacktestResult result) {
    StringBuilder text = new StringBuilder("### Tidemark backtest\n\n");
    text.append(summary(result)).append("\n\n");
    table(text, OBJECTIVE_HEAD, objectives(result));
    text.append(legend(result)).append("\n\n");
    incidentTable(text, "Who would have been told", result.incidents(), result.to());
    return text.toString();
  }

  /** A change as a comment on a pull request. */
  public static String markdown(BacktestDiff diff) {
    StringBuilder text = new StringBuilder("### Tidemark backtest of this change\n\n");
    text.append("**").append(summary(diff)).append("**\n\n");
    text.append("Before: ").append(summary(diff.before())).append("  \n");
    text.append("After: ").append(summary(diff.after())).append("\n\n");
    List<List<String>> changed = changed(diff);
    table(text, CHANGE_HEAD, changed);
    if (!changed.isEmpty()) {
      text.append(legend(diff.after())).append("\n\n");
    }
    incidentTable(text, "Only with this change", diff.onlyAfter(), diff.after().to());
    incidentTable(text, "No longer with this change", diff.onlyBefore(), diff.after().to());
    return text.toString();
  }

  /** Rows about objectives that the change touches, as {@link #CHANGE_HEAD} names them. */
  public static List<List<String>> changed(BacktestDiff diff) {
    List<List<String>> rows = new ArrayList<>();
    for (ObjectiveDiff objective : diff.objectives()) {
      List<String> row =
          List.of(
              objective.name(),
              left(objective.before()),
              left(objective.after()),
              objective.before().map(one -> overTime(one, diff.before())).orElse("–"),
              objective.after().map(one -> overTime(one, diff.after())).orElse("–"),
              alerts(objective.before(), Severity.PAGE),
              alerts(objective.after(), Severity.PAGE),
              alerts(objective.before(), Severity.TICKET),
              alerts(objective.after(), Severity.TICKET));
      if (!row.get(1).equals(row.get(2))
          || !row.get(3).equals(row.get(4))
          || !row.get(5).equals(row.get(6))
          || !row.get(7).equals(row.get(8))) {
        rows.add(row);
      }
    }
    return rows;
  }

  private static String left(Optional<ObjectiveOutcome> outcome) {
    return outcome.map(one -> percent(one.budget().leftRatio())).orElse("–");
  }

  private static String alerts(Optional<ObjectiveOutcome> outcome, Severity severity) {
    return outcome.map(one -> String.valueOf(alerts(one, severity))).orElse("–");
  }

  private static long alerts(ObjectiveOutcome outcome, Severity severity) {
    return outcome.alerts().stream().filter(alert -> alert.severity() == severity).count();
  }

  private static void incidentTable(
      StringBuilder text, String title, List<IncidentOutcome> incidents, Instant end) {
    if (incidents.isEmpty()) {
      return;
    }
    text.append("#### ").append(title).append("\n\n");
    table(text, INCIDENT_HEAD, incidents(incidents, end));
    String more = more(incidents);
    if (!more.isEmpty()) {
      text.append(more).append("\n\n");
    }
  }

  private static void table(StringBuilder text, List<String> head, List<List<String>> rows) {
    if (rows.isEmpty()) {
      return;
    }
    line(text, head);
    line(text, head.stream().map(cell -> "---").toList());
    rows.forEach(row -> line(text, row));
    text.append('\n');
  }

  private static void line(StringBuilder text, List<String> cells) {
    text.append('|');
    for (String cell : cells) {
      text.append(' ').append(cell.replace("|", "\\|").replace("\n", " ")).append(" |");
    }
    text.append('\n');
  }

  /** A condition, such as {@code 14.4× over 1h and 5m}. */
  static String condition(BurnRateCondition condition) {
    return String.format(Locale.ROOT, "%.4g", condition.factor()).replaceFirst("\\.?0+$", "")
        + "× over "
        + words(condition.longWindow())
        + " and "
        + words(condition.shortWindow());
  }

  /** An alert, such as {@code page from 2026-11-01 06:00 for 2 h 5 min (14.4× over …)}. */
  public static String alert(AlertOutcome alert, Instant end) {
    return alert.severity().name().toLowerCase(Locale.ROOT)
        + " from "
        + minute(alert.from())
        + " for "
        + words(Duration.between(alert.from(), alert.until().orElse(end)))
        + (alert.until().isEmpty() ? ", still on" : "")
        + " ("
        + alert.condition()
        + ")";
  }

  private static String percent(OptionalDouble ratio) {
    return ratio.isEmpty()
        ? "unknown"
        : String.format(Locale.ROOT, "%.2f %%", 100 * ratio.getAsDouble());
  }

  private static String counted(long count, String word) {
    return count + " " + word + (count == 1 ? "" : "s");
  }

  private static String minute(Instant at) {
    return at.truncatedTo(ChronoUnit.MINUTES).toString().replace('T', ' ').replace(":00Z", "");
  }

  private static String words(Duration duration) {
    long minutes = duration.toMinutes();
    if (minutes >= 1_440) {
      return minutes / 1_440
          + " d"
          + (minutes % 1_440 >= 60 ? " " + minutes % 1_440 / 60 + " h" : "");
    }
    if (minutes >= 60) {
      return minutes / 60 + " h" + (minutes % 60 > 0 ? " " + minutes % 60 + " min" : "");
    }
    return minutes > 0 ? minutes + " min" : duration.toSeconds() + " s";
  }
}
