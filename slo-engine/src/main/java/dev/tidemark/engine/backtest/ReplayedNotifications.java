package dev.tidemark.engine.backtest;

import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.Outbox;
import dev.tidemark.alerting.OutboxEntry;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * What somebody would have been told in a replay. Nothing is ever due, so nothing is ever sent.
 * Thread-safe.
 */
final class ReplayedNotifications implements Outbox {
  private final Map<String, OutboxEntry> entries = new LinkedHashMap<>();

  /** Everything, in the order of telling. */
  synchronized List<Notification> all() {
    return entries.values().stream().map(OutboxEntry::notification).toList();
  }

  @Override
  public synchronized void enqueue(List<OutboxEntry> added) {
    added.forEach(entry -> entries.putIfAbsent(entry.id(), entry));
  }

  @Override
  public List<OutboxEntry> due(
      Instant now, ToIntFunction<String> room, Predicate<String> freeLane, int limit) {
    return List.of();
  }

  @Override
  public synchronized void settle(List<OutboxEntry> tried, List<OutboxEntry> added) {
    tried.forEach(entry -> entries.replace(entry.id(), entry));
    enqueue(added);
  }

  @Override
  public Optional<OutboxEntry> retry(String id, Instant at) {
    return Optional.empty();
  }

  @Override
  public Optional<OutboxEntry> dismiss(String id) {
    return Optional.empty();
  }

  @Override
  public synchronized List<OutboxEntry> pendingOf(String receiver, int limit) {
    return entries.values().stream()
        .filter(entry -> entry.state() == OutboxEntry.State.PENDING)
        .filter(entry -> entry.notification().receiver().equals(receiver))
        .limit(limit)
        .toList();
  }

  @Override
  public List<OutboxEntry> notHandedOn(String receiver, int limit) {
    return pendingOf(receiver, Integer.MAX_VALUE).stream()
        .filter(entry -> !entry.handedOn())
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized List<OutboxEntry> inPlaceOf(Notification notification) {
    return entries.values().stream().filter(one -> one.tellsInPlaceOf(notification)).toList();
  }

  @Override
  public synchronized Optional<OutboxEntry> find(String id) {
    return Optional.ofNullable(entries.get(id));
  }

  @Override
  public synchronized List<OutboxEntry> deadLetters(int limit) {
    return entries.values().stream()
        .filter(entry -> entry.state() == OutboxEntry.State.DEAD)
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized long pending() {
    return entries.values().stream()
        .filter(entry -> entry.state() == OutboxEntry.State.PENDING)
        .count();
  }
}
