package dev.tidemark.engine.alerts;

import dev.tidemark.alerting.OutboxEntry;
import dev.tidemark.engine.alerts.PendingEntries.Age;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is pending for one receiver; never asked while empty. Not thread-safe. */
final class ReceiverQueue {
  private final NavigableMap<Age, OutboxEntry> all = new TreeMap<>();
  private final NavigableMap<Age, OutboxEntry> notHandedOn = new TreeMap<>();
  private final Map<String, TreeSet<Age>> lanes = new HashMap<>();

  /** The oldest of each lane: those whose time has come at {@link #readyAt}, and the others. */
  private final NavigableMap<Age, OutboxEntry> ready = new TreeMap<>();

  private final TreeSet<Later> later = new TreeSet<>();
  private Instant readyAt = Instant.MIN;

  private record Later(Instant at, Age age) implements Comparable<Later> {
    private static final Comparator<Later> ORDER =
        Comparator.comparing(Later::at).thenComparing(Later::age);

    @Override
    public int compareTo(Later other) {
      return ORDER.compare(this, other);
    }
  }

  void put(Age age, OutboxEntry entry) {
    String lane = entry.lane();
    unlist(lane);
    all.put(age, entry);
    lanes.computeIfAbsent(lane, name -> new TreeSet<>()).add(age);
    list(lane);
    if (entry.handedOn()) {
      notHandedOn.remove(age);
    } else {
      notHandedOn.put(age, entry);
    }
  }

  void remove(Age age, String lane) {
    unlist(lane);
    all.remove(age);
    notHandedOn.remove(age);
    TreeSet<Age> inLane = lanes.get(lane);
    if (inLane != null) {
      inLane.remove(age);
      if (inLane.isEmpty()) {
        lanes.remove(lane);
      }
    }
    list(lane);
  }

  /** Takes the oldest of a lane off the lists by which it is found. */
  private void unlist(String lane) {
    TreeSet<Age> inLane = lanes.get(lane);
    if (inLane != null) {
      Age first = inLane.first();
      if (ready.remove(first) == null) {
        later.remove(new Later(entry(first).nextAttemptAt(), first));
      }
    }
  }

  private void list(String lane) {
    TreeSet<Age> inLane = lanes.get(lane);
    if (inLane != null) {
      list(inLane.first());
    }
  }

  private void list(Age age) {
    OutboxEntry entry = entry(age);
    if (entry.nextAttemptAt().isAfter(readyAt)) {
      later.add(new Later(entry.nextAttemptAt(), age));
    } else {
      ready.put(age, entry);
    }
  }

  private OutboxEntry entry(Age age) {
    return Objects.requireNonNull(all.get(age));
  }

  /** Returns the oldest of each lane whose time has come, oldest first. */
  Iterator<Map.Entry<Age, OutboxEntry>> ready(Instant now) {
    if (now.isBefore(readyAt)) {
      // The clock was set back, which is rare enough to sort anew.
      List<Age> early = List.copyOf(ready.keySet());
      ready.clear();
      readyAt = now;
      early.forEach(this::list);
    }
    readyAt = now;
    while (!later.isEmpty() && !later.first().at().isAfter(now)) {
      Age age = Objects.requireNonNull(later.pollFirst()).age();
      ready.put(age, entry(age));
    }
    return ready.entrySet().iterator();
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  Age oldest() {
    return all.firstKey();
  }

  @Nullable OutboxEntry get(Age age) {
    return all.get(age);
  }

  List<OutboxEntry> all(int limit) {
    return all.values().stream().limit(limit).toList();
  }

  List<OutboxEntry> notHandedOn(int limit) {
    return notHandedOn.values().stream().limit(limit).toList();
  }
}
