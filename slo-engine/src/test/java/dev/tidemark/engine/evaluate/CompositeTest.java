package dev.tidemark.engine.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidemark.engine.definition.DefinitionParser;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.ParseResult;
import dev.tidemark.engine.definition.Sli;
import dev.tidemark.engine.definition.SourceFile;
import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A journey of two steps, and ratios that somebody else computed. What a composite is comes from
 * the notes on composite SLOs of OpenSLO v1; the numbers are worked out by hand.
 */
class CompositeTest {
  private static final Instant START = Instant.parse("2026-01-05T00:00:00Z");

  private static String step(String name, String target, String more) {
    return """
              - displayName: %s
                target: %s
                timeSliceWindow: 1m
                %s
                indicator:
                  metadata: {name: %s}
                  spec:
                    ratioMetric:
                      bad: {metricSource: {type: tidemark, spec: {metric: %s, attributes: {ok: "no"}}}}
                      total: {metricSource: {type: tidemark, spec: {metric: %s}}}
        """
        .formatted(name, target, more, name, name, name);
  }

  private static String journey(String method, String... steps) {
    return """
        apiVersion: openslo/v1
        kind: SLO
        metadata: {name: journey}
        spec:
          service: shop
          timeWindow: [{duration: 28d, isRolling: true}]
          budgetingMethod: %s
          objectives:
        """
            .formatted(method)
        + String.join("", steps);
  }

  private static List<Objective> objectives(String yaml) {
    ParseResult parsed = DefinitionParser.parse(List.of(new SourceFile("slo.yaml", yaml)));
    assertThat(parsed.problems()).isEmpty();
    return parsed.definitions().objectives();
  }

  private static MetricPoint events(String metric, int minute, boolean ok, double count) {
    Series series =
        Series.of(metric, MetricKind.DELTA_SUM, "1", Map.of(), Map.of("ok", ok ? "yes" : "no"));
    return MetricPoint.number(series, 0, nanos(minute), count);
  }

  private static void minute(Evaluator evaluator, int minute, double[] search, double[] pay) {
    if (search.length == 2) {
      evaluator.apply(events("search", minute, false, search[0]));
      evaluator.apply(events("search", minute, true, search[1] - search[0]));
    }
    if (pay.length == 2) {
      evaluator.apply(events("pay", minute, false, pay[0]));
      evaluator.apply(events("pay", minute, true, pay[1] - pay[0]));
    }
  }

  private static long nanos(int minute) {
    return START.plus(Duration.ofMinutes(minute)).getEpochSecond() * 1_000_000_000L;
  }

  /** Adds up what a listener hears, as windows and stores do. */
  private static final class Heard implements Evaluator.ChangeListener {
    final Map<Instant, EventCounts> slices = new TreeMap<>();
    final List<Instant> silent = new ArrayList<>();

    @Override
    public void changed(int slot, BucketChange change) {
      if (slot == 0) {
        EventCounts known = slices.getOrDefault(change.start(), EventCounts.NONE);
        slices.put(change.start(), known.plus(change.after()).minus(change.before()));
      }
    }

    @Override
    public void silent(int slot, long endMillis) {
      if (slot == 0) {
        silent.add(Instant.ofEpochMilli(endMillis));
      }
    }
  }

  private static Heard evaluate(Evaluator evaluator, int until) {
    Heard heard = new Heard();
    evaluator.evaluate(START.plus(Duration.ofMinutes(until)), heard);
    return heard;
  }

  private static final double[] NOTHING = {};

