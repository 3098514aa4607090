package dev.tidemark.engine.alerts;

import dev.tidemark.alerting.IncidentStore;
import dev.tidemark.alerting.IncidentStoreContract;
import dev.tidemark.engine.store.clickhouse.FreshStore;
import org.junit.jupiter.api.AfterEach;

/** Incidents in a real ClickHouse keep the contract. */
class StoredIncidentsTest extends IncidentStoreContract {
  private final FreshStore store = new FreshStore();

  @Override
  protected IncidentStore empty() {
    return new StoredIncidents(store.documents());
  }

  @AfterEach
  void close() {
    store.close();
  }
}
