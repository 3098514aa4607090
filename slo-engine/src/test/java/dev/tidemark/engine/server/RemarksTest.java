package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Definitions that cannot work as they are, told by the running server. */
class RemarksTest {
  private static final String DEFINITIONS =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: orders}
      spec:
        objectives:
          - ratio: {name: misspelt, timeSlice: 1s, good: {metric: http.request.ok}, total: {metric: http.request}}
          - ratio: {name: otherwise, timeSlice: 1s, good: {metric: http.requests, where: {shop: eur}}, total: {metric: http.requests}}
          - ratio: {name: nameless, timeSlice: 1s, good: {metric: http.requests, where: {region: eu}}, total: {metric: http.requests}}
          - ratio: {name: reversed, timeSlice: 1s, good: {metric: http.requests}, total: {metric: http.requests, where: {shop: eu}}}
          - ratio: {name: hopeless, timeSlice: 1s, good: {metric: http.requests, where: {shop: us}}, total: {metric: http.errors}}
          - ratio: {name: fine, timeSlice: 1s, bad: {metric: http.refusals}, total: {metric: http.requests}}
      """;
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void selectors_without_a_series_shares_above_the_whole_and_constant_burning_are_told(
      @TempDir Path folder) throws Exception {
    Path definitions = Files.writeString(folder.resolve("orders.yaml"), DEFINITIONS);
    try (ServerProcess server =
            ServerProcess.start(folder.resolve("data"), "--definitions", definitions.toString());
        SignalSender sender = new SignalSender(server.base(), -1)) {
      Map<String, String> told = new TreeMap<>();
      Instant deadline = Instant.now().plusSeconds(90);
      Instant sent = Instant.EPOCH;
      // Five objectives have something odd; constant burning takes ten slices.
      while (told.size() < 5 || !told.getOrDefault("hopeless", "").startsWith("always-bad")) {
        assertThat(Instant.now()).as("%s", told).isBefore(deadline);
        if (Duration.between(sent, Instant.now()).toMillis() > 500) {
          sent = Instant.now();
          sender.counter("http.requests", 10, Map.of("shop", "eu"), sent);
          sender.counter("http.requests", 1, Map.of("shop", "asia"), sent);
          sender.counter("http.errors", 5, Map.of("shop", "eu"), sent);
          // Seen once, long before it is judged: the selector is right all the same.
          sender.counter("http.requests", 1, Map.of("shop", "us"), sent.minusSeconds(7_200));
        }
        told.clear();
        told.putAll(told(sender));
      }
      assertThat(told)
          .containsOnlyKeys("misspelt", "otherwise", "nameless", "reversed", "hopeless");
      assertThat(told.get("misspelt"))
          .contains(
              "never-matched: no signal has ever matched: no metric http.request has ever come;"
                  + " nearest is 'http.requests'");
      assertThat(told.get("otherwise"))
          .isEqualTo(
              "never-matched: no signal has ever matched: http.requests comes, but never with"
                  + " shop=eur; nearest is 'eu'");
      assertThat(told.get("nameless"))
          .isEqualTo(
              "never-matched: no signal has ever matched: http.requests comes, but never with"
                  + " region=eu (it comes without this attribute)");
      assertThat(told.get("reversed")).startsWith("more-than-all: in the slice of 2");
      assertThat(sender.get("/slos/misspelt").body())
          .contains("Look at its definition", "no signal has ever matched");
      assertThat(sender.get("/metrics").body())
          .contains(
              "tidemark_objective_remarks{objective=\"misspelt\",kind=\"never-matched\",} 1.0",
              "tidemark_objective_remarks{objective=\"hopeless\",kind=\"always-bad\",} 1.0")
          .doesNotContain("objective=\"fine\"");
      server.kill();
    }
    // What was stored before a start has been seen, although it comes no more.
    try (ServerProcess server =
            ServerProcess.start(folder.resolve("data"), "--definitions", definitions.toString());
        SignalSender sender = new SignalSender(server.base(), -1)) {
      Map<String, String> told = new TreeMap<>();
      Instant deadline = Instant.now().plusSeconds(60);
      while (!told.containsKey("misspelt")) {
        assertThat(Instant.now()).as("%s", told).isBefore(deadline);
        told.putAll(told(sender));
      }
      assertThat(told.get("misspelt")).contains("nearest is 'http.requests'");
      assertThat(told.get("otherwise")).contains("nearest is 'eu'");
      assertThat(told).doesNotContainKey("fine");
    }
  }

  private static Map<String, String> told(SignalSender sender) throws Exception {
    Map<String, String> told = new TreeMap<>();
    for (JsonNode slo : JSON.readTree(sender.get("/api/v1/slos").body()).path("slos")) {
      for (JsonNode remark : slo.path("remarks")) {
        told.merge(
            slo.path("name").asText(),
            remark.path("kind").asText() + ": " + remark.path("text").asText(),
            (a, b) -> a + "\n" + b);
      }
    }
    return told;
  }
}
