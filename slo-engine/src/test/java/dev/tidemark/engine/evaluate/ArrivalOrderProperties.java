package dev.tidemark.engine.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidemark.engine.definition.DefinitionParser;
import dev.tidemark.engine.definition.MovedObjective;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.ParseResult;
import dev.tidemark.engine.definition.Selector;
import dev.tidemark.engine.definition.Sli;
import dev.tidemark.engine.definition.SourceFile;
import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/**
 * Whatever the order in which signals arrive within the allowed lateness, some of them twice, some
 * ahead of their time: every slice ends up as a plain recount over all signals says. The recount
 * looks at each slice by itself and follows the definitions of {@link Sli}.
 */
class ArrivalOrderProperties {
  private static final Instant START = Instant.parse("2026-01-05T00:00:00Z");
  private static final long START_MILLIS = START.toEpochMilli();
  private static final int LATENESS_MINUTES = 10;
  private static final int SIGNAL_MINUTES = 90;
  private static final int MINUTES = SIGNAL_MINUTES + LATENESS_MINUTES + 10;

  private static final String DEFINITIONS =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: orders}
      spec:
        producedBy: load
        objectives:
          - freshness: {within: 5m, target: 99%, window: 7d, allowedLateness: 10m}
          - heartbeat: {connector: cdc, every: 1m, target: 99%, window: 7d, allowedLateness: 10m}
          - heartbeat: {name: beats-of-all, connector: fleet, every: 2m, target: 99%, window: 7d,
              allowedLateness: 10m, roster: {attribute: region, members: [eu, us]}}
          - validity: {target: 99%, window: 7d, allowedLateness: 10m}
          - completeness: {atLeast: 90%, per: 10m, target: 99%, window: 7d, allowedLateness: 10m}
          - cost: {below: 2, perUnit: run, per: 10m, target: 95%, window: 7d, allowedLateness: 10m}
          - lag: {below: 1s, target: 95%, window: 7d, allowedLateness: 10m}
          - threshold: {metric: queue.depth, below: 3, target: 99%, window: 7d,
              allowedLateness: 10m, timeSlice: 2m}
          - threshold: {name: share, metric: share, below: 1, target: 99%, window: 7d,
              allowedLateness: 10m, timeSlice: 2m}
          - composite: {name: journey, of: [{freshness: {within: 5m}}, {validity: {target: 60%}}],
              target: 99%, window: 7d, allowedLateness: 10m}
      """;

  private static final String FRESHNESS = "orders-freshness";

  private static List<Objective> objectives() {
    ParseResult parsed = DefinitionParser.parse(List.of(new SourceFile("d.yaml", DEFINITIONS)));
    assertThat(parsed.hasErrors()).as(parsed.problems().toString()).isFalse();
    return parsed.definitions().objectives().stream().map(ArrivalOrderProperties::raw).toList();
  }

  /** No line of a dataset says that a gauge is a ratio; OpenSLO does. */
  private static Objective raw(Objective objective) {
    return objective.id().value().equals("share")
        ? objective.of(
            new Sli.RawRatio(
                "share",
                new Selector("share", Map.of()),
                false,
                new Sli.Budgeting.RatioTimeslices()),
            objective.target())
        : objective;
  }

  private static Series series(String metric, MetricKind kind, String... attributes) {
    Map<String, String> named = new HashMap<>(Map.of("dataset", "orders"));
    for (int i = 0; i < attributes.length; i += 2) {
      named.put(attributes[i], attributes[i + 1]);
    }
    return Series.of(metric, kind, "1", Map.of("service.name", "load"), named);
  }

  private static MetricPoint number(Series series, long atMillis, double value) {
    return MetricPoint.number(series, 0, atMillis * 1_000_000L, value);
  }

  /** A moment of this minute, often one at which slices end. */
  private static long moment(Random random, int minute) {
    return START_MILLIS + minute * 60_000L + (random.nextBoolean() ? 0 : random.nextInt(60_000));
  }

  private static List<MetricPoint> signals(Random random) {
    List<MetricPoint> points = new ArrayList<>();
    for (int minute = 0; minute < SIGNAL_MINUTES; minute++) {
      // Stretches in which little is told: that is where ages grow.
      int silence = minute / 12 % 2 == 0 ? 2 : 7;
      if (random.nextInt(silence) == 0) {
        long at = moment(random, minute);
        double watermark = (at - random.nextInt(400_000)) / 1e3;
        points.add(number(series("tidemark.watermark", MetricKind.GAUGE), at, watermark));
      }
      for (String connector : List.of("cdc", "eu", "us")) {
        if (random.nextInt(silence) == 0) {
          Series beats =
              connector.equals("cdc")
                  ? series("tidemark.heartbeat", MetricKind.DELTA_SUM, "connector", "cdc")
                  : series(
                      "tidemark.heartbeat",
                      MetricKind.DELTA_SUM,
                      "connector",
                      "fleet",
                      "region",
                      connector);
          points.add(number(beats, moment(random, minute), 1));
        }
      }
      for (String outcome : List.of("observed", "expected", "rejected")) {
        if (random.nextInt(silence) == 0) {
          double count = outcome.equals("rejected") ? random.nextInt(20) : 40 + random.nextInt(10);
          points.add(
              number(
                  series("tidemark.records", MetricKind.DELTA_SUM, "outcome", outcome),
                  moment(random, minute),
                  count));
        }
      }
      if (random.nextInt(silence) == 0) {
        points.add(
            number(
                series("tidemark.cost", MetricKind.DELTA_SUM),
                moment(random, minute),
                random.nextInt(5)));
        points.add(
            number(
                series("tidemark.runs", MetricKind.DELTA_SUM, "outcome", "success"),
                moment(random, minute),
                1));
      }
      if (random.nextInt(silence) == 0) {
        points.add(
            new MetricPoint(
                series("tidemark.processing.lag", MetricKind.DELTA_HISTOGRAM),
                0,
                moment(random, minute) * 1_000_000L,
                0,
                0,
                new double[] {0.5, 1, 2},
                new long[] {
                  random.nextInt(4), random.nextInt(4), random.nextInt(4), random.nextInt(4)
                }));
      }
      for (String queue : List.of("a", "b")) {
        if (random.nextInt(silence) == 0) {
          long at = moment(random, minute);
          points.add(
              number(
                  series("queue.depth", MetricKind.GAUGE, "queue", queue), at, random.nextInt(5)));
          points.add(
              number(
                  series("share", MetricKind.GAUGE, "queue", queue), at, random.nextInt(9) / 8.0));
        }
      }
    }
    return points;
  }

  /** The points by the minute at whose end they are known: early, in time or late enough. */
  private static Map<Integer, List<MetricPoint>> arrivals(Random random, List<MetricPoint> points) {
    Map<Integer, List<MetricPoint>> arriving = new HashMap<>();
    for (MetricPoint point : points) {
      for (int copies = random.nextInt(8) == 0 ? 2 : 1; copies > 0; copies--) {
        long delay =
            switch (random.nextInt(4)) {
              case 0 -> random.nextInt(LATENESS_MINUTES * 60_000 + 1);
              case 1 -> -random.nextInt(120_000);
              default -> 0;
            };
        long known = point.timeNanos() / 1_000_000L + delay - START_MILLIS;
        int minute = (int) Math.max(1, -Math.floorDiv(-known, 60_000L));
        arriving.computeIfAbsent(minute, m -> new ArrayList<>()).add(point);
      }
    }
    arriving.values().forEach(list -> Collections.shuffle(list, random));
    return arriving;
  }

  /** What every slice was found to be in the end; each change has to follow from the last one. */
  private static final class Verdicts implements Evaluator.ChangeListener {
    final Map<String, Map<Long, EventCounts>> byObjective = new HashMap<>();

    @Override
    public void changed(int slot, BucketChange change) {
      assertThat(change.unknown()).isFalse();
      Map<Long, EventCounts> own =
          byObjective.computeIfAbsent(change.objective().value(), id -> new TreeMap<>());
      EventCounts before = own.getOrDefault(change.start().toEpochMilli(), EventCounts.NONE);
      assertThat(change.before()).isEqualTo(before);
      own.put(change.start().toEpochMilli(), change.after());
    }

    @Override
    public void silent(int slot, long endMillis) {
      // A slice that says nothing is not among the verdicts.
    }
  }

  @Property(tries = 150)
  void every_slice_is_what_a_plain_recount_says_whatever_the_order_of_arrival(@ForAll long seed) {
    Random random = new Random(seed);
    List<Objective> objectives = objectives();
    List<MetricPoint> points = signals(random);
    Map<Integer, List<MetricPoint>> arriving = arrivals(random, points);
    Evaluator evaluator = new Evaluator(objectives, START);
    Verdicts verdicts = new Verdicts();
    for (int minute = 1; minute <= MINUTES; minute++) {
      arriving.getOrDefault(minute, List.of()).forEach(evaluator::apply);
      if (random.nextInt(20) == 0) {
        // An edit that changes no rule, only where the rules are written.
        evaluator.reload(
            objectives.stream().map(MovedObjective::of).toList(),
            START.plus(Duration.ofMinutes(minute)));
      }
      if (random.nextInt(4) > 0 || minute == MINUTES) {
        evaluator.evaluate(START.plus(Duration.ofMinutes(minute)), verdicts);
      }
    }
    assertThat(evaluator.tooLate().total()).isZero();
    for (Objective objective : objectives) {
      assertIsRecount(objective, points, verdicts);
    }
  }

  private static void assertIsRecount(
      Objective objective, List<MetricPoint> points, Verdicts verdicts) {
    String id = objective.id().value();
    long length = objective.slice().toMillis();
    Map<Long, EventCounts> found = verdicts.byObjective.getOrDefault(id, Map.of());
    for (long start = START_MILLIS;
        start + length <= START_MILLIS + MINUTES * 60_000L;
        start += length) {
      EventCounts expected = recount(id, points, start, start + length);
      EventCounts is = found.getOrDefault(start, EventCounts.NONE);
      String slice = id + " from " + Instant.ofEpochMilli(start);
      assertThat(is.good()).as(slice).isCloseTo(expected.good(), within(1e-9));
      assertThat(is.total()).as(slice).isCloseTo(expected.total(), within(1e-9));
    }
  }

  private static EventCounts slice(boolean good) {
    return new EventCounts(good ? 1 : 0, 1);
  }

  private static EventCounts recount(String id, List<MetricPoint> all, long start, long end) {
    return switch (id) {
      case FRESHNESS -> slice(isFresh(all, end));
      // One interval and as much grace.
      case "orders-heartbeat" -> slice(end - newestBeat(all, "connector", "cdc", end) <= 120_000);
      case "beats-of-all" ->
          slice(
              end - newestBeat(all, "region", "eu", end) <= 240_000
                  && end - newestBeat(all, "region", "us", end) <= 240_000);
      case "orders-validity" -> valid(all, start, end);
      case "orders-completeness" -> {
        double expected = sum(all, "expected", start, end);
        yield expected == 0
            ? EventCounts.NONE
            : slice(sum(all, "observed", start, end) / expected >= 0.9);
      }
      case "orders-cost" -> {
        double money = sum(all, about("tidemark.cost"), start, end);
        double runs = sum(all, about("tidemark.runs"), start, end);
        yield money == 0 && runs == 0 ? EventCounts.NONE : slice(money <= 2 * runs);
      }
      case "orders-lag" -> {
        double good = 0;
        double total = 0;
        for (MetricPoint point : in(all, about("tidemark.processing.lag"), start, end)) {
          long[] counts = point.bucketCounts();
          good += counts[0] + counts[1];
          total += counts[0] + counts[1] + counts[2] + counts[3];
        }
        yield new EventCounts(good, total);
      }
      case "orders-threshold" -> {
        List<List<MetricPoint>> bySeries = bySeries(in(all, about("queue.depth"), start, end));
        yield bySeries.isEmpty()
            ? EventCounts.NONE
            : slice(
                bySeries.stream()
                    .allMatch(
                        own ->
                            own.stream()
                                    .max(java.util.Comparator.comparing(MetricPoint::timeNanos))
                                    .orElseThrow()
                                    .value()
                                <= 3));
      }
      case "share" -> {
        List<List<MetricPoint>> bySeries = bySeries(in(all, about("share"), start, end));
        yield bySeries.isEmpty()
            ? EventCounts.NONE
            : new EventCounts(
                bySeries.stream()
                    .mapToDouble(
                        own -> own.stream().mapToDouble(MetricPoint::value).average().orElseThrow())
                    .average()
                    .orElseThrow(),
                1);
      }
      case "journey" -> {
        // A part is good in a slice in which it reaches its own target, or says nothing.
        EventCounts valid = valid(all, start, end);
        yield slice(
            isFresh(all, end) && (valid.total() == 0 || valid.good() / valid.total() >= 0.6));
      }
      default -> throw new IllegalArgumentException(id);
    };
  }

  /** Before the first signal the start of listening stands in for it. */
  private static boolean isFresh(List<MetricPoint> all, long end) {
    double newest =
        all.stream()
            .filter(about("tidemark.watermark"))
            .filter(point -> point.timeNanos() <= end * 1_000_000L)
            .mapToDouble(point -> point.value() * 1e3)
            .max()
            .orElse((double) START_MILLIS);
    return end - Math.max(newest, (double) START_MILLIS) <= 300_000;
  }

  private static long newestBeat(List<MetricPoint> all, String attribute, String of, long end) {
    return all.stream()
        .filter(about("tidemark.heartbeat"))
        .filter(point -> of.equals(point.series().attribute(attribute)))
        .mapToLong(point -> point.timeNanos() / 1_000_000L)
        .filter(at -> at <= end)
        .max()
        .orElse(START_MILLIS);
  }

  private static EventCounts valid(List<MetricPoint> all, long start, long end) {
    double total = sum(all, "observed", start, end);
    return total == 0
        ? EventCounts.NONE
        : new EventCounts(total - sum(all, "rejected", start, end), total);
  }

  private static Predicate<MetricPoint> about(String metric) {
    return point -> point.series().metric().equals(metric);
  }

  private static List<MetricPoint> in(
      List<MetricPoint> all, Predicate<MetricPoint> wanted, long start, long end) {
    return all.stream()
        .filter(wanted)
        .filter(point -> point.timeNanos() >= start * 1_000_000L)
        .filter(point -> point.timeNanos() < end * 1_000_000L)
        .toList();
  }

  private static double sum(
      List<MetricPoint> all, Predicate<MetricPoint> wanted, long start, long end) {
    return in(all, wanted, start, end).stream().mapToDouble(MetricPoint::value).sum();
  }

  private static double sum(List<MetricPoint> all, String outcome, long start, long end) {
    Predicate<MetricPoint> records = about("tidemark.records");
    return sum(
        all, records.and(point -> outcome.equals(point.series().attribute("outcome"))), start, end);
  }

  private static List<List<MetricPoint>> bySeries(List<MetricPoint> points) {
    return List.copyOf(
        points.stream().collect(Collectors.groupingBy(point -> point.series().id())).values());
  }

  @Test
  void of_two_values_at_the_same_moment_the_greater_one_counts_in_both_orders() {
    Series depth = series("queue.depth", MetricKind.GAUGE, "queue", "a");
    List<MetricPoint> both =
        List.of(number(depth, START_MILLIS + 1_000, 1), number(depth, START_MILLIS + 1_000, 4));
    for (List<MetricPoint> order : List.of(both, List.of(both.get(1), both.get(0)))) {
      Evaluator evaluator = new Evaluator(objectives(), START);
      order.forEach(evaluator::apply);
      Verdicts verdicts = new Verdicts();
      evaluator.evaluate(START.plus(Duration.ofMinutes(2)), verdicts);
      assertThat(verdicts.byObjective.get("orders-threshold"))
          .containsExactly(Map.entry(START_MILLIS, new EventCounts(0, 1)));
    }
  }

  @Test
  void what_comes_later_than_allowed_changes_nothing_and_is_counted() {
    Evaluator evaluator = new Evaluator(objectives(), START);
    Verdicts verdicts = new Verdicts();
    evaluator.evaluate(START.plus(Duration.ofMinutes(30)), verdicts);
    EventCounts before = total(verdicts, FRESHNESS);
    Series watermark = series("tidemark.watermark", MetricKind.GAUGE);
    long tooEarly = START_MILLIS + Duration.ofMinutes(20).toMillis() - 1;
    evaluator.apply(number(watermark, tooEarly, tooEarly / 1e3));
    evaluator.evaluate(START.plus(Duration.ofMinutes(30)), verdicts);
    assertThat(total(verdicts, FRESHNESS)).isEqualTo(before);
    // Freshness and the composite would both have asked it.
    assertThat(evaluator.tooLate().total()).isEqualTo(2);
    // A millisecond younger, it is heard: good from the end of minute 20 on, for five minutes.
    evaluator.apply(number(watermark, tooEarly + 1, (tooEarly + 1) / 1e3));
    evaluator.evaluate(START.plus(Duration.ofMinutes(30)), verdicts);
    assertThat(total(verdicts, FRESHNESS).good()).isEqualTo(before.good() + 6);
  }

  private static EventCounts total(Verdicts verdicts, String id) {
    return verdicts.byObjective.getOrDefault(id, Map.of()).values().stream()
        .reduce(EventCounts.NONE, EventCounts::plus);
  }
}
