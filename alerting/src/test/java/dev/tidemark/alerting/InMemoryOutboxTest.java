package dev.tidemark.alerting;

class InMemoryOutboxTest extends OutboxContract {
  @Override
  protected Outbox empty() {
    return new InMemoryOutbox();
  }
}
