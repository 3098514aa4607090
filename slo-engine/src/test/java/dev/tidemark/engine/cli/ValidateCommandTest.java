package dev.tidemark.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The contract of {@code tidemark validate}: exit codes and forms of output. */
class ValidateCommandTest {
  private static final String GOOD =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: orders}
      spec:
        objectives:
          - freshness: {within: 5m}
      """;

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  private record Outcome(int exitCode, String out, String err) {}

  private static Outcome validate(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(out));
    command.setErr(new PrintWriter(err));
    String[] all = new String[arguments.length + 1];
    all[0] = "validate";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    int exitCode = command.execute(all);
    return new Outcome(exitCode, out.toString(), err.toString());
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  @Test
  void good_definitions_exit_with_0() throws Exception {
    Outcome outcome = validate(file("good.yaml", GOOD));

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out().lines()).containsExactly("1 dataset, 1 objective, no problems");
  }

  @Test
  void errors_of_all_files_come_in_one_go_with_their_places_and_exit_code_1() throws Exception {
    String typo = file("a.yaml", GOOD.replace("freshness", "freshnes"));
    String kind = file("b.yml", GOOD.replace("kind: Dataset", "kind: Datset"));
    String route =
        file(
            "c.yaml",
            """
            apiVersion: tidemark/v1
            kind: Route
            metadata: {name: everything}
            spec: {receiver: nobody}
            """);

    Outcome outcome = validate(folder.toString());

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.out().lines())
        .containsExactly(
            typo + ":6:7: 'freshnes' is no kind of objective; did you mean 'freshness'?",
            kind + ":2:7: kind 'Datset' is not known; did you mean 'Dataset'?",
            route + ":4:8: spec.receiver: there is no receiver 'nobody'; known are console",
            "1 dataset, 1 route, 3 errors");
  }

  @Test
  void kinds_are_counted_in_words_and_only_those_that_are_there() throws Exception {
    String calm =
        file(
            "calm.yaml",
            """
            apiVersion: tidemark/v1
            kind: TimeInterval
            metadata: {name: nights}
            spec: {times: [{from: "22:00", to: "06:00"}]}
            ---
            apiVersion: tidemark/v1
            kind: Receiver
            metadata: {name: a}
            spec: {console: {}}
            ---
            apiVersion: tidemark/v1
            kind: Receiver
            metadata: {name: b}
            spec: {console: {}}
            """);
    Outcome outcome = validate(calm);
    assertThat(outcome.out().lines().reduce((first, last) -> last))
        .hasValueSatisfying(sum -> assertThat(sum).startsWith("2 receivers, 1 time interval, "));

    assertThat(validate(file("empty.yaml", "# nothing yet\n")).out().lines())
        .containsExactly("no definitions, no problems");
  }

  @Test
  void a_file_that_cannot_be_read_is_a_problem_of_that_file_beside_those_of_others()
      throws Exception {
    Path latin = folder.resolve("a.yaml");
    // The umlaut is one byte in ISO-8859-1, which is no character in UTF-8.
    Files.write(latin, "# \u00fc\n".getBytes(StandardCharsets.ISO_8859_1));
    String typo = file("b.yaml", GOOD.replace("freshness", "freshnes"));

    Outcome outcome = validate(folder.toString());

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.out().lines())
        .containsExactly(
            latin
                + ":1:3: is not text in UTF-8; save it in that encoding, or take it out of the"
                + " folder",
            typo + ":6:7: 'freshnes' is no kind of objective; did you mean 'freshness'?",
            "1 dataset, 2 errors");
  }

  @Test
  void warnings_are_marked_and_exit_with_0() throws Exception {
    String file =
        file(
            "policy.yaml",
            """
            apiVersion: openslo/v1
            kind: AlertPolicy
            metadata: {name: page}
            spec:
              alertWhenBreaching: true
              conditions: [{conditionRef: burn}]
              notificationTargets: [{targetRef: oncall}]
            ---
            apiVersion: openslo/v1
            kind: AlertCondition
            metadata: {name: burn}
            spec: {severity: page, condition: {op: gte, threshold: 14.4, lookbackWindow: 1h}}
            ---
            apiVersion: openslo/v1
            kind: AlertNotificationTarget
            metadata: {name: oncall}
            spec: {target: slack}
            """);

    Outcome outcome = validate(file);

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out())
        .startsWith(file + ":5:3: warning: nothing refers to the AlertPolicy 'page'");
  }

  @Test
  void what_breaks_a_specification_is_a_warning_and_with_strict_an_error() throws Exception {
    String file =
        file(
            "service.yaml",
            """
            apiVersion: openslo/v1
            kind: Service
            metadata: {name: Shop}
            spec: {}
            """);

    Outcome lenient = validate(file);
    assertThat(lenient.exitCode()).isZero();
    assertThat(lenient.out()).startsWith(file + ":3:18: warning: 'Shop' is no name of RFC 1123");
    Outcome strict = validate("--strict", file);
    assertThat(strict.exitCode()).isEqualTo(1);
    assertThat(strict.out()).startsWith(file + ":3:18: 'Shop' is no name of RFC 1123");
  }

  @Test
  void json_names_the_same_for_programs() throws Exception {
    String file = file("a.yaml", GOOD.replace("within: 5m", "within: soon"));

    Outcome outcome = validate("--format", "json", file);

    assertThat(outcome.exitCode()).isEqualTo(1);
    JsonNode answer = new ObjectMapper().readTree(outcome.out());
    assertThat(answer.get("problems")).hasSize(1);
    JsonNode problem = answer.get("problems").get(0);
    assertThat(problem.get("file").asText()).isEqualTo(file);
    assertThat(problem.get("line").asInt()).isEqualTo(6);
    assertThat(problem.get("column").asInt()).isEqualTo(27);
    assertThat(problem.get("severity").asText()).isEqualTo("error");
    assertThat(problem.get("message").asText()).startsWith("'soon' is no duration");
  }

  @Test
  void a_selector_that_no_recorded_signal_matches_is_told_with_the_nearest_that_one_does()
      throws Exception {
    String definitions =
        file(
            "shop.yaml",
            """
            apiVersion: tidemark/v1
            kind: Dataset
            metadata: {name: shop}
            spec:
              objectives:
                - ratio: {name: fine, bad: {metric: http.requests, where: {outcome: error}}, total: {metric: http.requests}}
                - ratio: {name: region, good: {metric: http.requests, where: {shop: eur}}, total: {metric: http.requests}}
                - ratio: {name: metric, good: {metric: http.request.ok}, total: {metric: http.request}}
                - ratio: {name: attribute, good: {metric: http.requests, where: {zone: eu}}, total: {metric: http.requests}}
            """);
    String signals =
        file(
            "signals.csv",
            """
            time,metric,value,shop
            2026-11-01T00:00:00Z,http.requests,1,eu
            2026-11-01T00:01:00Z,http.requests,1,us
            """);

    Outcome outcome = validate("--signals", signals, definitions);

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out().lines())
        .containsExactly(
            definitions
                + ":7:7: warning: region asks for what was never seen: http.requests comes, but"
                + " never with shop=eur; nearest is 'eu'",
            definitions
                + ":8:7: warning: metric asks for what was never seen: no metric http.request.ok"
                + " has ever come; nearest is 'http.requests'",
            definitions
                + ":8:7: warning: metric asks for what was never seen: no metric http.request has"
                + " ever come; nearest is 'http.requests'",
            definitions
                + ":9:7: warning: attribute asks for what was never seen: http.requests comes, but"
                + " never with zone=eu (it comes without this attribute)",
            "1 dataset, 4 objectives, 4 warnings");
  }

  @Test
  void signals_that_cannot_be_read_exit_with_2() throws Exception {
    Outcome outcome =
        validate("--signals", folder.resolve("none.csv").toString(), file("good.yaml", GOOD));

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).startsWith("tidemark: cannot read ").contains("none.csv");
  }

  @Test
  void a_path_that_does_not_exist_exits_with_2() {
    Outcome outcome = validate(folder.resolve("nothing.yaml").toString());

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err())
        .isEqualTo("tidemark: " + folder.resolve("nothing.yaml") + " does not exist\n");
  }

  @Test
  void no_path_and_an_unknown_option_are_wrong_usage() {
    assertThat(validate().exitCode()).isEqualTo(2);
    assertThat(validate("--colour", "x").exitCode()).isEqualTo(2);
  }
}
