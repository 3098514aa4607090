package dev.tidemark.engine.ingest.openlineage;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tidemark.engine.model.LineageEvent;
import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.Series;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Turns the events of runs into points of the {@code tidemark.*} metrics, each fact once.
 *
 * <p>Events of a run repeat what earlier ones said (a row count comes with RUNNING and again with
 * COMPLETE), arrive out of order and more than once. So this keeps, per job and run, what was
 * handed on already, and hands on only the difference: a corrected row count or outcome gives a
 * point with the change, which may be negative. Rows of a run that failed or was aborted are
 * withdrawn, since its retry writes and counts them again. The newest 50,000 runs are kept.
 *
 * <p>The interval of a point ends at the event's time and begins a fraction of a millisecond
 * earlier, a fraction that depends on the run: two runs that end at the same instant are two
 * points. Thread-safe.
 */
public final class RunTracker {
  private static final int RUNS = 50_000;
  private static final double[] DURATION_BOUNDS = {
    1, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400
  };

  private final LineageReader reader;
  private final Map<String, Run> runs =
      new LinkedHashMap<>(256, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Run> eldest) {
          return size() > RUNS;
        }
      };

  /**
   * What is known of one run.
   *
   * @param startNanos of its newest START; 0 when none came
   * @param newestNanos of its newest event
   * @param outcome as handed on; empty while it runs
   * @param endNanos of the event that gave the outcome
   * @param rows as handed on, per dataset
   * @param rowsNanos time of the event that told them
   * @param backfill whether any of its events said that it fills in the past
   */
  private record Run(
      long startNanos,
      long newestNanos,
      String outcome,
      long endNanos,
      Map<String, Long> rows,
      long rowsNanos,
      boolean backfill) {
    static final Run UNKNOWN = new Run(0, 0, "", 0, Map.of(), 0, false);
  }

  /**
   * What follows from one event. Give it back with {@link #withdraw} when the points could not be
   * stored.
   */
  public static final class Step {
    private final String key;
    private final @Nullable Run before;
    private final @Nullable Run after;
    private final List<MetricPoint> points;
    private final List<String> remarks;

    private Step(
        String key,
        @Nullable Run before,
        @Nullable Run after,
        List<MetricPoint> points,
        List<String> remarks) {
      this.key = key;
      this.before = before;
      this.after = after;
      this.points = List.copyOf(points);
      this.remarks = List.copyOf(remarks);
    }

    /** Returns the points that follow. */
    public List<MetricPoint> points() {
      return points;
    }

    /** Returns what is odd about the event in the light of those before it. */
    public List<String> remarks() {
      return remarks;
    }
  }

  /** Creates an empty tracker. */
  public RunTracker(InstantSource clock) {
    this.reader = new LineageReader(clock);
  }

  /** Learns from a stored event, oldest first, without handing anything on. */
  public void replay(LineageEvent event) {
    try {
      apply(reader.read(event));
    } catch (UnusableEventException e) {
      throw new IllegalArgumentException(
          "a stored lineage event cannot be read: " + e.getMessage(), e);
    }
  }

  /** Takes one event in. */
  @CanIgnoreReturnValue
  public Step apply(LineageFacts facts) {
    LineageEvent event = facts.event();
    if (!event.kind().equals("RUN") || event.remarks().contains(Remarks.TIME_AHEAD)) {
      return new Step("", null, null, List.of(), List.of());
    }
    String key = event.job() + "\n" + event.runId();
    synchronized (runs) {
      Run before = runs.get(key);
      List<String> remarks = new ArrayList<>();
      List<MetricPoint> points = new ArrayList<>();
      Run after =
          next(before == null ? Run.UNKNOWN : before, facts, new Points(facts, points), remarks);
      runs.put(key, after);
      return new Step(key, before, after, points, remarks);
    }
  }

  /** Forgets a step whose points could not be stored, unless the run has moved on since. */
  public void withdraw(Step step) {
    if (step.after == null) {
      return;
    }
    synchronized (runs) {
      if (step.after.equals(runs.get(step.key))) {
        if (step.before == null) {
          runs.remove(step.key);
        } else {
          runs.put(step.key, step.before);
        }
      }
    }
  }

  private static Run next(Run run, LineageFacts facts, Points out, List<String> remarks) {
    LineageEvent event = facts.event();
    long time = event.eventTimeNanos();
    Run from = run;
    if (event.eventType().equals("START") && !run.outcome.isEmpty() && time > run.endNanos) {
      remarks.add(Remarks.RUN_ID_REUSED);
      from = Run.UNKNOWN;
    } else if (time < run.newestNanos) {
      remarks.add(Remarks.OUT_OF_ORDER);
    }
    long start = event.eventType().equals("START") ? time : from.startNanos;
    String outcome = from.outcome;
    long end = from.endNanos;
    boolean backfill = from.backfill || facts.backfill();
    String told = outcome(event.eventType());
    if (event.eventType().equals("RUNNING")) {
      out.heartbeat();
    }
    if (!told.isEmpty()) {
      if (from.outcome.isEmpty()) {
        if (start == 0) {
          remarks.add(Remarks.NO_START);
        }
        out.run(told, 1);
        out.duration(start, told, backfill);
        outcome = told;
        end = time;
      } else if (time >= from.endNanos && !told.equals(from.outcome)) {
        remarks.add(Remarks.SECOND_END);
        out.run(from.outcome, -1);
        out.run(told, 1);
        outcome = told;
        end = time;
      }
    }
    Map<String, Long> rows = from.rows;
    long rowsTime = from.rowsNanos;
    if (outcome.equals("failure")) {
      rows = Map.of();
    } else if (!facts.rowsWritten().isEmpty() && time >= from.rowsNanos) {
      Map<String, Long> merged = new TreeMap<>(from.rows);
      merged.putAll(facts.rowsWritten());
      rows = Map.copyOf(merged);
      rowsTime = time;
    }
    out.rows(from.rows, rows);
    return new Run(start, Math.max(from.newestNanos, time), outcome, end, rows, rowsTime, backfill);
  }

  private static String outcome(String eventType) {
    return switch (eventType) {
      case "COMPLETE" -> "success";
      case "FAIL", "ABORT" -> "failure";
      default -> "";
    };
  }

  /** Writes points for one event. */
  private record Points(LineageFacts facts, List<MetricPoint> points) {
    void heartbeat() {
      number("tidemark.heartbeat", Map.of("connector", facts.jobName()), 1);
    }

    void run(String outcome, int change) {
      number("tidemark.runs", Map.of("outcome", outcome), change);
    }

    void rows(Map<String, Long> before, Map<String, Long> after) {
      TreeSet<String> datasets = new TreeSet<>(before.keySet());
      datasets.addAll(after.keySet());
      for (String dataset : datasets) {
        long change = after.getOrDefault(dataset, 0L) - before.getOrDefault(dataset, 0L);
        if (change != 0 || !before.containsKey(dataset)) {
          number(
              "tidemark.records",
              Map.of("dataset", dataset, "outcome", "observed"),
              (double) change);
        }
      }
    }

    /** A backfill's time is how long it took to succeed; what failed has not been filled in. */
    void duration(long start, String outcome, boolean backfill) {
      long end = facts.event().eventTimeNanos();
      if (start == 0 || end < start) {
        return;
      }
      double seconds = (end - start) / 1e9;
      if (backfill && outcome.equals("success")) {
        // One bucket that ends at the duration itself: any limit judges it exactly.
        points.add(
            new MetricPoint(
                series(
                    "tidemark.run.duration",
                    MetricKind.DELTA_HISTOGRAM,
                    "s",
                    Map.of("outcome", outcome, "run.type", "backfill")),
                begin(),
                end,
                seconds,
                1,
                new double[] {seconds},
                new long[] {1, 0}));
        return;
      }
      long[] counts = new long[DURATION_BOUNDS.length + 1];
      int bucket = 0;
      while (bucket < DURATION_BOUNDS.length && seconds > DURATION_BOUNDS[bucket]) {
        bucket++;
      }
      counts[bucket] = 1;
      points.add(
          new MetricPoint(
              series(
                  "tidemark.run.duration",
                  MetricKind.DELTA_HISTOGRAM,
                  "s",
                  Map.of("outcome", outcome)),
              begin(),
              end,
              seconds,
              1,
              DURATION_BOUNDS.clone(),
              counts));
    }

    private void number(String metric, Map<String, String> attributes, double value) {
      points.add(
          MetricPoint.number(
              series(metric, MetricKind.DELTA_SUM, "1", attributes),
              begin(),
              facts.event().eventTimeNanos(),
              value));
    }

    private long begin() {
      int salt = facts.event().runId().hashCode() & 0xFFFFF;
      return Math.max(1, facts.event().eventTimeNanos() - 1 - salt);
    }

    private Series series(
        String metric, MetricKind kind, String unit, Map<String, String> attributes) {
      return Series.of(
          metric,
          kind,
          unit,
          Map.of("service.name", facts.jobName(), "job.namespace", facts.jobNamespace()),
          attributes);
    }
  }
}
