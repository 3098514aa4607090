package dev.tidemark.alerting;

import dev.tidemark.alerting.route.Matcher;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Keeps receivers quiet about matching alerts for a while.
 *
 * @param id identity; saving the same id again replaces
 * @param matchers all must match the alert's routing labels; never empty
 * @param author who wants it
 * @param reason why
 * @param startsAt from then on
 * @param endsAt until then, exclusive
 */
public record Silence(
    String id,
    List<Matcher> matchers,
    String author,
    String reason,
    Instant startsAt,
    Instant endsAt) {
  public Silence {
    matchers = List.copyOf(matchers);
    if (matchers.isEmpty()) {
      throw new IllegalArgumentException(
          "silence " + id + " has no matchers; give at least one, or it would silence everything");
    }
    if (!endsAt.isAfter(startsAt)) {
      throw new IllegalArgumentException(
          "silence " + id + " ends at " + endsAt + ", which is not after its start " + startsAt);
    }
  }

  /** Whether it is in force at that time. */
  public boolean active(Instant at) {
    return !at.isBefore(startsAt) && at.isBefore(endsAt);
  }

  /** Whether it covers an alert with these labels at that time. */
  public boolean covers(Map<String, String> labels, Instant at) {
    return active(at) && matchers.stream().allMatch(matcher -> matcher.matches(labels));
  }

  /** Returns this silence ending at the given time, for ending it early. */
  public Silence endingAt(Instant at) {
    Instant start = at.isAfter(startsAt) ? startsAt : at.minusNanos(1);
    return new Silence(id, matchers, author, reason, start, at);
  }
}
