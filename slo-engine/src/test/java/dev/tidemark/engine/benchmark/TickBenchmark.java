package dev.tidemark.engine.benchmark;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tidemark.engine.condition.Judge;
import dev.tidemark.engine.condition.Resumption;
import dev.tidemark.engine.condition.Tick;
import dev.tidemark.engine.definition.BudgetWindow;
import dev.tidemark.engine.definition.BurnPolicies;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.NoDataPolicy;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.Selector;
import dev.tidemark.engine.definition.Sli;
import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.model.Series;
import dev.tidemark.engine.model.Target;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Measures the tick on one thread: every minute each objective takes its signals, one slice of it
 * is judged, eight windows move on (5 m, 30 m, 1 h, 2 h, 6 h, 1 d, 3 d and the budget's), and four
 * conditions are compared. Prints ns of the thread's CPU time per objective for the tick and for a
 * signal, as the median of the minutes measured, and the bytes of heap per objective.
 */
public final class TickBenchmark {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final int WARM_UP = 40;
  private static final int MEASURED = 25;
  private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

  private TickBenchmark() {}

  /** What one run found. */
  private record Found(double tickNanos, double signalNanos, long bytes) {}

  /** Runs it: the most objectives (default 250,000, which needs a heap of 10 GB). */
  public static void main(String[] args) {
    int most = args.length > 0 ? Integer.parseInt(args[0]) : 250_000;
    PrintStream out = System.out;
    out.printf(
        Locale.ROOT,
        "%s, %d processors, Java %s, one thread, heap of %,d MB at most%n%n",
        System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors(),
        Runtime.version(),
        Runtime.getRuntime().maxMemory() >> 20);
    warmUp();
    out.printf(
        "%-12s %12s %8s %16s %14s %14s %16s%n",
        "kind",
        "objectives",
        "window",
        "tick ns/obj.",
        "million/s",
        "signal ns",
        "bytes/objective");
    for (boolean sliced : new boolean[] {true, false}) {
      for (int count : new int[] {1_000, 10_000, 100_000, 250_000}) {
        if (count <= most) {
          print(out, count, sliced, 30);
        }
      }
      for (int days : new int[] {7, 30, 90}) {
        print(out, Math.min(10_000, most), sliced, days);
      }
    }
  }

  private static void warmUp() {
    for (int i = 0; i < 3; i++) {
      measure(2_000, true, 30, Duration.ZERO);
      measure(2_000, false, 30, Duration.ZERO);
    }
  }

  /**
   * Returns CPU seconds of a tick for one counted objective with a window of thirty days.
   *
   * @param history minutes of so long are in the windows before
   */
  static double tickSeconds(int count, Duration history) {
    warmUp();
    return measure(count, false, 30, history).tickNanos() / 1e9;
  }

  private static void print(PrintStream out, int count, boolean sliced, int days) {
    String kind = sliced ? "time-sliced" : "counted";
    long needed = (long) count * (sliced ? 16 : 36) * 1_024;
    if (needed > Runtime.getRuntime().maxMemory()) {
      out.printf(
          Locale.ROOT,
          "%-12s %,12d %7dd needs a larger heap: -Dbenchmark.heap=10g%n",
          kind,
          count,
          days);
      return;
    }
    Found found = measure(count, sliced, days, Duration.ZERO);
    out.printf(
        Locale.ROOT,
        "%-12s %,12d %7dd %16.0f %14.2f %14.0f %,16d%n",
        kind,
        count,
        days,
        found.tickNanos(),
        1_000 / found.tickNanos(),
        found.signalNanos(),
        found.bytes());
    out.flush();
  }

  @CanIgnoreReturnValue
  private static Found measure(int count, boolean sliced, int days, Duration history) {
    Series[] good = new Series[count];
    Series[] all = new Series[count];
    List<Objective> objectives = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      objectives.add(objective(i, sliced, days));
      good[i] =
          Series.of(
              "good",
              sliced ? MetricKind.GAUGE : MetricKind.DELTA_SUM,
              "",
              Map.of(),
              Map.of("i", "" + i));
      all[i] = Series.of("all", MetricKind.DELTA_SUM, "", Map.of(), Map.of("i", "" + i));
    }
    Definitions definitions = new Definitions(List.of(), objectives, List.of());
    long defined = used();
    Judge judge = new Judge(definitions, START);
    remember(judge, objectives, history);
    double[] tickNanos = new double[MEASURED];
    double[] signalNanos = new double[MEASURED];
    long alerts = 0;
    for (int minute = 0; minute < WARM_UP + MEASURED; minute++) {
      long nanos = START.plusSeconds(60L * minute + 30).getEpochSecond() * 1_000_000_000L;
      long began = CPU.getCurrentThreadCpuTime();
      for (int i = 0; i < count; i++) {
        judge.apply(MetricPoint.number(good[i], 0, nanos, 999));
        if (!sliced) {
          judge.apply(MetricPoint.number(all[i], 0, nanos, 1_000));
        }
      }
      long applied = CPU.getCurrentThreadCpuTime();
      Tick tick = judge.tick(START.plusSeconds(60L * (minute + 1)));
      long ticked = CPU.getCurrentThreadCpuTime();
      alerts += tick.firing().size();
      if (minute >= WARM_UP) {
        tickNanos[minute - WARM_UP] = (double) (ticked - applied) / count;
        signalNanos[minute - WARM_UP] = (double) (applied - began) / count / (sliced ? 1 : 2);
      }
    }
    if (alerts > 0) {
      throw new IllegalStateException("healthy objectives alerted");
    }
    long state = used() - defined;
    if (judge.definitions().objectives().size() != count) {
      throw new IllegalStateException("the judge lost objectives");
    }
    return new Found(median(tickNanos), median(signalNanos), state / count);
  }

  private static void remember(Judge judge, List<Objective> objectives, Duration history) {
    if (history.isZero()) {
      return;
    }
    Resumption resumption = judge.resumeAt(START.minus(judge.horizon()));
    EventCounts counts = new EventCounts(999, 1_000);
    for (Objective objective : objectives) {
      for (Instant at = START.minus(history); at.isBefore(START); at = at.plusSeconds(60)) {
        resumption.restore(objective.id(), at, counts, false);
      }
    }
  }

  private static Objective objective(int i, boolean sliced, int days) {
    Map<String, Set<String>> own = Map.of("i", Set.of("" + i));
    Sli sli =
        sliced
            ? new Sli.Heartbeat(
                new Selector("good", own), Duration.ofMinutes(1), Duration.ofMinutes(1))
            : new Sli.Ratio(
                "ratio",
                new Selector("good", own),
                false,
                new Selector("all", own),
                new Sli.Budgeting.Occurrences());
    Target target = Target.parse("99%");
    Duration window = Duration.ofDays(days);
    return new Objective(
        new ObjectiveId("objective-" + i),
        "Objective " + i,
        new Objective.Subject(Objective.Subject.Type.DATASET, "dataset-" + i),
        "",
        "",
        sli,
        target,
        new BudgetWindow.Rolling(window, days + "d"),
        Duration.ofMinutes(1),
        NoDataPolicy.IGNORED,
        Duration.ofHours(1),
        BurnPolicies.defaults(window, target),
        Map.of(),
        "",
        "");
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }
}
