package dev.tidemark.engine.server;

import dev.tidemark.engine.catalog.CatalogCoverage;
import dev.tidemark.engine.ingest.IngestLimits;
import dev.tidemark.engine.ingest.IngestRoutes;
import dev.tidemark.engine.ingest.PrometheusIngestMetrics;
import dev.tidemark.engine.loop.JudgeLoop;
import dev.tidemark.engine.loop.LiveLineage;
import dev.tidemark.engine.model.SignalBatch;
import dev.tidemark.engine.store.clickhouse.ClickHouseConnections;
import dev.tidemark.engine.store.clickhouse.ClickHouseLineageReader;
import dev.tidemark.engine.store.clickhouse.ClickHouseSignalSink;
import dev.tidemark.engine.store.spool.Spool;
import dev.tidemark.engine.telemetry.EngineMetrics;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The way of a signal from the doors to the store and, once it is durable, to the catalog, the
 * lineage and the judge. Thread-safe.
 */
final class Intake {
  private static final Duration LINEAGE_MEMORY = Duration.ofDays(2);

  private final CatalogCoverage catalog;
  private final LiveLineage lineage;
  private final JudgeLoop loop;
  private final ClickHouseSignalSink sink;
  private final IngestRoutes routes;

  /**
   * Opens it; it takes signals as soon as its routes are mounted.
   *
   * @param clock engine time
   * @param parts closes what is made
   */
  Intake(
      Vertx vertx,
      ClickHouseConnections connections,
      Spool spool,
      Surroundings surroundings,
      JudgeLoop loop,
      Clock clock,
      EngineMetrics metrics,
      Parts parts) {
    this.catalog = surroundings.catalog();
    this.lineage = surroundings.lineage();
    this.loop = loop;
    this.sink = parts.own(new ClickHouseSignalSink(connections, spool, clock, this::durable));
    this.routes =
        new IngestRoutes(
            vertx,
            sink,
            IngestLimits.DEFAULT,
            new PrometheusIngestMetrics(metrics.registry()),
            clock);
  }

  private void durable(SignalBatch batch, Instant receivedAt) {
    catalog.seen(batch, receivedAt);
    if (!batch.lineage().isEmpty()) {
      lineage.add(batch.lineage());
    }
    loop.offer(batch.points(), receivedAt);
  }

  /** Takes up what OpenLineage told an earlier run. */
  void replay(ClickHouseLineageReader stored, Instant now) {
    stored.read(
        now.minus(LINEAGE_MEMORY),
        event -> {
          lineage.add(List.of(event));
          catalog.seen(event, Instant.ofEpochMilli(event.eventTimeNanos() / 1_000_000L));
          routes.runs().replay(event);
        });
  }

  ClickHouseSignalSink sink() {
    return sink;
  }

  IngestRoutes routes() {
    return routes;
  }
}
