package dev.tidemark.engine.backtest;

import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.Outbox;
import dev.tidemark.alerting.OutboxEntry;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
  public List<OutboxEntry> due(Instant now, int limit) {
    return List.of();
  }

  @Override
  public synchronized void markDelivered(String id, Instant at) {
    entries.computeIfPresent(id, (same, entry) -> entry.delivered(at));
  }

  @Override
  public synchronized void markFailed(String id, Instant nextAttempt, String error) {
    entries.computeIfPresent(id, (same, entry) -> entry.failed(nextAttempt, error));
  }

  @Override
  public synchronized void markDead(String id, Instant at, String error) {
    entries.computeIfPresent(id, (same, entry) -> entry.dead(at, error));
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
