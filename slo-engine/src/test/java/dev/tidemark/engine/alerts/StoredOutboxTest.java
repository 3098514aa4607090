package dev.tidemark.engine.alerts;

import dev.tidemark.alerting.Outbox;
import dev.tidemark.alerting.OutboxContract;
import dev.tidemark.engine.store.Documents;
import dev.tidemark.engine.store.clickhouse.FreshStore;
import org.junit.jupiter.api.AfterEach;

/** Notifications in a real ClickHouse keep the contract. */
class StoredOutboxTest extends OutboxContract {
  private final FreshStore store = new FreshStore();

  @Override
  protected Outbox empty() {
    Documents documents = store.documents();
    return new StoredOutbox(documents, id -> documents.get(StoredOutbox.KIND, id).isPresent());
  }

  @AfterEach
  void close() {
    store.close();
  }
}
