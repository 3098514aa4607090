package dev.tidemark.engine.alerts;

import dev.tidemark.alerting.OutboxEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What is pending, so that asking what is due costs as much as there is room to send, and not as
 * much as waits: entries by receiver, there by lane, and of each lane the oldest by the time of its
 * next attempt. Not thread-safe.
 */
final class PendingEntries {
  private final Map<String, Place> places = new HashMap<>();
  private final Map<String, ReceiverQueue> receivers = new HashMap<>();
  private long enqueued;

  /** What decides who is older: the time of creation, then the order of enqueueing. */
  record Age(Instant createdAt, long number) implements Comparable<Age> {
    private static final Comparator<Age> ORDER =
        Comparator.comparing(Age::createdAt).thenComparing(Age::number);

    @Override
    public int compareTo(Age other) {
      return ORDER.compare(this, other);
    }
  }

  private record Place(Age age, String receiver) {}

  /** The next of one receiver, and what comes after it. */
  private record Next(Age age, OutboxEntry entry, Iterator<Map.Entry<Age, OutboxEntry>> rest) {}

  boolean contains(String id) {
    return places.containsKey(id);
  }

  int size() {
    return places.size();
  }

  /** Takes a new entry, or one that is there already as it is now, at its old place. */
  void hold(OutboxEntry entry) {
    String receiver = entry.notification().receiver();
    Place place =
        places.computeIfAbsent(
            entry.id(), id -> new Place(new Age(entry.createdAt(), enqueued++), receiver));
    receivers.computeIfAbsent(receiver, name -> new ReceiverQueue()).put(place.age(), entry);
  }

  void remove(OutboxEntry entry) {
    Place place = places.remove(entry.id());
    if (place != null) {
      ReceiverQueue queue = queue(place);
      queue.remove(place.age(), entry.lane());
      if (queue.isEmpty()) {
        receivers.remove(place.receiver());
      }
    }
  }

  private ReceiverQueue queue(Place place) {
    return Objects.requireNonNull(receivers.get(place.receiver()));
  }

  @Nullable OutboxEntry find(String id) {
    Place place = places.get(id);
    return place == null ? null : queue(place).get(place.age());
  }

  Optional<Instant> oldest() {
    return receivers.values().stream()
        .map(queue -> queue.oldest().createdAt())
        .min(Comparator.naturalOrder());
  }

  List<OutboxEntry> of(String receiver, int limit) {
    ReceiverQueue queue = receivers.get(receiver);
    return queue == null ? List.of() : queue.all(limit);
  }

  List<OutboxEntry> notHandedOn(String receiver, int limit) {
    ReceiverQueue queue = receivers.get(receiver);
    return queue == null ? List.of() : queue.notHandedOn(limit);
  }

  /** As {@link dev.tidemark.alerting.Outbox#due}. */
  List<OutboxEntry> due(
      Instant now, ToIntFunction<String> room, Predicate<String> freeLane, int limit) {
    Map<String, Integer> left = new HashMap<>();
    PriorityQueue<Next> heads = new PriorityQueue<>(Comparator.comparing(Next::age));
    receivers.forEach(
        (receiver, queue) -> {
          int most = room.applyAsInt(receiver);
          if (most > 0) {
            left.put(receiver, most);
            advance(queue.ready(now), freeLane, heads);
          }
        });
    List<OutboxEntry> due = new ArrayList<>();
    while (!heads.isEmpty() && due.size() < limit) {
      Next next = heads.remove();
      due.add(next.entry());
      String receiver = next.entry().notification().receiver();
      int most = left.getOrDefault(receiver, 0) - 1;
      left.put(receiver, most);
      if (most > 0) {
        advance(next.rest(), freeLane, heads);
      }
    }
    return due;
  }

  private static void advance(
      Iterator<Map.Entry<Age, OutboxEntry>> rest,
      Predicate<String> freeLane,
      PriorityQueue<Next> heads) {
    while (rest.hasNext()) {
      Map.Entry<Age, OutboxEntry> next = rest.next();
      if (freeLane.test(next.getValue().lane())) {
        heads.add(new Next(next.getKey(), next.getValue(), rest));
        return;
      }
    }
  }
}
