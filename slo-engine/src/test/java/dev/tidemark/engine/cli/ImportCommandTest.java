package dev.tidemark.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The contract of {@code tidemark import}: options, exit codes and forms of output. */
class ImportCommandTest {
  private static final String PYRRA =
      """
      apiVersion: pyrra.dev/v1alpha1
      kind: ServiceLevelObjective
      metadata: {name: orders}
      spec:
        target: "99"
        window: 4w
        indicator: {ratio: {errors: {metric: bad_total}, total: {metric: all_total}}}
        alerting: {absent: false}
      """;

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  private record Outcome(int exitCode, String out, String err) {}

  private static Outcome run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(out));
    command.setErr(new PrintWriter(err));
    int exitCode = command.execute(arguments);
    return new Outcome(exitCode, out.toString(), err.toString());
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  @Test
  void what_comes_over_whole_exits_with_0_and_validates() throws Exception {
    String ours = folder.resolve("ours.yaml").toString();

    Outcome outcome = run("import", file("theirs.yml", PYRRA), "--to", ours);

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).isEmpty();
    assertThat(run("validate", ours).out().lines()).containsExactly("1 objective, no problems");
  }

  @Test
  void losses_exit_with_1_and_stand_on_stderr_and_before_their_objective() throws Exception {
    String theirs = file("theirs.yml", PYRRA.replace("{absent: false}", "{}"));

    Outcome outcome = run("import", theirs);

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).startsWith(theirs + ":8:13: warning: Pyrra's alert for an absent");
    assertThat(outcome.out()).startsWith("# lost: " + theirs + ":8:13: warning: ");
  }

  @Test
  void the_tool_can_be_named_and_has_to_be_known() throws Exception {
    String theirs = file("theirs.yml", PYRRA);

    assertThat(run("import", "--from", "pyrra", theirs).exitCode()).isZero();
    Outcome wrong = run("import", "--from", "slo-generator", theirs);
    assertThat(wrong.exitCode()).isEqualTo(1);
    assertThat(wrong.err()).contains("this is no objective of slo-generator");
    Outcome unknown = run("import", "--from", "nagios", theirs);
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("slo-generator").contains("nagios");
  }

  @Test
  void json_has_the_losses_with_their_places() throws Exception {
    String theirs = file("theirs.yml", PYRRA.replace("\"99\"", "\"100\""));

    Outcome outcome = run("import", "--format", "json", theirs);

    JsonNode json = new ObjectMapper().readTree(outcome.out());
    assertThat(json.get("objectives").asInt()).isZero();
    assertThat(json.get("losses")).hasSize(1);
    assertThat(json.get("losses").get(0).get("line").asInt()).isEqualTo(5);
    assertThat(json.get("losses").get(0).get("severity").asText()).isEqualTo("error");
  }

  @Test
  void a_file_that_is_not_there_exits_with_2() {
    assertThat(run("import", folder.resolve("none.yml").toString()).exitCode()).isEqualTo(2);
  }
}
