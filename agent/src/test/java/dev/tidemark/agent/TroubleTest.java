package dev.tidemark.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is wrong with the agent or its engine, the pipeline goes on. */
class TroubleTest {
  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  private TidemarkAgent agent(String endpoint, Path buffer, long bytes) {
    return TidemarkAgent.forPipeline("p").endpoint(endpoint).buffer(buffer, bytes).build();
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 404, 429, 500, 503})
  void what_is_refused_for_now_waits_and_arrives_once(int status) throws Exception {
    try (Engine engine = new Engine()) {
      engine.answer(status);
      try (TidemarkAgent agent = agent(engine.address(), folder, 1 << 20)) {
        agent.dataset("d").observed(3);
        assertThat(agent.flush(Duration.ofMillis(300))).isFalse();
        assertThat(agent.stats().trouble()).contains(engine.address());
        assertThat(agent.stats().waiting()).isPositive();
        engine.answer(200);
        assertThat(agent.flush(Duration.ofSeconds(20))).isTrue();
        assertThat(agent.stats().trouble()).isEmpty();
      }
      assertThat(engine.sum("tidemark.records", "outcome", "observed")).isEqualTo(3);
    }
  }

  @Test
  void what_will_never_be_taken_is_given_up_and_counted() throws Exception {
    try (Engine engine = new Engine()) {
      engine.answer(400);
      try (TidemarkAgent agent = agent(engine.address(), folder, 1 << 20)) {
        agent.dataset("d").observed(3);
        assertThat(agent.flush(Duration.ofSeconds(10))).isTrue();
        assertThat(agent.stats().dropped()).isPositive();
        assertThat(agent.stats().trouble()).contains("refuses a request with 400");
      }
    }
  }

  @Test
  void an_engine_that_never_answers_holds_nothing_up() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      TidemarkAgent agent = agent("http://127.0.0.1:" + silent.getLocalPort(), folder, 1 << 20);
      agent.dataset("d").watermark(Instant.now());
      assertThat(agent.flush(Duration.ofMillis(100))).isFalse();
      agent.close();
      assertThat(agent.stats().waiting()).isPositive();
    }
  }

  @Test
  void a_full_buffer_gives_up_the_oldest_and_counts_it() {
    TidemarkAgent agent = agent("http://127.0.0.1:9", folder, 2_000);
    for (int i = 0; i < 20; i++) {
      agent.dataset("dataset-" + i).observed(i);
      assertThat(agent.flush(Duration.ZERO)).isFalse();
    }
    agent.close();
    assertThat(agent.stats().dropped()).isPositive();
    assertThat(agent.stats().waiting()).isPositive();
    long bytes =
        java.util.Arrays.stream(java.util.Objects.requireNonNull(folder.toFile().listFiles()))
            .mapToLong(java.io.File::length)
            .sum();
    assertThat(bytes).isLessThanOrEqualTo(2_000);
  }

  @Test
  void a_buffer_that_cannot_be_written_is_replaced_and_nothing_is_thrown() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    try (Engine engine = new Engine();
        TidemarkAgent agent = agent(engine.address(), file.resolve("below"), 1 << 20)) {
      assertThat(agent.buffer()).hasValueSatisfying(path -> assertThat(path).exists());
      assertThat(agent.stats().trouble()).contains("cannot be used");
      agent.dataset("d").observed(1);
      assertThat(agent.flush(Duration.ofSeconds(10))).isTrue();
      assertThat(engine.sum("tidemark.records", "outcome", "observed")).isEqualTo(1);
    }
  }

  @Test
  void nothing_that_a_pipeline_says_wrongly_is_thrown_at_it() {
    TidemarkAgent agent = agent("no address at all", folder, 1 << 20);
    agent.heartbeat("c", Duration.ZERO);
    agent.dataset("d").observed(-5);
    agent.dataset("d").processingLag(Duration.ofSeconds(Long.MAX_VALUE));
    agent.dataset("d").cost(Double.NaN);
    assertThat(agent.flush(Duration.ofMillis(200))).isFalse();
    assertThat(agent.stats().trouble()).contains("no address at all");
    agent.close();
    agent.close();
    agent.heartbeat("c", Duration.ofSeconds(1));
    agent.dataset("d").observed(5);
    agent.startRun().succeeded();
  }

  @Test
  void a_token_is_never_told_and_its_line_feed_does_no_harm() throws Exception {
    try (Engine engine = new Engine();
        TidemarkAgent agent =
            TidemarkAgent.forPipeline("p")
                .endpoint(engine.address())
                .token("secret-token-0123456789\n")
                .interval(Duration.ZERO)
                .buffer(folder.resolve("good"), 1 << 20)
                .build()) {
      agent.dataset("d").observed(1);
      assertThat(agent.flush(Duration.ofSeconds(10))).isTrue();
      assertThat(engine.tokens()).containsOnly("Bearer secret-token-0123456789");
    }
    try (Engine engine = new Engine();
        TidemarkAgent agent =
            TidemarkAgent.forPipeline("p")
                .endpoint(engine.address())
                .token("secret\nwith a line feed inside")
                .buffer(folder.resolve("bad"), 1 << 20)
                .build()) {
      agent.dataset("d").observed(1);
      assertThat(agent.flush(Duration.ofMillis(500))).isFalse();
      assertThat(agent.stats().trouble()).contains("no token").doesNotContain("secret");
    }
  }

  @Test
  void a_killed_pipeline_leaves_what_was_buffered_for_the_next() throws Exception {
    Process pipeline = pipeline(folder, "http://127.0.0.1:9");
    try {
      Engine.await(
          "three requests are on disk",
          () -> {
            try (var files = Files.list(folder)) {
              return files.filter(file -> file.toString().endsWith(".metrics")).count() >= 3;
            }
          });
    } finally {
      pipeline.destroyForcibly();
      assertThat(pipeline.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
    long[] said = new long[1];
    try (var files = Files.list(folder)) {
      said[0] = files.filter(file -> file.toString().endsWith(".metrics")).count();
    }
    Files.writeString(folder.resolve("part"), "half a request");
    try (Engine engine = new Engine();
        TidemarkAgent next = agent(engine.address(), folder, 1 << 20)) {
      assertThat(next.flush(Duration.ofSeconds(20))).isTrue();
      // Each request of the killed one carried one more record.
      assertThat(engine.sum("tidemark.records", "dataset", "orders")).isEqualTo(said[0]);
      assertThat(next.stats().dropped()).isZero();
    }
  }

  @Test
  void two_processes_do_not_share_a_buffer() throws Exception {
    Process first = pipeline(folder, "http://127.0.0.1:9");
    try {
      Engine.await("the first has it", () -> Files.exists(folder.resolve("lock")));
      Engine.await(
          "the first has written",
          () -> {
            try (var files = Files.list(folder)) {
              return files.anyMatch(file -> file.toString().endsWith(".metrics"));
            }
          });
      try (TidemarkAgent second = agent("http://127.0.0.1:9", folder, 1 << 20)) {
        assertThat(second.buffer()).contains(Path.of(folder + "-1"));
      }
    } finally {
      first.destroyForcibly();
      assertThat(first.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  /** A pipeline in a process of its own that says one record after the other. */
  static final class Pipeline {
    private Pipeline() {}

    public static void main(String[] args) {
      TidemarkAgent agent =
          TidemarkAgent.forPipeline("p")
              .endpoint(args[1])
              .buffer(Path.of(args[0]), 1 << 20)
              .interval(Duration.ofHours(1))
              .build();
      while (true) {
        agent.dataset("orders").observed(1);
        boolean ignored = agent.flush(Duration.ofMillis(20));
      }
    }
  }

  private static Process pipeline(Path buffer, String endpoint) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Pipeline.class.getName(),
                buffer.toString(),
                endpoint));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
