package dev.tidemark.engine.alerts;

import dev.tidemark.alerting.AlertingJson;
import dev.tidemark.alerting.Outbox;
import dev.tidemark.alerting.OutboxEntry;
import dev.tidemark.alerting.OutboxEntry.State;
import dev.tidemark.engine.store.Documents;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Notifications on their way, as documents in ClickHouse. What is pending is held in memory too, so
 * that asking for what is due costs no query; each change is durable before it is seen.
 * Thread-safe; blocks.
 */
public final class StoredOutbox implements Outbox {
  private static final String KIND = "outbox";
  private static final int PENDING_AT_MOST = 1_000_000;
  private static final Instant FIRST = Instant.EPOCH;
  private static final Instant LAST = Instant.parse("2200-01-01T00:00:00Z");

  private final Documents documents;
  private final Map<String, OutboxEntry> pending = new LinkedHashMap<>();
  private final Map<String, Long> versions = new LinkedHashMap<>();

  /** Opens the outbox and loads what is pending. */
  public StoredOutbox(Documents documents) {
    this.documents = documents;
    List<OutboxEntry> loaded = new ArrayList<>();
    for (String json :
        documents.list(KIND, Set.of(State.PENDING.name()), FIRST, LAST, PENDING_AT_MOST)) {
      loaded.add(read(json));
    }
    loaded.stream()
        .sorted(java.util.Comparator.comparing(OutboxEntry::createdAt))
        .forEach(entry -> pending.put(entry.id(), entry));
    for (OutboxEntry entry : pending.values()) {
      versions.put(entry.id(), entry.attempts() + 1L);
    }
  }

  @Override
  public synchronized void enqueue(List<OutboxEntry> entries) {
    for (OutboxEntry entry : entries) {
      if (!pending.containsKey(entry.id()) && documents.get(KIND, entry.id()).isEmpty()) {
        put(entry, 1);
      }
    }
  }

  @Override
  public synchronized List<OutboxEntry> due(Instant now, int limit) {
    List<OutboxEntry> due = new ArrayList<>();
    Set<String> lanes = new HashSet<>();
    for (OutboxEntry entry : pending.values()) {
      if (due.size() >= limit) {
        break;
      }
      if (lanes.add(entry.lane()) && !entry.nextAttemptAt().isAfter(now)) {
        due.add(entry);
      }
    }
    return due;
  }

  @Override
  public void markDelivered(String id, Instant at) {
    change(id, entry -> entry.delivered(at));
  }

  @Override
  public void markFailed(String id, Instant nextAttempt, String error) {
    change(id, entry -> entry.failed(nextAttempt, error));
  }

  @Override
  public void markDead(String id, Instant at, String error) {
    change(id, entry -> entry.dead(at, error));
  }

  @Override
  public synchronized Optional<OutboxEntry> find(String id) {
    OutboxEntry waiting = pending.get(id);
    return waiting != null ? Optional.of(waiting) : documents.get(KIND, id).map(StoredOutbox::read);
  }

  @Override
  public List<OutboxEntry> deadLetters(int limit) {
    return documents.list(KIND, Set.of(State.DEAD.name()), FIRST, LAST, limit).stream()
        .map(StoredOutbox::read)
        .toList();
  }

  @Override
  public synchronized long pending() {
    return pending.size();
  }

  private synchronized void change(String id, UnaryOperator<OutboxEntry> change) {
    OutboxEntry entry = pending.get(id);
    if (entry != null) {
      put(change.apply(entry), versions.getOrDefault(id, 1L) + 1);
    }
  }

  private void put(OutboxEntry entry, long version) {
    Instant at = entry.finishedAt() == null ? entry.createdAt() : entry.finishedAt();
    documents.put(KIND, entry.id(), version, entry.state().name(), at, AlertingJson.write(entry));
    if (entry.state() == State.PENDING) {
      pending.put(entry.id(), entry);
      versions.put(entry.id(), version);
    } else {
      pending.remove(entry.id());
      versions.remove(entry.id());
    }
  }

  private static OutboxEntry read(String json) {
    return AlertingJson.read(json, OutboxEntry.class);
  }
}
