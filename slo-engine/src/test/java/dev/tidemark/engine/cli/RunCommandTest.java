package dev.tidemark.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.engine.server.ServerProcess;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tidemark run} around commands, against a running server and without one. */
class RunCommandTest {
  private static final String DEFINITIONS =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: orders}
      spec:
        producedBy: nightly
        objectives:
          - runs: {target: 90%, window: 7d, timeSlice: 1s}
      """;

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  private record Outcome(int exitCode, String output) {}

  private Outcome run(String url, String... command) throws Exception {
    List<String> all =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                "dev.tidemark.engine.cli.Main",
                "run",
                "--url",
                url,
                "--pipeline",
                "nightly",
                "--dataset",
                "orders",
                "--"));
    all.addAll(List.of(command));
    Path output = Files.createTempFile(folder, "output", ".txt");
    Process process =
        new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(output.toFile()).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Outcome(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
  }

  @Test
  void outcomes_feed_the_objective_also_those_from_while_the_server_was_away() throws Exception {
    Path definitions = Files.writeString(folder.resolve("orders.yaml"), DEFINITIONS);
    try (ServerProcess server =
        ServerProcess.start(folder.resolve("data"), "--definitions", definitions.toString())) {
      Outcome away = run("http://127.0.0.1:9", "echo", "--all");
      assertThat(away.exitCode()).isZero();
      assertThat(away.output())
          .startsWith("--all\n")
          .contains("Tidemark cannot be reached at 'http://127.0.0.1:9'")
          .contains("for the next run");
      Outcome failed = run(server.base().toString(), "sh", "-c", "echo no space; exit 3");
      assertThat(failed.exitCode()).isEqualTo(3);
      assertThat(failed.output()).isEqualTo("no space\n");
      Instant deadline = Instant.now().plusSeconds(60);
      JsonNode slo = slo(server);
      while (slo.path("total").asInt() < 2) {
        assertThat(Instant.now()).as("both runs are judged: %s", slo).isBefore(deadline);
        slo = slo(server);
      }
      assertThat(slo.path("good").asInt()).isEqualTo(1);
      assertThat(slo.path("total").asInt()).isEqualTo(2);
    }
  }

  private static JsonNode slo(ServerProcess server) throws Exception {
    return new ObjectMapper()
        .readTree(
            HttpClient.newHttpClient()
                .send(
                    HttpRequest.newBuilder(server.base().resolve("/api/v1/slos/orders-runs"))
                        .timeout(Duration.ofSeconds(10))
                        .build(),
                    HttpResponse.BodyHandlers.ofString())
                .body());
  }
}
