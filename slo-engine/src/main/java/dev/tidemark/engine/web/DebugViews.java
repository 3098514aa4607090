package dev.tidemark.engine.web;

import dev.tidemark.dashboards.Formats;
import dev.tidemark.dashboards.view.Badge;
import dev.tidemark.dashboards.view.DebugView;
import dev.tidemark.dashboards.view.DebugView.Heatmap;
import dev.tidemark.dashboards.view.DebugView.LogLine;
import dev.tidemark.dashboards.view.DebugView.Partition;
import dev.tidemark.dashboards.view.DebugView.SchemaChange;
import dev.tidemark.dashboards.view.DebugView.SelectedRun;
import dev.tidemark.dashboards.view.IndexView;
import dev.tidemark.dashboards.view.Link;
import dev.tidemark.dashboards.view.Meter;
import dev.tidemark.dashboards.view.Tone;
import dev.tidemark.engine.model.LineageEvent;
import dev.tidemark.engine.model.LogRecord;
import dev.tidemark.engine.model.SpanRecord;
import dev.tidemark.engine.runs.Run;
import dev.tidemark.engine.runs.Run.Outcome;
import dev.tidemark.engine.runs.RunHistory;
import dev.tidemark.engine.runs.SchemaHistory;
import dev.tidemark.engine.store.PipelineHistory;
import dev.tidemark.engine.store.PipelineHistory.Amount;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The page on which a fault of a pipeline is looked for. Blocks; for worker threads. */
final class DebugViews {
  private static final Duration RUNS = Duration.ofDays(14);
  private static final Duration SCHEMAS = Duration.ofDays(90);
  private static final Duration LAGS = Duration.ofDays(7);
  private static final int RUNS_AT_MOST = 25;
  private static final int EVENTS_AT_MOST = 2_000;
  private static final int SPANS_AT_MOST = 200;
  private static final int LOGS_AT_MOST = 200;
  private static final int FEW = 5;
  private static final int STEPS = 12;
  private static final Duration STEP = Duration.ofHours(1);

  private final PipelineHistory history;

  DebugViews(PipelineHistory history) {
    this.history = history;
  }

  /** What is known of the pipeline from elsewhere. */
  record Known(String owner, List<Link> datasets, List<Link> others, Predicate<String> isDataset) {}

  /**
   * Puts the page together.
   *
   * @param wanted id of the run to look at; empty for the newest one
   */
  DebugView page(String pipeline, Known known, String wanted, Instant now) {
    List<LineageEvent> events = history.runEvents(pipeline, now.minus(RUNS), EVENTS_AT_MOST);
    List<Run> runs =
        RunHistory.of(history.rootSpans(pipeline, now.minus(RUNS), 4 * RUNS_AT_MOST), events);
    List<Run> shown = runs.subList(0, Math.min(RUNS_AT_MOST, runs.size()));
    Optional<Run> selected =
        wanted.isEmpty()
            // One that runs still has no trace to look at.
            ? shown.stream()
                .filter(run -> !run.traceId().isEmpty())
                .findFirst()
                .or(() -> shown.stream().findFirst())
            : runs.stream().filter(run -> run.id().equals(wanted)).findFirst();
    return new DebugView(
        pipeline,
        state(runs),
        known.owner(),
        known.datasets(),
        known.others(),
        shown.stream().map(run -> row(pipeline, run, selected)).toList(),
        selected.map(run -> look(pipeline, run, now)).orElse(null),
        partitions(pipeline, now),
        skew(pipeline, now),
        schemaChanges(pipeline, known.isDataset(), now));
  }

  /** How a pipeline's newest runs went, for lists. */
  Badge state(String pipeline, Instant now) {
    return state(newest(pipeline, now));
  }

  /** A pipeline in the list of all. */
  IndexView.Row listed(Link pipeline, String owner, List<Link> writes, Instant now) {
    List<Run> runs = newest(pipeline.text(), now);
    return new IndexView.Row(
        pipeline,
        state(runs),
        null,
        List.of(
            owner.isEmpty() ? "unknown" : owner,
            writes.isEmpty()
                ? "unknown"
                : writes.stream().map(Link::text).collect(Collectors.joining(", ")),
            runs.stream()
                .findFirst()
                .map(Run::started)
                .map(at -> Formats.relative(at, now))
                .orElse("unknown")));
  }

