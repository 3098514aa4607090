package dev.tidemark.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * {@code tidemark backtest} as somebody meets it who has recorded signals: a day of 100 requests a
 * minute, of which 30 fail from 12:00 to 12:30.
 */
class BacktestCommandTest {
  /** 900 of 144,000 fail; 144 may. */
  private static final String STRICT = definitions("99.9%");

  /** 14,400 may fail, and half an hour of it is no faster than 1.5 over an hour. */
  private static final String LOOSE = definitions("90%");

  /** Twelve hours of a whole budget, then it is overspent. */
  private static final String OVER_TIME = "█".repeat(12) + "×".repeat(12);

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  private String signals = "";
  private String strict = "";
  private String loose = "";

  private record Outcome(int exitCode, String out, String err) {}

  private static String definitions(String target) {
    return """
        apiVersion: tidemark/v1
        kind: Dataset
        metadata: {name: orders}
        spec:
          objectives:
            - ratio:
                good: {metric: http.requests, where: {outcome: ok}}
                total: {metric: http.requests}
                target: %s
                window: 30d
        """
        .formatted(target);
  }

  @BeforeEach
  void write_what_is_replayed() throws IOException {
    StringBuilder csv = new StringBuilder("time,metric,value,outcome,kind\n");
    long start = Instant.parse("2026-11-01T00:00:00Z").getEpochSecond();
    for (int minute = 0; minute < 1_440; minute++) {
      long at = start + minute * 60L;
      int bad = minute >= 720 && minute < 750 ? 30 : 0;
      csv.append(at).append(",http.requests,").append(100 - bad).append(",ok,delta\n");
      csv.append(at).append(",http.requests,").append(bad).append(",error,delta\n");
    }
    signals = Files.writeString(folder.resolve("signals.csv"), csv).toString();
    strict = Files.writeString(folder.resolve("strict.yaml"), STRICT).toString();
    loose = Files.writeString(folder.resolve("loose.yaml"), LOOSE).toString();
  }

  private Outcome backtest(String... arguments) {
    List<String> all = new ArrayList<>(List.of("backtest", "--signals", signals));
    all.addAll(List.of(arguments));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int exitCode = command.execute(all.toArray(String[]::new));
    return new Outcome(exitCode, out.toString(), err.toString());
  }

