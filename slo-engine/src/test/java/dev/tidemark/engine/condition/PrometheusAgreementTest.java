package dev.tidemark.engine.condition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.benchmark.PrometheusRules;
import dev.tidemark.engine.definition.DefinitionParser;
import dev.tidemark.engine.definition.ParseResult;
import dev.tidemark.engine.definition.SourceFile;
import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.Series;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same random counters for Tidemark and for {@code promtool test rules} with the usual rules:
 * the pages agree. Intended differences, each left out here or tested by itself: Tidemark's
 * hysteresis (a condition ends at nine tenths of its factor, so only moments at which Prometheus
 * fires, or has not fired for a while, are compared), its guard for low counts (switched off here),
 * and moments at which a rate lies within 2 % of its factor, where the edge of one cell decides.
 */
class PrometheusAgreementTest {
  private static final Instant START = Instant.EPOCH;
  private static final int MINUTES = 600;
  private static final double BUDGET = 0.01;

  /** Events and errors of every minute. */
  private record Traffic(List<Integer> events, List<Integer> errors) {
    static Traffic random(long seed) {
      Random random = new Random(seed);
      List<Integer> events = new ArrayList<>();
      List<Integer> errors = new ArrayList<>();
      double badShare = 0;
      for (int i = 0; i < MINUTES; i++) {
        if (i % 30 == 0) {
          double dice = random.nextDouble();
          badShare = i < 60 || dice < 0.5 ? 0 : dice < 0.75 ? 0.4 * random.nextDouble() : 0.9;
        }
        events.add(500 + random.nextInt(1_000));
        errors.add((int) (events.get(i) * badShare));
      }
      return new Traffic(events, errors);
    }

    /** Burn rate of the minutes before {@code end}. */
    double burn(int end, int minutes) {
      double all = 0;
      double bad = 0;
      for (int i = Math.max(0, end - minutes); i < end; i++) {
        all += events.get(i);
        bad += errors.get(i);
      }
      return bad / all / BUDGET;
    }

    /** Whether a rate lies so near its factor that the edge of a cell decides. */
    boolean isClose(int end) {
      for (double[] tier : new double[][] {{5, 14.4}, {60, 14.4}, {30, 6}, {360, 6}}) {
        double rate = burn(end, (int) tier[0]);
        if (Math.abs(rate - tier[1]) < 0.02 * tier[1]) {
          return true;
        }
      }
      return false;
    }
  }

  @Test
  void pages_are_those_of_the_usual_rules(@TempDir Path folder) throws Exception {
    List<Traffic> traffics = new ArrayList<>();
    for (long seed = 1; seed <= 6; seed++) {
      traffics.add(Traffic.random(seed));
    }
    List<List<Boolean>> theirs = new ArrayList<>();
    List<List<Boolean>> ours = new ArrayList<>();
    List<Integer> moments = new ArrayList<>();
    for (int minute = 90; minute < MINUTES; minute += 7) {
      moments.add(minute);
    }
    for (Traffic traffic : traffics) {
      ours.add(ours(traffic, moments));
      theirs.add(theirs(folder, traffic, moments));
    }
    int pages = 0;
    int compared = 0;
    for (int i = 0; i < traffics.size(); i++) {
      for (int k = 0; k < moments.size(); k++) {
        int end = moments.get(k);
        boolean wasFiring = k > 0 && ours.get(i).get(k - 1);
        // The way down is ours: it waits for nine tenths.
        boolean hysteresis = wasFiring && !theirs.get(i).get(k);
        if (!traffics.get(i).isClose(end) && !hysteresis) {
          compared++;
          pages += theirs.get(i).get(k) ? 1 : 0;
          assertThat(ours.get(i).get(k))
              .as("seed %d, minute %d: %s", i + 1, end, traffics.get(i).burn(end, 60))
              .isEqualTo(theirs.get(i).get(k));
        }
      }
    }
    assertThat(pages).as("moments at which both page").isGreaterThan(50);
    assertThat(compared).isGreaterThan(250);
  }

  private static List<Boolean> ours(Traffic traffic, List<Integer> moments) {
    ParseResult parsed =
        DefinitionParser.parse(
            List.of(
                new SourceFile(
                    "a.yaml",
                    """
                    apiVersion: tidemark/v1
                    kind: Dataset
                    metadata: {name: d}
                    spec:
                      objectives:
                        - ratio:
                            bad: {metric: errors_total}
                            total: {metric: events_total}
                            target: 99%
                            alerting: {confidence: 0}
                    """)));
    assertThat(parsed.problems()).hasSize(0);
    Judge judge = new Judge(parsed.definitions(), START);
    Series events = Series.of("events_total", MetricKind.DELTA_SUM, "", Map.of(), Map.of());
    Series errors = Series.of("errors_total", MetricKind.DELTA_SUM, "", Map.of(), Map.of());
    List<Boolean> pages = new ArrayList<>();
    for (int minute = 0; minute < MINUTES; minute++) {
      long nanos = minute * 60_000_000_000L + 30_000_000_000L;
      judge.apply(MetricPoint.number(events, 0, nanos, traffic.events().get(minute)));
      judge.apply(MetricPoint.number(errors, 0, nanos, traffic.errors().get(minute)));
      Tick tick = judge.tick(START.plus(Duration.ofMinutes(minute + 1)));
      if (moments.contains(minute + 1)) {
        pages.add(tick.firing().stream().anyMatch(firing -> firing.condition().factor() >= 6));
      }
    }
    return pages;
  }

  private static List<Boolean> theirs(Path folder, Traffic traffic, List<Integer> moments)
      throws Exception {
    Path rules = folder.resolve("rules.yml");
    Files.writeString(rules, PrometheusRules.file(List.of("a"), BUDGET, "1m"));
    StringBuilder test = new StringBuilder("rule_files: [rules.yml]\nevaluation_interval: 1m\n");
    test.append("tests:\n- interval: 1m\n  input_series:\n");
    series(test, "events_total", traffic.events());
    series(test, "errors_total", traffic.errors());
    test.append("  promql_expr_test:\n");
    for (int moment : moments) {
      test.append(
          "  - expr: 'count(ALERTS{alertname=\"Page\",alertstate=\"firing\"}) or vector(0)'\n");
      test.append("    eval_time: ").append(moment).append("m\n");
      test.append("    exp_samples: [{labels: '{}', value: 0}]\n");
    }
    Path file = folder.resolve("test.yml");
    Files.writeString(file, test);
    Process promtool =
        new ProcessBuilder("promtool", "test", "rules", file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(promtool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    List<Boolean> pages = new ArrayList<>();
    for (int moment : moments) {
      // The test expects silence everywhere; promtool tells the moments at which it was wrong.
      String time = words(moment);
      pages.add(said.contains("time: " + time + ","));
    }
    assertThat(said).as("promtool").containsAnyOf("SUCCESS", "FAILED");
    return pages;
  }

  private static void series(StringBuilder test, String name, List<Integer> perMinute) {
    test.append("  - series: '").append(name).append("{id=\"a\"}'\n    values: '0");
    long total = 0;
    for (int value : perMinute) {
      total += value;
      test.append(' ').append(total);
    }
    test.append("'\n");
  }

  /** A time as promtool writes it, such as {@code 1h30m}. */
  private static String words(int minutes) throws IOException {
    int hours = minutes / 60;
    int rest = minutes % 60;
    return (hours > 0 ? hours + "h" : "") + (rest > 0 ? rest + "m" : hours > 0 ? "" : "0s");
  }
}
