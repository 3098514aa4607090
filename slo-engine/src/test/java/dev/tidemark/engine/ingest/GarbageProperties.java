package dev.tidemark.engine.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.ingest.openlineage.LineageReader;
import dev.tidemark.engine.ingest.openlineage.RunTracker;
import dev.tidemark.engine.ingest.openlineage.UnusableEventException;
import dev.tidemark.engine.ingest.otlp.MalformedException;
import dev.tidemark.engine.ingest.otlp.OtlpDecoder;
import dev.tidemark.engine.ingest.otlp.OtlpDecoder.Signal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever arrives is read or refused with a reason; nothing else may come out. */
final class GarbageProperties {
  private static final byte[] OTLP =
      """
      {"resourceMetrics":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"p"}}]},
      "scopeMetrics":[{"metrics":[{"name":"m","exponentialHistogram":{"aggregationTemporality":2,
      "dataPoints":[{"timeUnixNano":"1772366340000000000","count":10,"sum":4,"scale":0,"zeroCount":"3",
      "positive":{"offset":1,"bucketCounts":["2","1"]},"negative":{"offset":-1,"bucketCounts":["1","3"]}}]}}]}]}]}"""
          .getBytes(StandardCharsets.UTF_8);
  private static final byte[] LINEAGE =
      """
      {"eventType":"COMPLETE","eventTime":"2026-03-01T11:00:00Z","run":{"runId":"r","facets":{}},
      "job":{"namespace":"n","name":"j"},"inputs":[{"namespace":"d","name":"a/dt=1/2025-01-15"}],
      "outputs":[{"namespace":"d","name":"t","outputFacets":{"outputStatistics":{"rowCount":5}}}]}"""
          .getBytes(StandardCharsets.UTF_8);

  private static byte[] mutated(byte[] body, long seed) {
    Random random = new Random(seed);
    byte[] changed = body.clone();
    String signs = "{}[]\":,0-9eEna/\\ ";
    for (int i = random.nextInt(6); i >= 0; i--) {
      changed[random.nextInt(changed.length)] = (byte) signs.charAt(random.nextInt(signs.length()));
    }
    return changed;
  }

  @Property(tries = 500)
  void otlp_json_is_read_or_refused(@ForAll long seed) {
    OtlpDecoder decoder = new OtlpDecoder(IngestLimits.DEFAULT, Clock.systemUTC());
    try {
      var unused = decoder.decodeJson(Signal.METRICS, mutated(OTLP, seed));
    } catch (MalformedException e) {
      assertThat(e).hasMessageContaining("body");
    }
  }

  @Property(tries = 500)
  void noise_is_no_protobuf_or_is_read(@ForAll byte[] noise) {
    OtlpDecoder decoder = new OtlpDecoder(IngestLimits.DEFAULT, Clock.systemUTC());
    for (Signal signal : Signal.values()) {
      try {
        var unused = decoder.decodeProtobuf(signal, noise);
      } catch (MalformedException e) {
        assertThat(e).hasMessageContaining("body");
      }
    }
  }

  @Property(tries = 500)
  void lineage_is_read_or_refused(@ForAll long seed) {
    LineageReader reader = new LineageReader(Clock.systemUTC());
    try {
      new RunTracker(Clock.systemUTC())
          .apply(reader.read(reader.parse(mutated(LINEAGE, seed)), List.of()));
    } catch (UnusableEventException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }
}
