package dev.tidemark.agent.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.agent.Engine;
import dev.tidemark.agent.TidemarkAgent;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent around real commands. */
class CommandRunTest {
  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  private final List<String> said = new ArrayList<>();

  private int run(String endpoint, String... command) throws Exception {
    try (TidemarkAgent agent =
        TidemarkAgent.forPipeline("nightly")
            .endpoint(endpoint)
            .buffer(folder.resolve("buffer"), 1 << 20)
            .build()) {
      return new CommandRun(agent, "nightly", "orders", Duration.ofSeconds(30), said::add)
          .run(List.of(command));
    }
  }

  @Test
  void a_command_that_goes_well_is_a_success_with_heartbeat_duration_and_span() throws Exception {
    try (Engine engine = new Engine()) {
      Path seen = folder.resolve("seen");
      assertThat(
              run(
                  engine.address(),
                  "sh",
                  "-c",
                  "echo \"$TIDEMARK_RUN_ID $TRACEPARENT\" > \"$0\"",
                  seen.toString()))
          .isZero();
      assertThat(engine.sum("tidemark.runs", "outcome", "success")).isEqualTo(1);
      assertThat(engine.sum("tidemark.runs", "dataset", "orders")).isEqualTo(1);
      assertThat(engine.sum("tidemark.heartbeat", "connector", "nightly")).isEqualTo(1);
      assertThat(engine.metrics("tidemark.run.duration")).hasSize(1);
      Span span = engine.spans().get(0);
      Map<String, String> attributes = Engine.attributes(span.getAttributesList());
      assertThat(attributes).containsEntry("process.exit.code", "0");
      String hex = java.util.HexFormat.of().formatHex(span.getTraceId().toByteArray());
      assertThat(Files.readString(seen)).startsWith(attributes.get("run.id") + " 00-" + hex + "-");
      assertThat(said).isEmpty();
    }
  }

  @Test
  void the_exit_code_of_a_command_that_fails_is_kept_and_told() throws Exception {
    try (Engine engine = new Engine()) {
      assertThat(run(engine.address(), "sh", "-c", "exit 3")).isEqualTo(3);
      assertThat(engine.sum("tidemark.runs", "outcome", "failure")).isEqualTo(1);
      Span span = engine.spans().get(0);
      assertThat(span.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
      assertThat(span.getStatus().getMessage()).isEqualTo("exit code 3");
    }
  }

  @Test
  void a_command_ended_by_a_signal_is_a_failure_that_names_it() throws Exception {
    try (Engine engine = new Engine()) {
      assertThat(run(engine.address(), "sh", "-c", "kill -9 $$")).isEqualTo(137);
      assertThat(engine.spans().get(0).getStatus().getMessage())
          .isEqualTo("exit code 137 (ended by signal 9)");
    }
  }

  @Test
  void a_command_that_is_not_there_is_said_as_shells_do() throws Exception {
    try (Engine engine = new Engine()) {
      assertThat(run(engine.address(), "no-such-command-anywhere")).isEqualTo(127);
      assertThat(said).containsExactly("no-such-command-anywhere was not found");
      assertThat(engine.sum("tidemark.runs", "outcome", "failure")).isEqualTo(1);
      Path plain = Files.writeString(folder.resolve("plain"), "no program");
      assertThat(run(engine.address(), plain.toString())).isEqualTo(126);
    }
  }

  @Test
  void a_command_runs_although_the_engine_is_away_and_is_told_of_by_the_next() throws Exception {
    assertThat(run("http://127.0.0.1:9", "true")).isZero();
    try (Engine engine = new Engine()) {
      assertThat(run(engine.address(), "true")).isZero();
      Engine.await("both runs", () -> engine.sum("tidemark.runs", "outcome", "success") == 2);
    }
  }
}
