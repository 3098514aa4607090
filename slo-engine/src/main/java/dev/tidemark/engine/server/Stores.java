package dev.tidemark.engine.server;

import dev.tidemark.engine.alertmanager.ExternalAlerts;
import dev.tidemark.engine.alerts.StoredFollowUps;
import dev.tidemark.engine.alerts.StoredIncidents;
import dev.tidemark.engine.alerts.StoredOutbox;
import dev.tidemark.engine.alerts.StoredPlans;
import dev.tidemark.engine.alerts.StoredSilences;
import dev.tidemark.engine.audit.AuditBook;
import dev.tidemark.engine.audit.AuditCopies;
import dev.tidemark.engine.embedded.EmbeddedClickHouse;
import dev.tidemark.engine.server.ServerConfig.ClickHouse;
import dev.tidemark.engine.store.clickhouse.AuditTrail;
import dev.tidemark.engine.store.clickhouse.BudgetHistory;
import dev.tidemark.engine.store.clickhouse.ClickHouseBucketStore;
import dev.tidemark.engine.store.clickhouse.ClickHouseConnections;
import dev.tidemark.engine.store.clickhouse.ClickHouseDocuments;
import dev.tidemark.engine.store.clickhouse.Restatements;
import dev.tidemark.engine.store.local.LocalDocuments;
import dev.tidemark.engine.store.local.MirroredDocuments;
import dev.tidemark.engine.telemetry.EngineMetrics;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;

/**
 * Where everything durable is: signals and judged history in ClickHouse, decisions on the own disk
 * with a copy in ClickHouse. Thread-safe; reading and writing block.
 */
final class Stores {
  private final ClickHouseConnections connections;
  private final ClickHouseBucketStore buckets;
  private final BudgetHistory history;
  private final Restatements restatements;
  private final LocalDocuments local;
  private final MirroredDocuments documents;
  private final AuditBook auditBook;

  /**
   * Opens them, and starts a ClickHouse when none is configured.
   *
   * @param progress a line for people now and then
   * @param parts closes what is opened
   * @throws StartupException with one sentence when one cannot be opened
   */
  Stores(
      ServerConfig config,
      Ground ground,
      Clock clock,
      EngineMetrics metrics,
      Consumer<String> progress,
      Parts parts)
      throws StartupException {
    connections = connect(config, progress, metrics, parts);
    buckets = new ClickHouseBucketStore(connections);
    history = new BudgetHistory(connections);
    restatements = new Restatements(connections);
    AuditTrail trail = new AuditTrail(connections);
    local = StoreOpening.documents(config);
    documents =
        parts.own(
            new MirroredDocuments(
                local,
                new AuditCopies(new ClickHouseDocuments(connections), trail),
                List.of(
                    StoredIncidents.KIND,
                    StoredOutbox.KIND,
                    StoredSilences.KIND,
                    StoredPlans.KIND,
                    StoredFollowUps.KIND,
                    ExternalAlerts.KIND),
                List.of(
                    new MirroredDocuments.Finished(AuditBook.KIND, List.of(AuditBook.WRITTEN)),
                    new MirroredDocuments.Finished(
                        ExternalAlerts.KIND, List.of(ExternalAlerts.ENDED)),
                    new MirroredDocuments.Finished(
                        StoredIncidents.KIND, List.of(StoredIncidents.FINISHED)),
                    new MirroredDocuments.Finished(StoredOutbox.KIND, StoredOutbox.FINISHED)),
                new MirroredDocuments.Sharing(ground.others(), ground.held()),
                clock,
                metrics));
    metrics.gauge(
        "tidemark_documents_uncopied",
        "Incidents, notifications and the like on the own disk that ClickHouse does not have yet.",
        documents::uncopied);
    auditBook = new AuditBook(documents, trail);
  }

  private static ClickHouseConnections connect(
      ServerConfig config, Consumer<String> progress, EngineMetrics metrics, Parts parts)
      throws StartupException {
    ClickHouse server = config.clickHouse();
    if (server != null) {
      return parts.own(StoreOpening.connect(config, server));
    }
    EmbeddedClickHouse embedded = parts.own(StoreOpening.startEmbedded(config, progress));
    metrics.gauge(
        "tidemark_clickhouse_up",
        "1 while the embedded ClickHouse runs, 0 while it is started again.",
        () -> embedded.failure().isEmpty() ? 1 : 0);
    metrics.gauge(
        "tidemark_clickhouse_restarts",
        "How often the embedded ClickHouse was started again.",
        embedded::restarts);
    return parts.own(
        StoreOpening.connect(
            config,
            new ClickHouse(embedded.jdbcUrl("default"), embedded.user(), embedded.password(), "")));
  }

  /** ClickHouse itself, for signals and lineage. */
  ClickHouseConnections connections() {
    return connections;
  }

  /** Judged buckets. */
  ClickHouseBucketStore buckets() {
    return buckets;
  }

  /** What was left of the budget, minute by minute. */
  BudgetHistory history() {
    return history;
  }

  /** What was judged anew. */
  Restatements restatements() {
    return restatements;
  }

  /** Decisions on the own disk alone. */
  LocalDocuments local() {
    return local;
  }

  /** Decisions on the own disk, copied to ClickHouse. */
  MirroredDocuments documents() {
    return documents;
  }

  /** Who did what. */
  AuditBook auditBook() {
    return auditBook;
  }
}
