package dev.tidemark.alerting;

class InMemoryIncidentStoreTest extends IncidentStoreContract {
  @Override
  protected IncidentStore empty() {
    return new InMemoryIncidentStore();
  }
}
