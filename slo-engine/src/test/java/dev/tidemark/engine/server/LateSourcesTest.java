package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources with a lateness of their own, and with names of their own for datasets, from outside. */
class LateSourcesTest {
  private static final String BEGIN = "2026-03-02T08:00:00Z";
  private static final Map<String, String> VISITS =
      Map.of("dataset", "visits", "outcome", "observed");
  private static final String DEFINITIONS =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: visits}
      spec: {objectives: [{validity: {target: 99%, window: 7d}}]}
      ---
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: shop.orders}
      spec: {objectives: [{validity: {target: 99%, window: 7d}}]}
      ---
      apiVersion: tidemark/v1
      kind: Pipeline
      metadata: {name: mobile}
      spec: {allowedLateness: 6h}
      ---
      apiVersion: tidemark/v1
      kind: Pipeline
      metadata: {name: web}
      spec: {allowedLateness: 10m}
      """;

  @Test
  void the_same_lateness_counts_for_one_source_and_is_too_late_for_the_other(@TempDir Path folder)
      throws Exception {
    try (StoryWorld world = new StoryWorld(folder, BEGIN, DEFINITIONS)) {
      Instant begin = world.now();
      world.pass(
          begin.plus(Duration.ofHours(1)),
          Duration.ofMinutes(20),
          at -> {
            world.sender().counter("mobile", "tidemark.records", 100, VISITS, at.minusSeconds(1));
            world.sender().counter("web", "tidemark.records", 1_000, VISITS, at.minusSeconds(1));
          });
      assertThat(total(world)).isEqualTo(3 * 1_100);

      // Both tell after an hour of half past eight.
      Instant half = begin.plus(Duration.ofMinutes(30));
      world.sender().counter("mobile", "tidemark.records", 7, VISITS, half);
      world.sender().counter("web", "tidemark.records", 70, VISITS, half);
      world.minutes(2, at -> {});

      assertThat(total(world)).isEqualTo(3 * 1_100 + 7);
      assertThat(world.get("/metrics").body())
          .contains("tidemark_signals_too_late_total{source=\"web\",} 1.0")
          .doesNotContain("tidemark_signals_too_late_total{source=\"mobile\"");
    }
  }

  private static double total(StoryWorld world) throws Exception {
    return world.objective("visits-validity").path("total").asDouble();
  }

  @Test
  void rows_told_by_openlineage_count_for_the_dataset_whose_name_ends_theirs(@TempDir Path folder)
      throws Exception {
    try (StoryWorld world = new StoryWorld(folder, BEGIN, DEFINITIONS)) {
      String output =
          """
          {"namespace": "postgres://db:5432", "name": "shop.orders", "outputFacets":
            {"outputStatistics": {"rowCount": 500}}}""";
      Instant begin = world.now();
      world.pass(
          begin.plusSeconds(60),
          Duration.ofMinutes(1),
          at ->
              world
                  .sender()
                  .lineage(
                      "COMPLETE",
                      at.minusSeconds(10),
                      UUID.randomUUID().toString(),
                      "load_orders",
                      "",
                      output));
      world.minutes(1, at -> {});

      assertThat(world.objective("shop.orders-validity").path("total").asDouble()).isEqualTo(500);
    }
  }
}
