package dev.tidemark.alerting.route;

import java.time.Instant;
import java.util.List;

/**
 * When a route is quiet: within any interval that mutes it, and outside of those in which it is
 * active. What is to be told meanwhile waits. Immutable.
 *
 * @param mutes intervals in which nothing is said
 * @param actives intervals outside of which nothing is said; empty for no such limit
 */
public record Quiet(List<TimeInterval> mutes, List<TimeInterval> actives) {
  /** Never quiet. */
  public static final Quiet NEVER = new Quiet(List.of(), List.of());

  public Quiet {
    mutes = List.copyOf(mutes);
    actives = List.copyOf(actives);
  }

  /** Whether nothing is said at that time. */
  public boolean at(Instant moment) {
    return mutes.stream().anyMatch(interval -> interval.contains(moment))
        || (!actives.isEmpty()
            && actives.stream().noneMatch(interval -> interval.contains(moment)));
  }
}
