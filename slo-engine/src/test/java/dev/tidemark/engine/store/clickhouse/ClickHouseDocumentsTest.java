package dev.tidemark.engine.store.clickhouse;

import dev.tidemark.engine.store.Documents;
import dev.tidemark.engine.store.DocumentsContract;
import org.junit.jupiter.api.AfterEach;

/** Documents in a real ClickHouse keep the contract. */
class ClickHouseDocumentsTest extends DocumentsContract {
  private final FreshStore store = new FreshStore();

  @Override
  protected Documents empty() {
    return store.documents();
  }

  @AfterEach
  void close() {
    store.close();
  }
}
