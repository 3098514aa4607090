package dev.tidemark.engine.alertmanager;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.server.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Accepted alerts are told although the server and its store are killed before they were. */
class AlertCrashTest {
  private static final int ALERTS = 10_000;
  private static final int GROUPS = 2_000;
  private static final String ROUTES =
      """
      apiVersion: tidemark/v1
      kind: Receiver
      metadata: {name: hook}
      spec: {webhook: {url: "%s"}}
      ---
      apiVersion: tidemark/v1
      kind: Route
      metadata: {name: everything}
      spec: {receiver: hook, groupWait: %s, groupInterval: 1s}
      """;

  /** {@code -Dcrash.seeds=100} tries more moments than a build has time for. */
  private static LongStream seeds() {
    return LongStream.rangeClosed(1, Long.getLong("crash.seeds", 2));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void none_of_10_000_accepted_alerts_is_never_told_after_kill_9_at_any_moment(
      long seed, @TempDir Path folder) throws Exception {
    Random random = new Random(seed);
    Path data = folder.resolve("data");
    try (AlertLoad load = new AlertLoad(ALERTS, GROUPS)) {
      Path routes = folder.resolve("routes.yaml");
      Files.writeString(routes, ROUTES.formatted(load.receiverUrl(), "2s"));
      try (ServerProcess server = ServerProcess.start(data, "--definitions", routes.toString())) {
        double took = load.send(server.base(), 250, 4);
        assertThat(took).isPositive();
        // Up to the middle of the sending of notifications, which begins two seconds later.
        TimeUnit.MILLISECONDS.sleep(random.nextInt(4_000));
        if (random.nextBoolean()) {
          // The store goes first, so that nothing more reaches it.
          boolean killed = server.clickHouse().destroyForcibly();
          assertThat(killed).isTrue();
          TimeUnit.MILLISECONDS.sleep(random.nextInt(300));
        }
        server.kill();
      }
      try (ServerProcess server = ServerProcess.start(data, "--definitions", routes.toString())) {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(90));
        while (load.notified() < ALERTS && Instant.now().isBefore(deadline)) {
          TimeUnit.MILLISECONDS.sleep(50);
        }
        assertThat(ALERTS - load.notified())
            .as("alerts that nobody was told of; the server said %s", server.output())
            .isZero();
        // A crash between sending and marking sends again, but nothing that the receiver cannot
        // recognise: one key for a group, one message of that kind, and the same words for its id.
        assertThat(load.keys()).hasSize(GROUPS).allSatisfy((group, keys) -> only(keys));
        assertThat(load.messages()).isNotEmpty().allSatisfy((id, said) -> only(said));
        assertThat(load.told().entrySet())
            .filteredOn(told -> told.getKey().endsWith(" triggered"))
            .hasSize(GROUPS)
            .allSatisfy(told -> only(told.getValue()));
      }
    }
  }

  private static void only(Set<String> one) {
    assertThat(one).hasSize(1);
  }
}