  /**
   * Four minutes: 1 of 100 searches and 0 of 50 payments bad; 0 of 100 and 4 of 100; 10 of 100 and
   * no payment; nothing at all. Both targets are 99 %, so 1 % is a burn rate of 1.
   *
   * <p>Occurrences: burn rates 1, 4 × weight and 10, that is 1 %, 4 % × weight and 10 % of 150, 200
   * and 100 events. Timeslices at 95 %: 99 and 100 % good, 100 and 96 % good, 90 % bad.
   * RatioTimeslices: 1 %, 4 % × weight and 10 % are lacking.
   */
  @ParameterizedTest
  @CsvSource({
    "Occurrences, '', 1.5, 150, 8, 200, 10, 100",
    "Occurrences, 'compositeWeight: 0.5', 1.5, 150, 4, 200, 10, 100",
    "Occurrences, 'compositeWeight: 100', 1.5, 150, 200, 200, 10, 100",
    "Timeslices, 'timeSliceTarget: 0.95', 0, 1, 0, 1, 1, 1",
    "Timeslices, 'timeSliceTarget: 0.97', 0, 1, 1, 1, 1, 1",
    "RatioTimeslices, '', 0.01, 1, 0.04, 1, 0.1, 1",
    "RatioTimeslices, 'compositeWeight: 2', 0.01, 1, 0.08, 1, 0.1, 1"
  })
  void slices_of_components_become_one(
      String method,
      String more,
      double bad0,
      double total0,
      double bad1,
      double total1,
      double bad2,
      double total2) {
    String first = method.equals("Timeslices") ? "timeSliceTarget: 0.95" : "";
    Evaluator evaluator =
        new Evaluator(
            objectives(journey(method, step("search", "0.99", first), step("pay", "0.99", more))),
            START);
    minute(evaluator, 0, new double[] {1, 100}, new double[] {0, 50});
    minute(evaluator, 1, new double[] {0, 100}, new double[] {4, 100});
    minute(evaluator, 2, new double[] {10, 100}, NOTHING);

    Heard heard = evaluate(evaluator, 4);

    List<EventCounts> slices = List.copyOf(heard.slices.values());
    assertThat(slices).hasSize(3);
    assertThat(slices.stream().map(EventCounts::total)).containsExactly(total0, total1, total2);
    assertThat(slices.get(0).bad()).isCloseTo(bad0, within(1e-9));
    assertThat(slices.get(1).bad()).isCloseTo(bad1, within(1e-9));
    assertThat(slices.get(2).bad()).isCloseTo(bad2, within(1e-9));
    assertThat(heard.silent).containsExactly(START.plus(Duration.ofMinutes(4)));
  }

  /**
   * Targets of 99 and 90 %: the composite's is the strictest. 5 of 100 bad payments are a burn rate
   * of 0.5, that is 0.5 % of the 200 events; 1 of 100 bad searches is one of 1 beside it.
   */
  @Test
  void a_laxer_component_spends_less_of_a_stricter_target() {
    List<Objective> objectives =
        objectives(journey("Occurrences", step("search", "0.99", ""), step("pay", "0.9", "")));
    assertThat(objectives.get(0).target().ratio()).isEqualTo(0.99);
    Evaluator evaluator = new Evaluator(objectives, START);
    minute(evaluator, 0, new double[] {0, 100}, new double[] {5, 100});
    minute(evaluator, 1, new double[] {1, 100}, new double[] {5, 100});

    List<EventCounts> slices = List.copyOf(evaluate(evaluator, 2).slices.values());

    assertThat(slices.get(0).bad()).isCloseTo(1, within(1e-9));
    assertThat(slices.get(1).bad()).isCloseTo(3, within(1e-9));
    assertThat(slices.get(1).total()).isEqualTo(200);
  }

  /** The specification's own example: two SLOs at 95 % make a composite at 90 %. */
  @Test
  void twice_95_percent_of_ratio_timeslices_are_90() {
    Evaluator evaluator =
        new Evaluator(
            objectives(
                journey("RatioTimeslices", step("search", "0.9", ""), step("pay", "0.9", ""))),
            START);
    minute(evaluator, 0, new double[] {5, 100}, new double[] {5, 100});

    assertThat(evaluate(evaluator, 1).slices.values())
        .singleElement()
        .satisfies(
            slice -> {
              assertThat(slice.good()).isCloseTo(0.9, within(1e-9));
              assertThat(slice.total()).isEqualTo(1);
            });
  }