  @Test
  void text_has_the_summary_a_table_with_the_budget_over_time_and_who_would_have_been_told() {
    Outcome outcome = backtest(strict);

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out().lines().toList())
        .first()
        .asString()
        .isEqualTo(
            "From 2026-11-01 00:00 to 2026-11-02 00:00 (1 d): 1 page and 0 tickets would have gone"
                + " out for 1 objective; 2880 signals replayed.");
    assertThat(outcome.out().lines())
        .anySatisfy(
            line ->
                assertThat(line)
                    .matches(
                        "OBJECTIVE +TARGET +MEASURED +BUDGET LEFT +LOWEST +BUDGET OVER TIME +PAGES"
                            + " +TICKETS +LEFT"))
        .anySatisfy(
            line -> assertThat(line).startsWith("orders-ratio").contains("  " + OVER_TIME + "  "))
        .contains(
            "Budget over time: a sign is 1 h, █ all of it is left, ▁ the last eighth, × nothing, ·"
                + " not measured.",
            "Who would have been told:")
        // The page of an hour is due at 12:04, as worked out in BacktestTest. Here half a day has
        // passed, not two, and the ticket of three days comes before it: 60 of 72,200 at 12:02 are
        // 0.083 % and do not reach 0.1 %; 90 of 72,300 at 12:03 are 0.124 %, and the interval
        // begins
        // at 0.1037 % (scipy.stats.beta); of the last six hours 90 of 36,000 are 0.25 %. Conditions
        // hold from then on, and the most severe of them names the stretch.
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("  orders-ratio: page from 2026-11-01 12:03 for ")
                    .endsWith("(14.4× over 1 h and 5 min)"));
    assertThat(outcome.out()).doesNotContain("|", "###");
  }

  @Test
  void markdown_has_the_same_in_tables_of_its_own() {
    Outcome outcome = backtest(strict, "--format", "markdown");

    assertThat(outcome.out())
        .startsWith(
            "### Tidemark backtest\n\nFrom 2026-11-01 00:00 to 2026-11-02 00:00 (1 d): 1 page")
        .contains(
            "| objective | target | measured | budget left | lowest | budget over time | pages |"
                + " tickets | left |\n| --- |",
            "| " + OVER_TIME + " |",
            "Budget over time: a sign is 1 h,",
            "#### Who would have been told\n\n| when (UTC) |");
  }

  @Test
  void json_has_every_moment_of_the_budget() throws IOException {
    JsonNode result = new ObjectMapper().readTree(backtest(strict, "--format", "json").out());

    assertThat(result.path("pages").asInt()).isEqualTo(1);
    JsonNode objective = result.path("objectives").path(0);
    assertThat(objective.path("good").asInt()).isEqualTo(143_100);
    // 1 - 900 / 144
    assertThat(objective.path("budgetLeftRatio").asDouble())
        .isEqualTo(-5.25, org.assertj.core.api.Assertions.within(1e-9));
    // 1,440 minutes in 360 moments, and the end.
    assertThat(objective.path("budgetLeft")).hasSizeBetween(360, 361);
  }

  @Test
  void a_change_is_told_in_every_format() throws IOException {
    String sentence =
        "This change would have paged 1 time more and opened as many tickets in these 1 d.";
    Outcome text = backtest(strict, "--against", loose);
    assertThat(text.out().lines().toList()).first().isEqualTo(sentence);
    assertThat(text.out())
        .contains("OVER TIME BEFORE", OVER_TIME, "Only with this change:")
        .doesNotContain("No longer with this change:", "|");
    assertThat(backtest(strict, "--against", loose, "--format", "markdown").out())
        .startsWith("### Tidemark backtest of this change\n\n**" + sentence + "**\n")
        .contains("| " + OVER_TIME + " |", "#### Only with this change");
    JsonNode json =
        new ObjectMapper().readTree(backtest(strict, "--against", loose, "--format", "json").out());
    assertThat(json.path("morePages").asInt()).isEqualTo(1);
    assertThat(json.path("onlyAfter")).hasSize(1);
    assertThat(json.path("onlyBefore")).isEmpty();
    assertThat(json.path("before").path("pages").asInt()).isZero();
  }

  @Test
  void a_build_fails_on_pages_and_with_a_comparison_on_more_of_them_only() {
    assertThat(backtest(strict).exitCode()).isZero();
    assertThat(backtest(strict, "--fail-on", "page").exitCode()).isEqualTo(1);
    assertThat(backtest(loose, "--fail-on", "ticket").exitCode()).isZero();
    assertThat(backtest(strict, "--against", loose, "--fail-on", "page").exitCode()).isEqualTo(1);
    assertThat(backtest(strict, "--against", strict, "--fail-on", "page").exitCode()).isZero();
    assertThat(backtest(loose, "--against", strict, "--fail-on", "ticket").exitCode()).isZero();
  }

  @Test
  void progress_goes_to_the_error_stream_up_to_the_end_and_is_left_out_on_request() {
    assertThat(backtest(strict).err().lines())
        .allSatisfy(line -> assertThat(line).matches("replayed \\d+ %"))
        .hasSizeBetween(5, 11)
        .last()
        .isEqualTo("replayed 100 %");
    assertThat(backtest(strict, "--quiet").err()).isEmpty();
  }

  @Test
  void what_cannot_be_replayed_says_why_and_exits_with_2() throws IOException {
    Outcome wrongTime = backtest(strict, "--from", "yesterday");
    assertThat(wrongTime.exitCode()).isEqualTo(2);
    assertThat(wrongTime.err()).contains("'yesterday' is no moment; write 2026-11-01");
    String broken =
        Files.writeString(folder.resolve("broken.yaml"), STRICT.replace("99.9%", "much"))
            .toString();
    Outcome wrongDefinition = backtest(broken);
    assertThat(wrongDefinition.exitCode()).isEqualTo(2);
    assertThat(wrongDefinition.err())
        .contains("broken.yaml:9:", "the definitions have errors; nothing was replayed");
    Outcome wrongFormat = backtest(strict, "--format", "pdf");
    assertThat(wrongFormat.exitCode()).isEqualTo(2);
    assertThat(wrongFormat.err()).contains("pdf", "text, json, markdown");
  }
}
