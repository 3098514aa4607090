package dev.tidemark.engine.web;

import dev.tidemark.dashboards.Formats;
import dev.tidemark.dashboards.view.Chart;
import dev.tidemark.dashboards.view.ExecutiveView;
import dev.tidemark.dashboards.view.Figure;
import dev.tidemark.dashboards.view.Tone;
import dev.tidemark.engine.api.EngineState;
import dev.tidemark.engine.budget.Coverage;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.report.Review;
import dev.tidemark.engine.report.Reviewer;
import dev.tidemark.engine.store.clickhouse.BudgetHistory;
import dev.tidemark.engine.store.clickhouse.ClickHouseSignalReader;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The part of the executive page that comes from what is kept. Stateless; blocks. */
final class ExecutiveViews {
  private static final Duration SHOWN = Duration.ofDays(42);
  private static final int INCIDENTS_AT_MOST = 5_000;

  private ExecutiveViews() {}

  /** Adds trend, cost and response to the page as the judge sees it. */
  static ExecutiveView withPast(
      ExecutiveView view,
      Set<String> known,
      EngineState state,
      Definitions definitions,
      Instant at) {
    Review review =
        new Reviewer(
                state.buckets(),
                new ClickHouseSignalReader(state.clickHouse()),
                state.records().plans().get())
            .review(
                "month so far",
                definitions,
                state.alerting().recent(INCIDENTS_AT_MOST),
                monthOf(at),
                at);
    return new ExecutiveView(
        view.period(),
        view.summary(),
        runs(review, known),
        cost(review.costs()),
        view.coverage(),
        view.budgets(),
        response(review.incidents()),
        view.topFailing(),
        view.domains(),
        trend(state.records().budgets(), at));
  }

  private static Instant monthOf(Instant at) {
    return at.atZone(ZoneOffset.UTC).withDayOfMonth(1).truncatedTo(ChronoUnit.DAYS).toInstant();
  }

  /** Good runs of all runs of the month, where enough is known of at least half the promises. */
  private static Figure runs(Review review, Set<String> known) {
    List<Review.Promise> runs =
        review.promises().stream().filter(promise -> promise.sli().equals("runs")).toList();
    List<Review.Promise> told =
        runs.stream()
            .filter(promise -> known.contains(promise.objective()))
            .filter(promise -> promise.counts().total() > 0)
            .toList();
    EventCounts counts =
        told.stream().map(Review.Promise::counts).reduce(EventCounts.NONE, EventCounts::plus);
    if (runs.isEmpty()) {
      return Figure.of("Pipeline success rate", "no runs promised", Tone.UNKNOWN);
    }
    boolean enough = told.size() >= runs.size() * Coverage.WANTED && counts.total() > 0;
    return new Figure(
        "Pipeline success rate",
        enough ? Formats.percent(counts.good() / counts.total()) : "unknown",
        enough ? Tone.NEUTRAL : Tone.UNKNOWN,
        "this month; enough is known of "
            + told.size()
            + " of "
            + runs.size()
            + " promises about runs",
        "/slos");
  }

  private static List<Figure> response(Review.Incidents incidents) {
    return List.of(
        new Figure(
            "Incidents",
            Formats.count(incidents.count()),
            Tone.NEUTRAL,
            incidents.pages() + " of them paged somebody",
            "/incidents"),
        time("Median time to detect", incidents.detect(), "from the first bad signal"),
        time("Median time to acknowledge", incidents.acknowledge(), "from the incident"),
        time("Median time to recover", incidents.recover(), "from the first bad signal"));
  }

  private static Figure time(String label, Optional<Duration> time, String note) {
    return time.isPresent()
        ? new Figure(label, Formats.duration(time.get()), Tone.NEUTRAL, note, null)
        : Figure.of(label, "none yet", Tone.UNKNOWN);
  }

  private static Figure cost(Map<String, Double> costs) {
    if (costs.isEmpty()) {
      return new Figure(
          "Cost",
          "no cost signals",
          Tone.UNKNOWN,
          "pipelines that send the counter tidemark.cost appear here",
          null);
    }
    double all = costs.values().stream().mapToDouble(Double::doubleValue).sum();
    String most =
        costs.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
    return new Figure(
        "Cost this month",
        String.format(Locale.ROOT, "%.2f", all),
        Tone.NEUTRAL,
        "most of it: " + most,
        null);
  }

  private static @Nullable Chart trend(BudgetHistory history, Instant at) {
    // Hours until there are days to show.
    List<BudgetHistory.Stretch> days = history.trend(at.minus(SHOWN), at, Duration.ofDays(1));
    List<BudgetHistory.Stretch> shown =
        days.size() > 3 ? days : history.trend(at.minus(SHOWN), at, Duration.ofMinutes(30));
    if (shown.size() < 2) {
      return null;
    }
    List<Instant> times = new ArrayList<>();
    List<@Nullable Double> values = new ArrayList<>();
    for (BudgetHistory.Stretch stretch : shown) {
      times.add(stretch.start());
      values.add(
          Double.isNaN(stretch.leftRatio())
              ? null
              : Double.valueOf(Math.round(stretch.leftRatio() * 1000) / 10.0));
    }
    return new Chart(
        "Mean error budget left",
        "%",
        times,
        List.of(new Chart.Series("budget left", values, Tone.NEUTRAL)),
        0.0,
        "used up");
  }
}
