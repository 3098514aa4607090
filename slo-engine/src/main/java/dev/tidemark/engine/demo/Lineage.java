package dev.tidemark.engine.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells the engine, in OpenLineage's words, what a run read and wrote. Thread-safe. */
record Lineage(
    HttpClient client,
    URI address,
    String job,
    List<String> inputs,
    String output,
    List<String[]> columns) {
  private static final String NAMESPACE = "flights";
  private static final String PRODUCER = "https://tidemark.dev/demo";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Returns false if the engine did not take it; the next hour's event says the same edges. */
  boolean tell(String type, Instant time, String run, long rows) throws InterruptedException {
    try {
      String body =
          JSON.writeValueAsString(
              Map.of(
                  "eventType", type,
                  "eventTime", time.toString(),
                  "run", Map.of("runId", run),
                  "job", named(job),
                  "inputs", inputs.stream().map(Lineage::named).toList(),
                  "outputs", List.of(written(rows)),
                  "producer", PRODUCER,
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

  private Map<String, Object> written(long rows) {
    List<Map<String, String>> fields =
        columns.stream().map(column -> Map.of("name", column[0], "type", column[1])).toList();
    return Map.of(
        "namespace",
        NAMESPACE,
        "name",
        output,
        "facets",
        Map.of("schema", facet("SchemaDatasetFacet", Map.of("fields", fields))),
        "outputFacets",
        Map.of(
            "outputStatistics",
            facet("OutputStatisticsOutputDatasetFacet", Map.of("rowCount", rows))));
  }

  private static Map<String, Object> facet(String name, Map<String, ?> content) {
    Map<String, Object> facet = new HashMap<>(content);
    facet.put("_producer", PRODUCER);
    facet.put("_schemaURL", "https://openlineage.io/spec/facets/1-0-2/" + name + ".json");
    return facet;
  }

  private static Map<String, String> named(String name) {
    return Map.of("namespace", NAMESPACE, "name", name);
  }
}
