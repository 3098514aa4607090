package dev.tidemark.alerting;

import dev.tidemark.alerting.route.Receiver;
import dev.tidemark.alerting.route.Routes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who hears what a receiver cannot be told. Nobody is told the same twice in somebody's place, so a
 * chain of stand-ins ends, however they name each other. Immutable.
 *
 * @param routes where fallbacks and the last resort stand
 * @param fallbacks of those routes
 */
record StandIns(Routes routes, Map<String, Receiver.Fallback> fallbacks) {
  /** What somebody has to hear, and that it is over; the rest is of use only to those who have. */
  private static final Set<NotificationKind> PASSED_ON =
      EnumSet.of(
          NotificationKind.TRIGGERED,
          NotificationKind.ESCALATED,
          NotificationKind.REPEATED,
          NotificationKind.RESOLVED);

  static StandIns of(Routes routes) {
    return new StandIns(routes, Map.copyOf(routes.fallbacks()));
  }

  Receiver.@Nullable Fallback of(String receiver) {
    return fallbacks.get(receiver);
  }

  /** Returns the copies for a receiver that fails; none when its fallback was in the chain. */
  List<OutboxEntry> failing(
      OutboxEntry entry, Receiver.Fallback fallback, Instant since, Instant now) {
    return copies(entry, Set.of(fallback.receiver()), "which fails since " + since, now);
  }

  /**
   * Returns the copies for a receiver that refuses: for its fallback, else for who hears what is
   * meant for nobody, else for the console. None of what nobody else needs.
   */
  List<OutboxEntry> refused(OutboxEntry entry, String reason, Instant now) {
    if (entry.handedOn() || !PASSED_ON.contains(entry.notification().kind())) {
      return List.of();
    }
    List<Set<String>> candidates = new ArrayList<>();
    Receiver.Fallback fallback = of(entry.notification().receiver());
    if (fallback != null) {
      candidates.add(Set.of(fallback.receiver()));
    }
    candidates.add(routes.nobodyOnCall(now));
    candidates.add(Set.of(Routes.CONSOLE));
    for (Set<String> candidate : candidates) {
      List<OutboxEntry> copies = copies(entry, candidate, "which refuses it: " + reason, now);
      if (!copies.isEmpty()) {
        return copies;
      }
    }
    return List.of();
  }

  private List<OutboxEntry> copies(
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