  private List<Run> newest(String pipeline, Instant now) {
    return RunHistory.of(
        history.rootSpans(pipeline, now.minus(RUNS), FEW),
        history.runEvents(pipeline, now.minus(RUNS), 2 * FEW));
  }

  /** How the pipeline's newest runs went. */
  static Badge state(List<Run> runs) {
    Optional<Run> newestEnd =
        runs.stream().filter(run -> run.outcome() != Outcome.RUNNING).findFirst();
    if (newestEnd.isPresent() && newestEnd.get().outcome() == Outcome.FAILURE) {
      return new Badge(Tone.BAD, "newest run failed");
    }
    if (!runs.isEmpty() && runs.get(0).outcome() == Outcome.RUNNING) {
      // A process that was killed tells nobody: it looks the same from here.
      return new Badge(Tone.NEUTRAL, "no end reported");
    }
    return newestEnd.isPresent()
        ? new Badge(Tone.GOOD, "newest run succeeded")
        : new Badge(Tone.UNKNOWN, "no run known");
  }

  private static DebugView.Run row(String pipeline, Run run, Optional<Run> selected) {
    return new DebugView.Run(
        Link.run(pipeline, run.id()),
        switch (run.outcome()) {
          case SUCCESS -> new Badge(Tone.GOOD, "success");
          case FAILURE -> new Badge(Tone.BAD, "failure");
          case RUNNING -> new Badge(Tone.NEUTRAL, "running, or never ended");
        },
        run.started(),
        run.took().map(Formats::duration).orElse("unknown"),
        run.rows() < 0 ? "unknown" : Formats.count(run.rows()) + " records",
        run.error(),
        selected.isPresent() && selected.get().id().equals(run.id()));
  }

  private SelectedRun look(String pipeline, Run run, Instant now) {
    String trace =
        run.traceId().isEmpty()
            ? history.traceOf(pipeline, run.id(), now.minus(RUNS)).orElse("")
            : run.traceId();
    List<LogRecord> logs =
        history.logs(pipeline, run.id(), trace, now.minus(RUNS), LOGS_AT_MOST + 1);
    List<SpanRecord> spans =
        trace.isEmpty() ? List.of() : history.trace(trace, now.minus(RUNS), SPANS_AT_MOST);
    long begin = spans.stream().mapToLong(SpanRecord::startNanos).min().orElse(0);
    long end = spans.stream().mapToLong(SpanRecord::endNanos).max().orElse(0);
    return new SelectedRun(
        run.id(),
        trace,
        logs.stream().limit(LOGS_AT_MOST).map(DebugViews::line).toList(),
        logs.size() > LOGS_AT_MOST,
        waterfall(spans, begin, end),
        Formats.duration(Duration.ofNanos(Math.max(0, end - begin))));
  }

  private static LogLine line(LogRecord log) {
    // OTLP: 1-4 trace, 5-8 debug, 9-12 info, 13-16 warn, 17-20 error, 21-24 fatal.
    int severity = log.severityNumber();
    Tone tone = severity >= 17 ? Tone.BAD : severity >= 13 ? Tone.WARN : Tone.NEUTRAL;
    String level =
        !log.severityText().isEmpty()
            ? log.severityText()
            : severity == 0
                ? ""
                : List.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL")
                    .get(Math.min(5, (severity - 1) / 4));
    return new LogLine(instant(log.timeNanos()), level, tone, log.body());
  }

  /** Parents before their children, children by their begin; who has lost a parent is a root. */
  private static List<DebugView.Span> waterfall(List<SpanRecord> spans, long begin, long end) {
    Set<String> ids = new HashSet<>();
    spans.forEach(span -> ids.add(span.spanId()));
    Map<String, List<SpanRecord>> children = new HashMap<>();
    List<SpanRecord> roots = new ArrayList<>();
    for (SpanRecord span : spans) {
      if (ids.contains(span.parentSpanId()) && !span.parentSpanId().equals(span.spanId())) {
        children.computeIfAbsent(span.parentSpanId(), id -> new ArrayList<>()).add(span);
      } else {
        roots.add(span);
      }
    }
    List<DebugView.Span> bars = new ArrayList<>();
    double length = Math.max(1, end - begin);
    roots.forEach(root -> add(root, 0, children, begin, length, bars));
    return bars;
  }

