package dev.tidemark.engine.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tidemark.alerting.Severity;
import dev.tidemark.engine.backtest.BacktestResult.AlertOutcome;
import dev.tidemark.engine.backtest.BacktestResult.IncidentOutcome;
import dev.tidemark.engine.backtest.BacktestResult.Left;
import dev.tidemark.engine.backtest.BacktestResult.ObjectiveOutcome;
import dev.tidemark.engine.cli.Main;
import dev.tidemark.engine.definition.DefinitionParser;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.MaintenanceDefinition;
import dev.tidemark.engine.definition.ParseResult;
import dev.tidemark.engine.definition.SourceFile;
import dev.tidemark.engine.planned.PlannedWork;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Three days of minutes from 2026-11-01. The connector and the dataset are silent from 09:20 to
 * 10:00 of the second day; 30 of 100 requests fail from 02:00 to 02:30 of the third.
 */
class BacktestTest {
  private static final String DATASET =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: orders}
      spec:
        objectives:
          - freshness: {within: 5m, target: 99.5%, window: 30d}
          - heartbeat: {connector: cdc, every: 1m, target: 99.9%, window: 7d}
          - ratio:
              good: {metric: http.requests, where: {outcome: ok}}
              total: {metric: http.requests}
              target: 99.9%
      """;

  private Path folder = Path.of("");
  private Path signals = Path.of("");

  @BeforeEach
  void write_the_signals(@TempDir Path fresh) throws IOException {
    folder = fresh;
    StringBuilder csv = new StringBuilder("time,metric,value,dataset,outcome,connector,kind\n");
    long start = Instant.parse("2026-11-01T00:00:00Z").getEpochSecond();
    for (int minute = 0; minute < 3 * 1_440; minute++) {
      long at = start + minute * 60L;
      if (minute < 2_000 || minute >= 2_040) {
        csv.append(at).append(",tidemark.watermark,").append(at - 5).append(",orders,,,\n");
        csv.append(at).append(",tidemark.heartbeat,1,,,cdc,\n");
      }
      int bad = minute >= 3_000 && minute < 3_030 ? 30 : 0;
      csv.append(at).append(",http.requests,").append(100 - bad).append(",,ok,,delta\n");
      if (bad > 0) {
        csv.append(at).append(",http.requests,").append(bad).append(",,error,,delta\n");
      }
    }
    signals = folder.resolve("signals.csv");
    Files.writeString(signals, csv);
  }

  private static Definitions definitions(String yaml) {
    ParseResult parsed = DefinitionParser.parse(List.of(new SourceFile("a.yaml", yaml)));
    assertThat(parsed.problems()).isEmpty();
    return parsed.definitions();
  }

  private BacktestResult replay(String yaml, int workers) {
    return replay(yaml, List.of(), workers);
  }

  private BacktestResult replay(String yaml, List<PlannedWork> declared, int workers) {
    SignalFile file = SignalFile.read(signals, "");
    assertThat(file.problems()).isEmpty();
    return Backtest.run(
        definitions(yaml),
        declared,
        file,
        Instant.parse("2026-11-01T00:00:00Z"),
        Instant.parse("2026-11-04T00:00:00Z"),
        workers,
        done -> {});
  }

  private static ObjectiveOutcome of(BacktestResult result, String name) {
    return result.objectives().stream()
        .filter(o -> o.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void budgets_and_alerts_are_those_that_the_arithmetic_says() {
    BacktestResult result = replay(DATASET, 2);
    // The last watermark of 09:19 tells of 09:18:55; slices that end from 09:24 to 10:00 find it
    // older than five minutes, the one of 10:00 hears the next: 36 bad of the 216 that 30 d allow.
    ObjectiveOutcome freshness = of(result, "orders-freshness");
    assertThat(freshness.budget().counts().bad()).isEqualTo(36);
    assertThat(freshness.budget().leftRatio().orElseThrow())
        .isCloseTo(1 - 36 / 216.0, within(1e-9));
    // 14.4 x 0.5 % of 60 slices are 4.32: the fifth bad slice ends at 09:28.
    assertThat(freshness.alerts()).extracting(AlertOutcome::from).containsExactly(at("02T09:28"));
    // Two minutes of promise and grace: slices that end from 09:22 to 09:59 are bad. 16.8 x 0.1 %
    // of 60 are 1.008: the second ends at 09:23. 10.08 bad minutes are allowed in 7 d.
    ObjectiveOutcome heartbeat = of(result, "orders-heartbeat");
    assertThat(heartbeat.budget().counts().bad()).isEqualTo(38);
    assertThat(heartbeat.budget().leftRatio().orElseThrow())
        .isCloseTo(1 - 38 / 10.08, within(1e-9));
    assertThat(heartbeat.alerts()).extracting(AlertOutcome::from).containsExactly(at("02T09:23"));
    // 30 of 100 are bad: 1.44 % of an hour's 6,000 are 86.4, so 90 after three bad minutes; of the
    // five minutes before 02:03 then 90 of 500 are bad. Is it an accident? The interval of 90 in
    // 6,000 begins at 1.25 %, so the fourth minute (120, from 1.71 %) decides (scipy.stats.beta).
    ObjectiveOutcome ratio = of(result, "orders-ratio");
    assertThat(ratio.budget().counts().bad()).isEqualTo(900);
    assertThat(ratio.alerts()).extracting(AlertOutcome::from).containsExactly(at("03T02:04"));
  }

  /** An hour and a half around the silence of the connector, declared an hour after it. */
  private static PlannedWork forgotten() {
    return new PlannedWork(
        "BF-1",
        PlannedWork.Kind.MAINTENANCE,
        List.of("orders-heartbeat"),
        at("02T09:00"),
        at("02T10:30"),
        MaintenanceDefinition.Budget.DROP,
        "upgrade",
        "OPS-1",
        "dana",
        at("02T11:00"),
        "",
        false,
        "ci",
        "",
        null,
        null);
  }

  private List<Left> leftWith(PlannedWork work) {
    BacktestResult result = replay(DATASET, List.of(work), 2);
    ObjectiveOutcome heartbeat = of(result, "orders-heartbeat");
    // Whatever was decided afterwards: somebody was paged.
    assertThat(heartbeat.alerts()).extracting(AlertOutcome::from).containsExactly(at("02T09:23"));
    return heartbeat.history().stream().filter(l -> !l.at().isBefore(at("02T10:00"))).toList();
  }

  @Test
  void a_correction_of_the_past_is_out_of_the_budget_from_its_approval_on() {
    PlannedWork waiting = forgotten();
    Instant decided = at("02T12:00");
    double spent = 1 - 38 / 10.08;
    List<Left> approved = leftWith(waiting.approvedBy("rob", decided));
    assertThat(approved)
        .hasSizeGreaterThan(100)
        .allSatisfy(
            left ->
                assertThat(left.ratio())
                    .as("%s", left.at())
                    .isCloseTo(left.at().isBefore(decided) ? spent : 1, within(1e-9)))
        .anyMatch(left -> left.at().isBefore(decided));
    assertThat(leftWith(waiting.rejectedBy("rob", decided)))
        .allSatisfy(left -> assertThat(left.ratio()).isCloseTo(spent, within(1e-9)));
    assertThat(leftWith(waiting.approvedBy("rob", at("04T00:01"))))
        .as("approved after the replay's end")
        .allSatisfy(left -> assertThat(left.ratio()).isCloseTo(spent, within(1e-9)));
  }

  @Test
  void one_page_goes_out_for_the_connector_and_what_it_feeds() {
    BacktestResult result = replay(DATASET, 2);
    assertThat(result.incidents())
        .extracting(IncidentOutcome::cause)
        .containsExactly("connector:cdc", "dataset:orders");
    assertThat(result.incidents().get(0).objectives())
        .containsExactlyInAnyOrder("Heartbeat of cdc", "Freshness of orders");
    assertThat(result.count(Severity.PAGE)).isEqualTo(2);
  }

  @Test
  void the_number_of_threads_changes_nothing() {
    String other = DATASET.replace("name: orders", "name: orders2").replace("cdc", "cdc2");
    String both = DATASET + "---\n" + other;
    BacktestResult two = replay(both, 2);
    BacktestResult one = replay(both, 1);
    assertThat(two.objectives()).isEqualTo(one.objectives());
    assertThat(two.incidents()).isEqualTo(one.incidents());
  }

  @Test
  void a_change_is_told_by_what_it_would_have_spared() {
    BacktestResult before = replay(DATASET, 2);
    BacktestResult after =
        replay(DATASET.replace("target: 99.9%, window: 7d", "target: 90%, window: 7d"), 2);
    BacktestDiff diff = BacktestDiff.of(before, after);
    // 38 bad minutes of 10 % of 7 d alert nobody; the freshness then is its own cause.
    assertThat(diff.onlyBefore())
        .extracting(IncidentOutcome::cause)
        .containsExactly("connector:cdc");
    assertThat(BacktestText.markdown(diff)).contains("orders-heartbeat");
    assertThat(BacktestDiff.of(before, before).onlyAfter()).isEmpty();
    assertThat(BacktestText.summary(BacktestDiff.of(before, before)))
        .isEqualTo("This change would not have changed who is told in these 3 d.");
  }

  @Test
  void the_command_replays_a_file_and_fails_on_request() throws IOException {
    Path yaml = folder.resolve("orders.yaml");
    Files.writeString(yaml, DATASET);
    StringWriter out = new StringWriter();
    CommandLine command = Main.commandLine().setOut(new PrintWriter(out));
    int status =
        command.execute(
            "backtest",
            yaml.toString(),
            "--signals",
            signals.toString(),
            "--fail-on",
            "page",
            "--quiet");
    assertThat(status).isEqualTo(1);
    assertThat(out.toString())
        .contains("2 pages and 0 tickets would have gone out for 3 objectives")
        .contains("orders-freshness: page from 2026-11-02 09:28 for");
  }

  @Test
  void json_lines_say_the_same_as_csv_and_bad_lines_are_named() throws IOException {
    Path lines = folder.resolve("signals.jsonl");
    Files.writeString(
        lines,
        """
        {"time": "2026-11-01T00:00:00Z", "metric": "m", "value": 1, "attributes": {"a": "b"}}
        {"time": "soon", "metric": "m", "value": 1}
        not json
        {"time": 1793491260, "metric": "m", "value": "x"}
        {"time": 1793491260000, "metric": "m", "value": 2, "a": "b"}
        """);
    SignalFile file = SignalFile.read(lines, "");
    assertThat(file.first()).isEqualTo(Instant.parse("2026-11-01T00:00:00Z"));
    assertThat(file.last()).isEqualTo(Instant.parse("2026-11-01T00:01:00Z"));
    assertThat(file.problems())
        .hasSize(3)
        .satisfiesExactlyInAnyOrder(
            problem -> assertThat(problem).contains("signals.jsonl:2: 'soon' is no time"),
            problem -> assertThat(problem).contains("signals.jsonl:3: this is not JSON"),
            problem -> assertThat(problem).contains("signals.jsonl:4: 'x' is not a number"));
  }

  @Test
  void a_file_without_signals_says_what_it_lacks() throws IOException {
    Path empty = folder.resolve("empty.csv");
    Files.writeString(empty, "when,what\n1,2\n");
    assertThatThrownBy(() -> SignalFile.read(empty, ""))
        .isInstanceOf(BacktestException.class)
        .hasMessageContaining("there is no 'metric'; add the column, or say --metric NAME");
  }

  private static Instant at(String dayAndTime) {
    return Instant.parse("2026-11-" + dayAndTime + ":00Z");
  }
}
