package dev.tidemark.engine.api;

import dev.tidemark.alerting.schedule.Schedule;
import dev.tidemark.alerting.schedule.Shift;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is on call by a schedule, and who comes next.
 *
 * @param schedule whose
 * @param members who is on call now; empty when nobody is
 * @param until when that changes; null when it does not within 30 days
 * @param next who is on call from then on; empty when nobody is or it does not change
 */
public record OnCallNow(
    Schedule schedule, List<String> members, @Nullable Instant until, List<String> next) {
  private static final Duration AHEAD = Duration.ofDays(30);

  /** Looks at a schedule at a moment. */
  public static OnCallNow of(Schedule schedule, Instant at) {
    List<Shift> shifts = schedule.shifts(at, at.plus(AHEAD));
    boolean changes = shifts.size() > 1;
    return new OnCallNow(
        schedule,
        shifts.get(0).members(),
        changes ? shifts.get(0).to() : null,
        changes ? shifts.get(1).members() : List.of());
  }
}