  private static void add(
      SpanRecord span,
      int depth,
      Map<String, List<SpanRecord>> children,
      long begin,
      double length,
      List<DebugView.Span> bars) {
    long took = Math.max(0, span.endNanos() - span.startNanos());
    bars.add(
        new DebugView.Span(
            span.name(),
            span.pipeline(),
            depth,
            (span.startNanos() - begin) / length,
            took / length,
            Formats.duration(Duration.ofNanos(took)),
            span.status().equals("ERROR") ? Tone.BAD : Tone.NEUTRAL));
    // Removed, so that spans which name each other as parent cannot go round for ever.
    List<SpanRecord> own = children.remove(span.spanId());
    if (own != null) {
      own.forEach(child -> add(child, depth + 1, children, begin, length, bars));
    }
  }

  private List<Partition> partitions(String pipeline, Instant now) {
    SortedMap<String, Instant> watermarks = history.watermarks(pipeline, now.minus(LAGS));
    Map<String, Double> lastHour = new HashMap<>();
    history
        .records(pipeline, now.minus(Duration.ofHours(1)), Duration.ofHours(1))
        .forEach(amount -> lastHour.merge(amount.partition(), amount.records(), Double::sum));
    Duration worst =
        watermarks.values().stream()
            .map(at -> Duration.between(at, now))
            .max(Duration::compareTo)
            .orElse(Duration.ZERO);
    List<Partition> partitions = new ArrayList<>();
    watermarks.forEach(
        (partition, at) -> {
          Duration lag = Duration.between(at, now);
          double share = worst.isZero() ? 0 : (double) lag.toMillis() / worst.toMillis();
          Double records = lastHour.get(partition);
          partitions.add(
              new Partition(
                  partition,
                  new Meter(Formats.duration(lag), Math.max(0, share), Tone.NEUTRAL),
                  at,
                  records == null ? "" : Formats.count(Math.round(records)) + " records"));
        });
    return partitions;
  }

  private @Nullable Heatmap skew(String pipeline, Instant now) {
    Instant since =
        Instant.ofEpochSecond(
            now.getEpochSecond() / STEP.toSeconds() * STEP.toSeconds()
                - (STEPS - 1) * STEP.toSeconds());
    SortedMap<String, SortedMap<Instant, Double>> rows = new TreeMap<>();
    for (Amount amount : history.records(pipeline, since, STEP)) {
      rows.computeIfAbsent(amount.partition(), name -> new TreeMap<>())
          .put(amount.start(), amount.records());
    }
    if (rows.size() < 2) {
      return null;
    }
    double most =
        rows.values().stream()
            .flatMap(steps -> steps.values().stream())
            .mapToDouble(Double::doubleValue)
            .max()
            .orElse(0);
    List<Instant> columns = new ArrayList<>();
    for (int i = 0; i < STEPS; i++) {
      columns.add(since.plus(STEP.multipliedBy(i)));
    }
    List<Heatmap.Row> cells = new ArrayList<>();
    rows.forEach(
        (partition, steps) ->
            cells.add(
                new Heatmap.Row(
                    partition, columns.stream().map(at -> cell(steps.get(at), most)).toList())));
    return new Heatmap(
        "Records per partition and hour; darker is more",
        columns.stream().map(at -> Formats.clock(at).substring(0, 5)).toList(),
        cells);
  }

  private static Heatmap.Cell cell(@Nullable Double records, double most) {
    if (records == null || records <= 0 || most <= 0) {
      return new Heatmap.Cell(0, "0");
    }
    int level = (int) Math.max(1, Math.ceil(5 * records / most));
    return new Heatmap.Cell(Math.min(5, level), Formats.count(Math.round(records)));
  }

  private List<SchemaChange> schemaChanges(
      String pipeline, Predicate<String> isDataset, Instant now) {
    return SchemaHistory.of(history.runEvents(pipeline, now.minus(SCHEMAS), EVENTS_AT_MOST))
        .stream()
        .limit(RUNS_AT_MOST)
        .map(
            change ->
                new SchemaChange(
                    change.at(),
                    isDataset.test(change.dataset())
                        ? Link.dataset(change.dataset())
                        : Link.none(change.dataset()),
                    change.finding().column() + " " + change.finding().message(),
                    change.finding().breaking()
                        ? new Badge(Tone.BAD, "breaking")
                        : new Badge(Tone.GOOD, "compatible")))
        .toList();
  }

  private static Instant instant(long nanos) {
    return Instant.ofEpochSecond(
        Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
  }
}
