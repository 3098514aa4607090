package dev.tidemark.engine.api;

import dev.tidemark.alerting.OutboxEntry;
import dev.tidemark.engine.store.clickhouse.AuditTrail;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;

/** Notifications that were given up, and the way back for them. Thread-safe; blocks. */
public final class DeadLetters {
  private final EngineState state;

  /** Looks at the outbox of this state. */
  public DeadLetters(EngineState state) {
    this.state = state;
  }

  /** Returns what was given up, newest first. */
  public List<OutboxEntry> list(int limit) {
    return state.outbox().deadLetters(limit);
  }

  /**
   * Has one sent once more; that is on record. One that is older than a day gets one attempt.
   *
   * @throws NoSuchElementException when there is no dead letter of this id
   */
  public OutboxEntry retry(String id, String actor) {
    Instant now = state.clock().instant();
    OutboxEntry entry = state.outbox().retry(id, now).orElseThrow(() -> unknown(id));
    record(now, actor, "delivery retried", id, "to " + entry.notification().receiver());
    return entry;
  }

  /**
   * Leaves one at that: it is no dead letter any more, and nobody is told. That is on record.
   *
   * @throws NoSuchElementException when there is no dead letter of this id
   */
  public OutboxEntry dismiss(String id, String actor) {
    OutboxEntry entry = state.outbox().dismiss(id).orElseThrow(() -> unknown(id));
    record(
        state.clock().instant(),
        actor,
        "delivery dismissed",
        id,
        "to " + entry.notification().receiver());
    return entry;
  }

  private static NoSuchElementException unknown(String id) {
    return new NoSuchElementException(
        "there is no dead letter '" + id + "'; /api/v1/deliveries/dead lists them");
  }

  private void record(Instant at, String actor, String action, String id, String detail) {
    state.records().audit().write(new AuditTrail.Entry(at, actor, action, id, detail));
  }
}