  @Test
  void a_composite_alerts_and_its_components_are_only_shown() {
    List<Objective> objectives =
        objectives(journey("Occurrences", step("search", "0.99", ""), step("pay", "0.995", "")));

    assertThat(objectives)
        .extracting(objective -> objective.id().value())
        .containsExactly("journey", "journey-search", "journey-pay");
    assertThat(objectives.get(0).conditions()).hasSize(4);
    assertThat(objectives.get(0).labels()).containsEntry("sli", "composite");
    assertThat(objectives.get(1).conditions()).isEmpty();
    assertThat(objectives.get(1).labels()).containsEntry("composite", "journey");
    assertThat(objectives.get(1).sli()).isInstanceOf(Sli.Ratio.class);
  }

  /** A good minute of 150 events becomes one of a burn rate of 2 by three late payments. */
  @Test
  void late_events_restate_a_composite() {
    Evaluator evaluator =
        new Evaluator(
            objectives(journey("Occurrences", step("search", "0.99", ""), step("pay", "0.99", ""))),
            START);
    minute(evaluator, 0, new double[] {0, 100}, new double[] {0, 147});
    assertThat(evaluate(evaluator, 5).slices.values()).containsExactly(new EventCounts(247, 247));
    List<BucketChange> changes = new ArrayList<>();
    evaluator.apply(events("pay", 0, false, 3));
    evaluator.evaluate(
        START.plus(Duration.ofMinutes(6)),
        new Evaluator.ChangeListener() {
          @Override
          public void changed(int slot, BucketChange change) {
            if (slot == 0) {
              changes.add(change);
            }
          }

          @Override
          public void silent(int slot, long endMillis) {
            // Only what counts is asked for.
          }
        });
    assertThat(changes)
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.restated()).isTrue();
              assertThat(change.before()).isEqualTo(new EventCounts(247, 247));
              assertThat(change.after().total()).isEqualTo(250);
              assertThat(change.after().bad()).isCloseTo(5, within(1e-9));
            });
  }

  /** Minute 0: only payments, all good. Minute 1: nobody. */
  @ParameterizedTest
  @CsvSource({"bad, 0", "good, 1"})
  void only_a_slice_in_which_no_component_has_data_is_silent(String noData, double good) {
    Evaluator evaluator =
        new Evaluator(
            objectives(
                journey("Occurrences", step("search", "0.99", ""), step("pay", "0.99", ""))
                    .replace(
                        "{name: journey}",
                        "{name: journey, annotations: {tidemark.dev/no-data: " + noData + "}}")),
            START);
    minute(evaluator, 0, NOTHING, new double[] {0, 10});

    assertThat(evaluate(evaluator, 2).slices.values())
        .containsExactly(new EventCounts(10, 10), new EventCounts(good, 1));
  }

  /** Something that came, and after how many minutes it was heard of. */
  record Arrival(boolean pay, boolean ok, int minute, int late, int count) {}

  @Provide
  Arbitrary<List<Arrival>> arrivals() {
    return Combinators.combine(
            Arbitraries.of(true, false),
            Arbitraries.of(true, false),
            Arbitraries.integers().between(0, 29),
            Arbitraries.integers().between(0, 29),
            Arbitraries.integers().between(1, 50))
        .as(Arrival::new)
        .list()
        .ofMaxSize(60);
  }

  /**
   * However late and in whatever order events come, and however often slices are judged in between:
   * the slices are those of a plain count of all of them by the formula of the specification.
   */
  @Property(tries = 150)
  void restated_slices_equal_a_recount(
      @ForAll("arrivals") List<Arrival> arrivals, @ForAll boolean occurrences) {
    Evaluator evaluator =
        new Evaluator(
            objectives(
                journey(
                    occurrences ? "Occurrences" : "RatioTimeslices",
                    step("search", "0.99", ""),
                    step("pay", "0.9", "compositeWeight: 3"))),
            START);
    Heard heard = new Heard();
    double[][] counts = new double[30][4];
    int sequence = 0;
    for (int now = 0; now <= 60; now++) {
      for (Arrival one : arrivals) {
        if (one.minute() + one.late() == now) {
          // A series each, so that no two are the same point.
          Series series =
              Series.of(
                  one.pay() ? "pay" : "search",
                  MetricKind.DELTA_SUM,
                  "1",
                  Map.of("sender", Integer.toString(sequence++)),
                  Map.of("ok", one.ok() ? "yes" : "no"));
          evaluator.apply(MetricPoint.number(series, 0, nanos(one.minute()), one.count()));
          double[] own = counts[one.minute()];
          own[one.pay() ? 2 : 0] += one.ok() ? 0 : one.count();
          own[one.pay() ? 3 : 1] += one.count();
        }
      }
      evaluator.evaluate(START.plus(Duration.ofMinutes(now + 1)), heard);
    }
    for (int minute = 0; minute < 30; minute++) {
      double[] own = counts[minute];
      double search = own[1] == 0 ? 0 : own[0] / own[1];
      double pay = own[3] == 0 ? 0 : own[2] / own[3];
      double total = occurrences ? own[1] + own[3] : own[1] + own[3] > 0 ? 1 : 0;
      // Of a budget of 1 % a bad share of a target of 90 % takes a tenth.
      double bad = total * Math.min(1, search + pay * 3 * (occurrences ? 0.1 : 1));
      EventCounts slice =
          heard.slices.getOrDefault(START.plus(Duration.ofMinutes(minute)), EventCounts.NONE);
      assertThat(slice.total()).as("all of minute %s", minute).isCloseTo(total, within(1e-9));
      assertThat(slice.bad()).as("bad of minute %s", minute).isCloseTo(bad, within(1e-6));
    }
  }

  private static String raw(String method, String type, String more) {
    return """
        apiVersion: openslo/v1
        kind: SLO
        metadata: {name: answers}
        spec:
          service: shop
          indicator:
            metadata: {name: answers}
            spec:
              ratioMetric:
                rawType: %s
                raw: {metricSource: {type: tidemark, spec: {metric: success.ratio}}}
          timeWindow: [{duration: 28d, isRolling: true}]
          budgetingMethod: %s
          objectives: [{target: 0.9, timeSliceWindow: 1m%s}]
        """
        .formatted(type, method, more);
  }

  /**
   * Minute 0: one pod says 1 and then 0.8, another 0.7, so (0.9 + 0.7) / 2 = 0.8. Minute 1: 0.5
   * beside a percentage, which is no ratio. Minute 2: only a percentage, so nothing is known.
   */
  @ParameterizedTest
  @CsvSource({
    "Occurrences, success, '', 0.8, 0.5",
    "Occurrences, failure, '', 0.2, 0.5",
    "RatioTimeslices, success, '', 0.8, 0.5",
    "Timeslices, success, ', timeSliceTarget: 0.75', 1, 0",
    "Timeslices, failure, ', timeSliceTarget: 0.4', 0, 1"
  })
  void a_ratio_that_somebody_computed_is_one_unit_per_slice(
      String method, String type, String more, double good0, double good1) {
    Evaluator evaluator = new Evaluator(objectives(raw(method, type, more)), START);
    ratio(evaluator, "a", 0, 1);
    evaluator.apply(MetricPoint.number(pod("a"), 0, nanos(0) + 30_000_000_000L, 0.8));
    ratio(evaluator, "b", 0, 0.7);
    ratio(evaluator, "a", 1, 0.5);
    ratio(evaluator, "b", 1, 99.5);
    ratio(evaluator, "b", 2, 99.5);

    List<EventCounts> slices = List.copyOf(evaluate(evaluator, 3).slices.values());

    assertThat(slices).hasSize(2);
    assertThat(slices.get(0).good()).isCloseTo(good0, within(1e-9));
    assertThat(slices.get(1).good()).isCloseTo(good1, within(1e-9));
    assertThat(slices).extracting(EventCounts::total).containsExactly(1.0, 1.0);
  }

  private static Series pod(String pod) {
    return Series.of("success.ratio", MetricKind.GAUGE, "1", Map.of("pod", pod), Map.of());
  }

  private static void ratio(Evaluator evaluator, String pod, int minute, double value) {
    evaluator.apply(MetricPoint.number(pod(pod), 0, nanos(minute), value));
  }
}
