package dev.tidemark.engine.store.clickhouse;

import dev.tidemark.engine.embedded.EmbeddedClickHouse;
import dev.tidemark.engine.embedded.SharedClickHouse;
import dev.tidemark.engine.store.Documents;

/** An empty database with all tables in the ClickHouse that the tests share. */
public final class FreshStore implements AutoCloseable {
  private final ClickHouseConnections connections;

  /** Makes it. */
  public FreshStore() {
    EmbeddedClickHouse clickHouse = SharedClickHouse.get();
    this.connections =
        new ClickHouseConnections(
            SharedClickHouse.freshDatabase(), clickHouse.user(), clickHouse.password());
    // Test data have fixed dates; they must not be too old to be kept.
    new Migrations("", 10_000, 10_000).apply(connections);
  }

  /** Access for readers and writers. */
  public ClickHouseConnections connections() {
    return connections;
  }

  /** Documents, such as incidents. */
  public Documents documents() {
    return new ClickHouseDocuments(connections);
  }

  @Override
  public void close() {
    connections.close();
  }
}
