package dev.tidemark.alerting;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/** Keeps entries as JSON text, as {@link InMemoryIncidentStore} does. */
public class InMemoryOutbox implements Outbox {
  private final Map<String, String> documents = new LinkedHashMap<>();

  @Override
  public synchronized void enqueue(List<OutboxEntry> entries) {
    entries.forEach(entry -> documents.putIfAbsent(entry.id(), AlertingJson.write(entry)));
  }

  /** Returns everything, in the order of enqueueing. */
  public synchronized List<OutboxEntry> all() {
    return documents.values().stream()
        .map(json -> AlertingJson.read(json, OutboxEntry.class))
        .toList();
  }

  @Override
  public synchronized List<OutboxEntry> due(
      Instant now, ToIntFunction<String> room, Predicate<String> freeLane, int limit) {
    Set<String> lanes = new HashSet<>();
    Map<String, Integer> taken = new HashMap<>();
    return all().stream()
        .filter(entry -> entry.state() == OutboxEntry.State.PENDING)
        .sorted(Comparator.comparing(OutboxEntry::createdAt))
        .filter(entry -> lanes.add(entry.lane()))
        .filter(entry -> !entry.nextAttemptAt().isAfter(now))
        .filter(entry -> freeLane.test(entry.lane()))
        .filter(
            entry -> {
              String receiver = entry.notification().receiver();
              return taken.merge(receiver, 1, Integer::sum) <= room.applyAsInt(receiver);
            })
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized void settle(List<OutboxEntry> tried, List<OutboxEntry> added) {
    for (OutboxEntry entry : tried) {
      find(entry.id())
          .filter(known -> known.state() == OutboxEntry.State.PENDING)
          .ifPresent(known -> documents.put(entry.id(), AlertingJson.write(entry)));
    }
    added.forEach(entry -> documents.putIfAbsent(entry.id(), AlertingJson.write(entry)));
  }

  @Override
  public synchronized Optional<OutboxEntry> retry(String id, Instant at) {
    Optional<OutboxEntry> again =
        find(id)
            .filter(entry -> entry.state() == OutboxEntry.State.DEAD)
            .map(entry -> entry.retried(at));
    again.ifPresent(entry -> documents.put(id, AlertingJson.write(entry)));
    return again;
  }

  @Override
  public synchronized Optional<OutboxEntry> dismiss(String id) {
    Optional<OutboxEntry> left =
        find(id)
            .filter(entry -> entry.state() == OutboxEntry.State.DEAD)
            .map(OutboxEntry::dismissed);
    left.ifPresent(entry -> documents.put(id, AlertingJson.write(entry)));
    return left;
  }

  @Override
  public synchronized List<OutboxEntry> pendingOf(String receiver, int limit) {
    return pendingOf(receiver).limit(limit).toList();
  }

  @Override
  public synchronized List<OutboxEntry> notHandedOn(String receiver, int limit) {
    return pendingOf(receiver).filter(entry -> !entry.handedOn()).limit(limit).toList();
  }

  private Stream<OutboxEntry> pendingOf(String receiver) {
    return all().stream()
        .filter(entry -> entry.state() == OutboxEntry.State.PENDING)
        .filter(entry -> entry.notification().receiver().equals(receiver))
        .sorted(Comparator.comparing(OutboxEntry::createdAt));
  }

  @Override
  public synchronized List<OutboxEntry> inPlaceOf(Notification notification) {
    return all().stream()
        .filter(entry -> entry.tellsInPlaceOf(notification))
        .sorted(Comparator.comparing(OutboxEntry::createdAt))
        .toList();
  }

  @Override
  public synchronized Optional<OutboxEntry> find(String id) {
    return Optional.ofNullable(documents.get(id))
        .map(json -> AlertingJson.read(json, OutboxEntry.class));
  }

  @Override
  public synchronized List<OutboxEntry> deadLetters(int limit) {
    return all().stream()
        .filter(entry -> entry.state() == OutboxEntry.State.DEAD)
        .sorted(
            Comparator.comparing(
                (OutboxEntry entry) -> java.util.Objects.requireNonNull(entry.finishedAt()),
                Comparator.reverseOrder()))
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized long pending() {
    return all().stream().filter(entry -> entry.state() == OutboxEntry.State.PENDING).count();
  }
}
