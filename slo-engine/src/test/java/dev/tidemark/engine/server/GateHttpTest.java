package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code /api/v1/gates} of a running server, before the first signal, while good, and spent. */
class GateHttpTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void a_gate_is_open_while_unknown_or_good_and_closed_until_a_moment_when_spent(
      @TempDir Path folder) throws Exception {
    Path definitions =
        Files.writeString(
            folder.resolve("orders.yaml"),
            """
            apiVersion: tidemark/v1
            kind: Dataset
            metadata: {name: orders}
            spec:
              objectives:
                - ratio: {timeSlice: 1s, window: day, good: {metric: m, where: {ok: y}}, total: {metric: m}}
            """);
    try (ServerProcess server =
            ServerProcess.start(folder.resolve("data"), "--definitions", definitions.toString());
        SignalSender sender = new SignalSender(server.base(), -1)) {
      JsonNode unknown = gate(sender);
      assertThat(unknown.path("open").asBoolean()).isTrue();
      assertThat(unknown.path("unknown").path(0).asText()).isEqualTo("orders-ratio");
      assertThat(unknown.has("until")).isFalse();
      assertThat(sender.get("/api/v1/gates/refunds").statusCode()).isEqualTo(404);

      await(sender, "y", "the budgets of 1 objective(s) allow it");
      JsonNode closed = await(sender, "n", "no error budget left");
      assertThat(closed.path("open").asBoolean()).isFalse();
      // The day's budget begins anew at the next midnight, whatever else has cooled down by then.
      Instant until = Instant.parse(closed.path("until").asText());
      assertThat(until).isAfter(Instant.now().minusSeconds(60));
    }
  }

  @CanIgnoreReturnValue
  private static JsonNode await(SignalSender sender, String ok, String words) throws Exception {
    Instant deadline = Instant.now().plusSeconds(90);
    while (true) {
      sender.counter("m", 100, Map.of("ok", ok), Instant.now());
      JsonNode gate = gate(sender);
      if (gate.path("reason").asText().contains(words)) {
        return gate;
      }
      assertThat(Instant.now()).as("%s", gate).isBefore(deadline);
    }
  }

  private static JsonNode gate(SignalSender sender) throws Exception {
    return JSON.readTree(sender.get("/api/v1/gates/orders").body());
  }
}
