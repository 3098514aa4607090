package dev.tidemark.engine.server;

import dev.tidemark.engine.audit.AuditCopies;
import dev.tidemark.engine.store.Documents;
import dev.tidemark.engine.store.Documents.Document;
import dev.tidemark.engine.store.clickhouse.AuditTrail;
import dev.tidemark.engine.store.clickhouse.ClickHouseConnections;
import dev.tidemark.engine.store.clickhouse.ClickHouseDocuments;
import dev.tidemark.engine.store.clickhouse.ClickHouseSignalSink;
import dev.tidemark.engine.store.local.LocalDocuments;
import dev.tidemark.engine.store.local.LocalDocuments.Uncopied;
import dev.tidemark.engine.store.spool.Spool;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a server that led before has on its own disk and ClickHouse has not, because that was away
 * when the server stopped: decisions and acknowledged signals. A standby brings it to ClickHouse,
 * so that the leader can take it over.
 */
final class Leftovers {
  private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
  private static final int AT_ONCE = 100;
  private static final long LOOK_AGAIN_MILLIS = 100;
  private static final int LOOKS = 600;

  private Leftovers() {}

  /**
   * Copies what is left.
   *
   * @param hurry whether to leave it, because this server leads now and does it itself
   * @return whether there was something that the leader should take over
   * @throws RuntimeException when ClickHouse is away; to be tried again
   */
  static boolean copy(
      ServerConfig config, ClickHouseConnections connections, Clock clock, BooleanSupplier hurry)
      throws StartupException, InterruptedException {
    boolean brought = false;
    try (LocalDocuments local = StoreOpening.documents(config)) {
      brought =
          copy(
              local,
              new AuditCopies(new ClickHouseDocuments(connections), new AuditTrail(connections)),
              hurry);
    }
    Spool spool = StoreOpening.spool(config);
    if (!spool.isEmpty()) {
      brought = true;
      replay(spool, connections, clock, hurry);
    }
    return brought;
  }

  /**
   * Newer there means that another server went on from what this one had; then its word counts.
   * What the leader writes between the look and the copy is no older than its own start, and so has
   * at worst the same version: the copy of one document in ClickHouse is then behind until it
   * changes again, what the leader knows is not.
   */
  private static boolean copy(LocalDocuments local, Documents shared, BooleanSupplier hurry) {
    boolean brought = false;
    List<Uncopied> some = local.uncopied(AT_ONCE);
    while (!some.isEmpty() && !hurry.getAsBoolean()) {
      Predicate<Uncopied> newer =
          one -> {
            Document mine = one.document();
            Optional<Document> theirs = shared.get(mine.kind(), mine.id());
            return theirs.isEmpty() || theirs.get().version() < mine.version();
          };
      List<Document> wanted = some.stream().filter(newer).map(Uncopied::document).toList();
      if (!wanted.isEmpty()) {
        shared.putAll(wanted);
        LOG.info("{} documents of an earlier term were copied to ClickHouse", wanted.size());
        brought = true;
      }
      local.copiedUpTo(some.get(some.size() - 1).change());
      some = local.uncopied(AT_ONCE);
    }
    return brought;
  }

  private static void replay(
      Spool spool, ClickHouseConnections connections, Clock clock, BooleanSupplier hurry)
      throws InterruptedException {
    long bytes = spool.bytes();
    try (ClickHouseSignalSink sink =
        new ClickHouseSignalSink(connections, spool, clock, (batch, at) -> {})) {
      for (int i = 0; i < LOOKS && sink.spooledBytes() > 0 && !hurry.getAsBoolean(); i++) {
        TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
      }
      if (sink.spooledBytes() > 0) {
        throw new IllegalStateException("signals are left on the own disk: " + sink.lastError());
      }
    }
    LOG.info("{} bytes of signals of an earlier term were brought to ClickHouse", bytes);
  }
}
