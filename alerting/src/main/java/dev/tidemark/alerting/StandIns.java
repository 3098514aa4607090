package dev.tidemark.alerting;

import dev.tidemark.alerting.OutboxEntry.State;
import dev.tidemark.alerting.route.Receiver;
import dev.tidemark.alerting.route.Routes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who hears what a receiver cannot be told. Nobody is told the same twice in somebody's place, so a
 * chain of stand-ins ends, however they name each other. Whoever was told that something began is
 * told its end too, also when the receiver itself can be told that. Thread-safe; asks the outbox
 * only about ends.
 *
 * @param routes where fallbacks and the last resort stand
 * @param fallbacks of those routes
 * @param outbox that knows who was told in somebody's place
 */
record StandIns(Routes routes, Map<String, Receiver.Fallback> fallbacks, Outbox outbox) {
  /** What somebody has to hear, and that it is over; the rest is of use only to those who have. */
  private static final Set<NotificationKind> PASSED_ON =
      EnumSet.of(
          NotificationKind.TRIGGERED,
          NotificationKind.ESCALATED,
          NotificationKind.REPEATED,
          NotificationKind.RESOLVED);

  static StandIns of(Routes routes, Outbox outbox) {
    return new StandIns(routes, Map.copyOf(routes.fallbacks()), outbox);
  }

  Receiver.@Nullable Fallback of(String receiver) {
    return fallbacks.get(receiver);
  }

  /** Returns the copies for a receiver that fails; none when its fallback was in the chain. */
  List<OutboxEntry> failing(
      OutboxEntry entry, Receiver.Fallback fallback, Instant since, Instant now) {
    Set<String> standIns = new LinkedHashSet<>(waitingForTheEnd(entry));
    standIns.add(fallback.receiver());
    return copies(entry, standIns, "which fails since " + since, now);
  }

  /**
   * Returns the copies of what is given up: for those who were told before in the receiver's place
   * and wait for the end, else for its fallback, else for who hears what is meant for nobody, else
   * for the console. None of what nobody else needs.
   *
   * @param why a clause about the receiver, such as {@code which refuses it}
   */
  List<OutboxEntry> givenUp(OutboxEntry entry, String why, Instant now) {
    if (entry.handedOn() || !PASSED_ON.contains(entry.notification().kind())) {
      return List.of();
    }
    List<Set<String>> candidates = new ArrayList<>();
    candidates.add(waitingForTheEnd(entry));
    Receiver.Fallback fallback = of(entry.notification().receiver());
    if (fallback != null) {
      candidates.add(Set.of(fallback.receiver()));
    }
    candidates.add(routes.nobodyOnCall(now));
    candidates.add(Set.of(Routes.CONSOLE));
    for (Set<String> candidate : candidates) {
      List<OutboxEntry> copies = copies(entry, candidate, why, now);
      if (!copies.isEmpty()) {
        return copies;
      }
    }
    return List.of();
  }

  /**
   * Returns the copies of an end that its receiver was told, for those who were told in its place
   * while it could not be.
   */
  List<OutboxEntry> over(OutboxEntry entry, Instant now) {
    return copies(entry, waitingForTheEnd(entry), "which could not be told before", now);
  }

  /** Who was told in the receiver's place, and last something else than the end that this is. */
  private Set<String> waitingForTheEnd(OutboxEntry entry) {
    if (entry.notification().kind() != NotificationKind.RESOLVED) {
      return Set.of();
    }
    Map<String, NotificationKind> last = new LinkedHashMap<>();
    for (OutboxEntry told : outbox.inPlaceOf(entry.notification())) {
      if (told.state() == State.PENDING || told.state() == State.DELIVERED) {
        last.put(told.notification().receiver(), told.notification().kind());
      }
    }
    Set<String> waiting = new LinkedHashSet<>();
    last.forEach(
        (receiver, kind) -> {
          if (kind != NotificationKind.RESOLVED && routes.sendsResolved(receiver)) {
            waiting.add(receiver);
          }
        });
    return waiting;
  }

  private static List<OutboxEntry> copies(
      OutboxEntry entry, Set<String> standIns, String why, Instant now) {
    Set<String> told = new LinkedHashSet<>(entry.sharedWith());
    told.add(entry.notification().receiver());
    Set<String> left = new LinkedHashSet<>(standIns);
    left.removeAll(told);
    told.addAll(left);
    // Those who are told together are not told by each other: it would be said in every order.
    return left.stream()
        .map(
            standIn ->
                entry.inPlace(
                    standIn, told.stream().filter(one -> !one.equals(standIn)).toList(), why, now))
        .toList();
  }
}
