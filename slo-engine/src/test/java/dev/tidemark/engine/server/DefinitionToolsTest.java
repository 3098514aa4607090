package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.engine.Told;
import dev.tidemark.engine.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * What is done with definitions before they are in force, against a server that has a history: a
 * connector that beats every minute for three hours, but for half an hour whose beats waited
 * somewhere and came all at once, and half an hour of silence that was declared beforehand.
 */
class DefinitionToolsTest {
  private static final String DEFINITIONS =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: orders}
      spec:
        objectives:
          - heartbeat: {connector: cdc, every: 1m, target: 99%, window: 7d,
              alerting: {conditions: [{long: 20m, short: 5m, factor: 10, severity: page}]}}
      """
          + Told.ON_TERMINAL;

  private static StoryWorld world;
  private static Path folder;
  private static Instant begin;
  private static JsonNode live;
  private static String definitions;

  private record Outcome(int exitCode, String out, String err) {}

  @BeforeAll
  static void live_through_it(@TempDir Path fresh) throws Exception {
    folder = fresh;
    world = new StoryWorld(folder, "2026-03-02T08:00:00Z", DEFINITIONS);
    begin = world.now();
    definitions = folder.resolve("story.yaml").toString();
    StoryWorld.Signals beats = DefinitionToolsTest::beat;
    world.minutes(60, beats);
    List<Instant> held = new ArrayList<>();
    world.minutes(30, held::add);
    for (Instant at : held) {
      beat(at);
    }
    world.minutes(30, beats);
    live = world.json("/api/v1/incidents?state=all").path("incidents");
    JsonNode declared =
        world.post(
            "/api/v1/backfills",
            Map.of(
                "covers", List.of("cdc"),
                "duration", "PT1H",
                "ticket", "OPS-1",
                "reason", "the connector is moved",
                "kind", "maintenance"));
    assertThat(declared.path("state").asText()).isEqualTo("active");
    world.minutes(30, at -> {});
    world.minutes(30, beats);
  }

  private static void beat(Instant at) throws Exception {
    world.sender().counter("tidemark.heartbeat", 1, Map.of("connector", "cdc"), at);
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  private static Outcome tidemark(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--url", world.address().toString()));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int exitCode = command.execute(all.toArray(String[]::new));
    return new Outcome(exitCode, out.toString(), err.toString());
  }

  private static Outcome backtest(String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "backtest",
                definitions,
                "--from",
                begin.toString(),
                "--to",
                world.now().toString()));
    all.addAll(List.of(more));
    return tidemark(all.toArray(String[]::new));
  }

  @Test
  void the_replay_pages_as_the_live_run_did_for_what_came_late_and_not_for_what_was_declared()
      throws Exception {
    assertThat(live).hasSize(1);
    Instant opened = Instant.parse(live.path(0).path("openedAt").asText());
    JsonNode replayed = new ObjectMapper().readTree(backtest("--format", "json").out());
    assertThat(replayed.path("incidents")).hasSize(1);
    JsonNode page = replayed.path("incidents").path(0);
    assertThat(page.path("severity").asText()).isEqualTo("page");
    assertThat(Duration.between(Instant.parse(page.path("at").asText()), opened).abs())
        .isLessThanOrEqualTo(Duration.ofMinutes(1));
    assertThat(page.path("receivers").toString()).isEqualTo("[\"terminal\"]");
  }

  @Test
  void with_every_signal_known_at_its_event_time_nobody_would_have_been_told() throws Exception {
    JsonNode replayed =
        new ObjectMapper().readTree(backtest("--format", "json", "--known", "event").out());
    assertThat(replayed.path("incidents")).isEmpty();
    // 150 were sent; the last, at the end of the stretch, is not before it.
    assertThat(replayed.path("signals").asInt()).isEqualTo(149);
  }

  @Test
  void the_server_answers_in_the_format_that_was_asked_for_and_tells_how_far_it_is() {
    Outcome text = backtest();
    assertThat(text.exitCode()).isZero();
    assertThat(text.out())
        .startsWith("From " + begin.toString().substring(0, 10) + " 08:00 to ")
        .contains("1 page and 0 tickets would have gone out for 1 objective; 149 signals")
        .contains("\nOBJECTIVE  ")
        .contains("Budget over time: a sign is 7 min,")
        .doesNotContain("|", "###");
    assertThat(text.err().lines()).last().isEqualTo("replayed 100 %");
    Outcome markdown = backtest("--format", "markdown", "--quiet", "--fail-on", "page");
    assertThat(markdown.exitCode()).isEqualTo(1);
    assertThat(markdown.err()).isEmpty();
    assertThat(markdown.out()).startsWith("### Tidemark backtest\n").contains("| objective |");
  }

  @Test
  void a_change_is_compared_with_the_definitions_as_they_were() throws Exception {
    String patient =
        Files.writeString(
                folder.resolve("patient.yaml"),
                Files.readString(Path.of(definitions)).replace("every: 1m", "every: 1h"))
            .toString();
    Outcome spared =
        tidemark(
            "backtest",
            patient,
            "--against",
            definitions,
            "--from",
            begin.toString(),
            "--to",
            world.now().toString(),
            "--fail-on",
            "page");
    assertThat(spared.exitCode()).isZero();
    assertThat(spared.out())
        .startsWith("This change would have paged 1 time less and opened as many tickets")
        .contains("No longer with this change:");
    Outcome added = backtest("--against", patient, "--fail-on", "page", "--format", "json");
    assertThat(added.exitCode()).isEqualTo(1);
    assertThat(new ObjectMapper().readTree(added.out()).path("morePages").asInt()).isEqualTo(1);
  }

  @Test
  void selectors_that_nothing_stored_has_ever_matched_are_warned_of() throws Exception {
    String other =
        Files.writeString(
                folder.resolve("other.yaml"),
                """
                apiVersion: tidemark/v1
                kind: Dataset
                metadata: {name: orders}
                spec:
                  objectives:
                    - heartbeat: {connector: cdc, every: 1m}
                    - heartbeat: {name: typo, connector: cdd, every: 1m}
                    - freshness: {within: 5m}
                """)
            .toString();
    Outcome outcome = tidemark("validate", other);
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out().lines())
        .hasSize(3)
        .satisfiesExactly(
            typo ->
                assertThat(typo)
                    .startsWith(other + ":7:7: warning: typo asks for what was never seen:")
                    .contains("tidemark.heartbeat comes, but never with connector=cdd")
                    .endsWith("; nearest is 'cdc'"),
            freshness ->
                assertThat(freshness)
                    .startsWith(other + ":8:7: warning: orders-freshness asks for")
                    .contains("no metric tidemark.watermark has ever come"),
            sum -> assertThat(sum).isEqualTo("1 dataset, 3 objectives, 2 warnings"));
  }

  @Test
  void a_terminal_shows_until_when_a_budget_lasts() {
    // 28 slices of silence were bad; 1 % of 7 d are 100.8 minutes.
    Outcome slo = tidemark("slo", "orders-heartbeat");
    assertThat(slo.out()).containsPattern("lasts until  \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d .*UTC");
    assertThat(tidemark("status").out())
        .contains("LASTS UNTIL (UTC)")
        .containsPattern("73 bad minutes left  \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d");
  }
}
