package dev.tidemark.engine.alerts;

import dev.tidemark.alerting.AlertingJson;
import dev.tidemark.alerting.Outbox;
import dev.tidemark.alerting.OutboxEntry;
import dev.tidemark.alerting.OutboxEntry.State;
import dev.tidemark.engine.store.clickhouse.DocumentStore;
import dev.tidemark.engine.store.clickhouse.DocumentStore.Document;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Notifications on their way, as documents in ClickHouse. What is pending is held in memory too, so
 * that asking for what is due costs no query; each change is durable before it is seen.
 * Thread-safe; blocks.
 */
public final class StoredOutbox implements Outbox {
  static final String KIND = "outbox";
  private static final int PENDING_AT_MOST = 1_000_000;

  private final DocumentStore documents;
  private final NavigableMap<Age, OutboxEntry> pending = new TreeMap<>();
  private final Map<String, Age> ages = new HashMap<>();
  private long enqueued;
  private long dead;

  /** What decides who is older: the time of creation, then the order of enqueueing. */
  private record Age(Instant createdAt, long number) implements Comparable<Age> {
    private static final Comparator<Age> ORDER =
        Comparator.comparing(Age::createdAt).thenComparing(Age::number);

    @Override
    public int compareTo(Age other) {
      return ORDER.compare(this, other);
    }
  }

  /** Opens the outbox and loads what is pending. */
  public StoredOutbox(DocumentStore documents) {
    this.documents = documents;
    documents.list(KIND, List.of(State.PENDING.name()), Instant.EPOCH, PENDING_AT_MOST).stream()
        .map(StoredOutbox::read)
        .sorted(Comparator.comparing(OutboxEntry::createdAt).thenComparing(OutboxEntry::id))
        .forEach(this::hold);
    dead = documents.list(KIND, List.of(State.DEAD.name()), Instant.EPOCH, PENDING_AT_MOST).size();
  }

  /** Returns how many were given up. */
  public synchronized long dead() {
    return dead;
  }

  @Override
  public synchronized void enqueue(List<OutboxEntry> entries) {
    for (OutboxEntry entry : entries) {
      if (!ages.containsKey(entry.id()) && documents.get(KIND, entry.id()).isEmpty()) {
        put(entry);
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
    OutboxEntry waiting = waiting(id);
    return waiting != null ? Optional.of(waiting) : documents.get(KIND, id).map(StoredOutbox::read);
  }

  @Override
  public List<OutboxEntry> deadLetters(int limit) {
    return documents.list(KIND, List.of(State.DEAD.name()), Instant.EPOCH, limit).stream()
        .map(StoredOutbox::read)
        .toList();
  }

  @Override
  public synchronized long pending() {
    return pending.size();
  }

  private synchronized void change(String id, UnaryOperator<OutboxEntry> change) {
    OutboxEntry entry = waiting(id);
    if (entry != null) {
      put(change.apply(entry));
    }
  }

  /** Attempts only grow, so they number the versions. */
  private void put(OutboxEntry entry) {
    Instant finished = entry.finishedAt();
    documents.put(
        new Document(
            KIND,
            entry.id(),
            entry.state().name(),
            finished == null ? entry.createdAt() : finished,
            AlertingJson.write(entry),
            entry.attempts()));
    if (entry.state() == State.PENDING) {
      hold(entry);
    } else {
      dead += entry.state() == State.DEAD ? 1 : 0;
      Age age = ages.remove(entry.id());
      if (age != null) {
        pending.remove(age);
      }
    }
  }

  private void hold(OutboxEntry entry) {
    pending.put(
        ages.computeIfAbsent(entry.id(), id -> new Age(entry.createdAt(), enqueued++)), entry);
  }

  private @Nullable OutboxEntry waiting(String id) {
    Age age = ages.get(id);
    return age == null ? null : pending.get(age);
  }

  private static OutboxEntry read(Document document) {
    return AlertingJson.read(document.json(), OutboxEntry.class);
  }
}
