package dev.tidemark.engine.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.engine.model.LineageEvent;
import dev.tidemark.engine.model.LogRecord;
import dev.tidemark.engine.model.SpanRecord;
import dev.tidemark.engine.store.DatasetHistory;
import dev.tidemark.engine.store.PipelineHistory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the API adds from the store. */
class StoredFactsTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:30:00Z");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** One failed run, and one partition that is ten minutes behind. */
  private static final class OnePipeline implements PipelineHistory {
    @Override
    public List<SpanRecord> rootSpans(String pipeline, Instant since, int limit) {
      long begin = NOW.minusSeconds(120).getEpochSecond() * 1_000_000_000L;
      return pipeline.equals("load")
          ? List.of(
              new SpanRecord(
                  "t1",
                  "s1",
                  "",
                  "run",
                  "load",
                  "r1",
                  begin,
                  begin + 60_000_000_000L,
                  "ERROR",
                  "no space left",
                  Map.of()))
          : List.of();
    }

    @Override
    public List<SpanRecord> trace(String traceId, Instant since, int limit) {
      return List.of();
    }

    @Override
    public Optional<String> traceOf(String pipeline, String runId, Instant since) {
      return Optional.empty();
    }

    @Override
    public List<LineageEvent> runEvents(String pipeline, Instant since, int limit) {
      return List.of();
    }

    @Override
    public List<LogRecord> logs(
        String pipeline, String runId, String traceId, Instant since, int limit) {
      return List.of();
    }

    @Override
    public SortedMap<String, Instant> watermarks(String pipeline, Instant since) {
      return new TreeMap<>(Map.of("eu", NOW.minusSeconds(600)));
    }

    @Override
    public List<Amount> records(String pipeline, Instant since, Duration step) {
      return List.of();
    }
  }

  private static final class OneDataset implements DatasetHistory {
    @Override
    public Optional<Instant> newestRecord(String dataset, Instant since) {
      return dataset.equals("orders") ? Optional.of(NOW.minusSeconds(90)) : Optional.empty();
    }

    @Override
    public List<Step> records(String dataset, Instant since, Duration step) {
      // 24 hours, the one that runs included.
      assertThat(since).isEqualTo(Instant.parse("2026-02-28T13:00:00Z"));
      return dataset.equals("orders")
          ? List.of(
              new Step(
                  Instant.parse("2026-03-01T12:00:00Z"),
                  new TreeMap<>(Map.of("observed", 7.0, "expected", 8.0))))
          : List.of();
    }
  }

  private final StoredFacts facts = new StoredFacts(new OnePipeline(), new OneDataset());

  @Test
  void a_dataset_tells_its_newest_record_and_its_counts() {
    assertThat(facts.addDataset(JSON.createObjectNode(), "orders", NOW).toString())
        .isEqualTo(
            "{\"newestRecord\":\"2026-03-01T12:28:30Z\",\"newestRecordAgeSeconds\":90,"
                + "\"recordsPerHour\":[{\"start\":\"2026-03-01T12:00:00Z\","
                + "\"expected\":8.0,\"observed\":7.0}]}");
  }

  @Test
  void what_is_not_known_is_null() {
    ObjectNode dataset = facts.addDataset(JSON.createObjectNode(), "refunds", NOW);
    assertThat(dataset.path("newestRecord").isNull()).isTrue();
    assertThat(dataset.path("newestRecordAgeSeconds").isNull()).isTrue();
    ObjectNode pipeline = JSON.createObjectNode();
    facts.addNewestRun(pipeline, "other", NOW);
    assertThat(pipeline.path("newestRun").isNull()).isTrue();
  }

  @Test
  void a_pipeline_tells_its_runs_and_the_lag_of_its_partitions() {
    ObjectNode json = JSON.createObjectNode();
    facts.addPipeline(json, "load", NOW);
    assertThat(json.path("runs").get(0).toString())
        .isEqualTo(
            "{\"id\":\"r1\",\"outcome\":\"failure\",\"startedAt\":\"2026-03-01T12:28:00Z\","
                + "\"endedAt\":\"2026-03-01T12:29:00Z\",\"rows\":null,"
                + "\"error\":\"no space left\",\"traceId\":\"t1\"}");
    assertThat(json.path("partitions").toString())
        .isEqualTo(
            "[{\"partition\":\"eu\",\"newestRecord\":\"2026-03-01T12:20:00Z\",\"lagSeconds\":600}]");
    assertThat(json.path("schemaChanges")).isEmpty();
  }
}
