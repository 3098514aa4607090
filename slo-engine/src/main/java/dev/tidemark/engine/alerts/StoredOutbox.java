package dev.tidemark.engine.alerts;

import dev.tidemark.alerting.AlertingJson;
import dev.tidemark.alerting.Incident;
import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.Outbox;
import dev.tidemark.alerting.OutboxEntry;
import dev.tidemark.alerting.OutboxEntry.State;
import dev.tidemark.engine.store.Documents;
import dev.tidemark.engine.store.Documents.Document;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Notifications on their way, as documents. What is pending is held in memory too, so that asking
 * for what is due costs no query; each change is durable before it is seen. Thread-safe; blocks.
 */
public final class StoredOutbox implements Outbox {
  /** Kind of these documents. */
  public static final String KIND = "outbox";

  /** States of entries to which nothing happens any more. */
  public static final List<String> FINISHED =
      List.of(State.DELIVERED.name(), State.DEAD.name(), State.DISMISSED.name());

  private static final int PENDING_AT_MOST = 1_000_000;

  private static final int OF_ONE_KEY_AT_MOST = 10_000;

  private final Documents documents;
  private final PendingEntries pending = new PendingEntries();
  private final EntryJson json = new EntryJson();
  private final Predicate<String> known;

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
        .forEach(pending::hold);
  }

  /** Returns since when the oldest that waits does so. */
  public synchronized Optional<Instant> oldestPending() {
    return pending.oldest();
  }

  /** Returns how many were given up, and nobody has looked at since; asks the store. */
  public long dead() {
    return documents.count(KIND, State.DEAD.name());
  }

  @Override
  public synchronized void enqueue(List<OutboxEntry> entries) {
    put(fresh(entries));
  }

  private Collection<OutboxEntry> fresh(List<OutboxEntry> entries) {
    Map<String, OutboxEntry> fresh = new LinkedHashMap<>();
    for (OutboxEntry entry : entries) {
      if (!pending.contains(entry.id()) && !known.test(entry.id())) {
        fresh.putIfAbsent(entry.id(), entry);
      }
    }
    return fresh.values();
  }

  @Override
  public synchronized List<OutboxEntry> due(
      Instant now, ToIntFunction<String> room, Predicate<String> freeLane, int limit) {
    return pending.due(now, room, freeLane, limit);
  }

  @Override
  public synchronized void settle(List<OutboxEntry> tried, List<OutboxEntry> added) {
    List<OutboxEntry> changed = new ArrayList<>();
    tried.stream().filter(entry -> pending.contains(entry.id())).forEach(changed::add);
    changed.addAll(fresh(added));
    put(changed);
  }

  @Override
  public synchronized Optional<OutboxEntry> retry(String id, Instant at) {
    return change(id, entry -> entry.retried(at));
  }

  @Override
  public synchronized Optional<OutboxEntry> dismiss(String id) {
    return change(id, OutboxEntry::dismissed);
  }

  private Optional<OutboxEntry> change(String id, UnaryOperator<OutboxEntry> change) {
    Optional<OutboxEntry> changed =
        documents
            .get(KIND, id)
            .map(StoredOutbox::read)
            .filter(entry -> entry.state() == State.DEAD)
            .map(change);
    changed.ifPresent(entry -> put(List.of(entry)));
    return changed;
  }

  @Override
  public synchronized List<OutboxEntry> pendingOf(String receiver, int limit) {
    return pending.of(receiver, limit);
  }

  @Override
  public synchronized List<OutboxEntry> notHandedOn(String receiver, int limit) {
    return pending.notHandedOn(receiver, limit);
  }

  @Override
  public List<OutboxEntry> inPlaceOf(Notification notification) {
    return prefixes(notification)
        .flatMap(prefix -> documents.startingWith(KIND, prefix, OF_ONE_KEY_AT_MOST).stream())
        // Most of an incident's entries are nobody's stand-ins; those need not be read.
        .filter(document -> document.id().contains(OutboxEntry.IN_PLACE))
        .distinct()
        .map(StoredOutbox::read)
        .filter(entry -> entry.tellsInPlaceOf(notification))
        .sorted(Comparator.comparing(OutboxEntry::createdAt).thenComparing(OutboxEntry::id))
        .toList();
  }

  /**
   * An outbox id begins with the id of the incident that decided it, or with the dedup key of the
   * digest; what was merged was told under the key of an incident that is not the one of its end.
   */
  private static Stream<String> prefixes(Notification notification) {
    String key = notification.dedupKey();
    return Stream.of(notification.incident().id(), key, Incident.idOfDedupKey(key).orElse(key))
        .distinct()
        .map(prefix -> prefix + "/");
  }

  @Override
  public synchronized Optional<OutboxEntry> find(String id) {
    OutboxEntry waiting = pending.find(id);
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
    if (entries.isEmpty()) {
      return;
    }
    documents.putAll(entries.stream().map(this::document).toList());
    for (OutboxEntry entry : entries) {
      if (entry.state() == State.PENDING) {
        pending.hold(entry);
      } else {
        pending.remove(entry);
      }
    }
  }

  /**
   * Attempts and retries only grow, and each change but handing on adds one: they number the
   * versions. Of the same attempt at two servers the end counts.
   */
  private Document document(OutboxEntry entry) {
    Instant finished = entry.finishedAt();
    return new Document(
        KIND,
        entry.id(),
        entry.state().name(),
        finished == null ? entry.createdAt() : finished,
        json.write(entry),
        4L * (entry.attempts() + entry.retries())
            + (finished == null ? 0 : 2)
            + (entry.handedOn() ? 1 : 0));
  }

  private static OutboxEntry read(Document document) {
    return AlertingJson.read(document.json(), OutboxEntry.class);
  }
}
