package dev.tidemark.engine.alerts;

import dev.tidemark.alerting.AlertingJson;
import dev.tidemark.alerting.Outbox;
import dev.tidemark.alerting.OutboxEntry;
import dev.tidemark.alerting.OutboxEntry.State;
import dev.tidemark.engine.store.Documents;
import dev.tidemark.engine.store.Documents.Document;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Notifications on their way, as documents. What is pending is held in memory too, so that asking
 * for what is due costs no query; each change is durable before it is seen. Thread-safe; blocks.
 */
public final class StoredOutbox implements Outbox {
  /** Kind of these documents. */
  public static final String KIND = "outbox";

  /** States of entries to which nothing happens any more. */
  public static final List<String> FINISHED = List.of(State.DELIVERED.name(), State.DEAD.name());

  private static final int PENDING_AT_MOST = 1_000_000;

  private final Documents documents;
  private final NavigableMap<Age, OutboxEntry> pending = new TreeMap<>();
  private final Map<String, Age> ages = new HashMap<>();
  private final Predicate<String> known;
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

  /**
   * Opens the outbox and loads what is pending.
   *
   * @param known whether an id that is not pending was there in the last 30 days
   */
  public StoredOutbox(Documents documents, Predicate<String> known) {
    this.documents = documents;
    this.known = known;
    documents.list(KIND, List.of(State.PENDING.name()), Instant.EPOCH, PENDING_AT_MOST).stream()
        .map(StoredOutbox::read)
        .sorted(Comparator.comparing(OutboxEntry::createdAt).thenComparing(OutboxEntry::id))
        .forEach(this::hold);
    dead = documents.list(KIND, List.of(State.DEAD.name()), Instant.EPOCH, PENDING_AT_MOST).size();
  }

  /** Returns since when the oldest that waits does so. */
  public synchronized Optional<Instant> oldestPending() {
    return pending.isEmpty() ? Optional.empty() : Optional.of(pending.firstKey().createdAt());
  }

  /** Returns how many were given up. */
  public synchronized long dead() {
    return dead;
  }

  @Override
  public synchronized void enqueue(List<OutboxEntry> entries) {
    Map<String, OutboxEntry> fresh = new LinkedHashMap<>();
    for (OutboxEntry entry : entries) {
      if (!ages.containsKey(entry.id()) && !known.test(entry.id())) {
        fresh.putIfAbsent(entry.id(), entry);
      }
    }
    put(fresh.values());
  }

  @Override
  public synchronized List<OutboxEntry> due(Instant now, Predicate<OutboxEntry> free, int limit) {
    List<OutboxEntry> due = new ArrayList<>();
    Set<String> lanes = new HashSet<>();
    for (OutboxEntry entry : pending.values()) {
      if (due.size() >= limit) {
        break;
      }
      if (lanes.add(entry.lane()) && !entry.nextAttemptAt().isAfter(now) && free.test(entry)) {
        due.add(entry);
      }
    }
    return due;
  }

  @Override
  public synchronized void settle(List<OutboxEntry> tried) {
    put(tried.stream().filter(entry -> ages.containsKey(entry.id())).toList());
  }

  @Override
  public synchronized Optional<OutboxEntry> retry(String id, Instant at) {
    Optional<OutboxEntry> again =
        documents
            .get(KIND, id)
            .map(StoredOutbox::read)
            .filter(entry -> entry.state() == State.DEAD)
            .map(entry -> entry.retried(at));
    again.ifPresent(
        entry -> {
          put(List.of(entry));
          dead--;
        });
    return again;
  }

  @Override
  public synchronized List<OutboxEntry> pendingOf(String receiver, int limit) {
    return pending.values().stream()
        .filter(entry -> entry.notification().receiver().equals(receiver))
        .limit(limit)
        .toList();
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

  private void put(Collection<OutboxEntry> entries) {
    documents.putAll(entries.stream().map(StoredOutbox::document).toList());
    for (OutboxEntry entry : entries) {
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
  }

  /**
   * Attempts and retries only grow, and each change adds one: they number the versions. Of the same
   * attempt at two servers the end counts.
   */
  private static Document document(OutboxEntry entry) {
    Instant finished = entry.finishedAt();
    return new Document(
        KIND,
        entry.id(),
        entry.state().name(),
        finished == null ? entry.createdAt() : finished,
        AlertingJson.write(entry),
        2L * (entry.attempts() + entry.retries()) + (finished == null ? 0 : 1));
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
