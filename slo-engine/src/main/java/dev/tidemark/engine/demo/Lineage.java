package dev.tidemark.engine.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Tells the engine, in OpenLineage's words, what a run read and wrote. Thread-safe. */
record Lineage(HttpClient client, URI address, String job, List<String> inputs, String output) {
  private static final String NAMESPACE = "flights";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Returns false if the engine did not take it; the next hour's event says the same edges. */
  boolean tell(String type, Instant time, String run) throws InterruptedException {
    try {
      String body =
          JSON.writeValueAsString(
              Map.of(
                  "eventType", type,
                  "eventTime", time.toString(),
                  "run", Map.of("runId", run),
                  "job", named(job),
                  "inputs", inputs.stream().map(Lineage::named).toList(),
                  "outputs", List.of(named(output)),
                  "producer", "https://tidemark.dev/demo",
                  "schemaURL", "https://openlineage.io/spec/2-0-2/OpenLineage.json"));
      HttpRequest request =
          HttpRequest.newBuilder(address)
              .timeout(Duration.ofSeconds(2))
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build();
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() < 300;
    } catch (IOException e) {
      return false;
    }
  }

  private static Map<String, String> named(String name) {
    return Map.of("namespace", NAMESPACE, "name", name);
  }
}
