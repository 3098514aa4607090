package dev.tidemark.alerting;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How often an incident has come back lately. Immutable, saved with the incident.
 *
 * @param reopenedAt when it was reopened, oldest first; only what the window of {@link
 *     IncidentSettings.FlapDetection} held at the last reopening
 * @param since since when it flaps; null while it does not
 */
public record Flapping(List<Instant> reopenedAt, @Nullable Instant since) {
  private static final Duration LEAST_HOLD = Duration.ofMinutes(1);

  public Flapping {
    reopenedAt = List.copyOf(reopenedAt);
  }

  /** Whether the incident flaps. */
  public boolean now() {
    return since != null;
  }

  /** Counts one more reopening. */
  static Flapping reopened(
      @Nullable Flapping before, Instant at, IncidentSettings.FlapDetection detection) {
    List<Instant> counted = new ArrayList<>();
    if (before != null) {
      before.reopenedAt.stream()
          .filter(earlier -> !earlier.isBefore(at.minus(detection.window())))
          // What lies ahead, because the clock was set back, is long ago.
          .filter(earlier -> !earlier.isAfter(at))
          .forEach(counted::add);
    }
    counted.add(at);
    return new Flapping(counted, counted.size() >= detection.reopenings() ? at : null);
  }

  /** Returns the counts of an incident that is over. */
  Flapping over() {
    return new Flapping(reopenedAt, null);
  }

  /**
   * Returns how long nothing may fire before the incident is over. While it flaps that doubles with
   * each reopening counted, up to the window: what comes back soon is not taken for ended again.
   */
  static Duration hold(@Nullable Flapping flapping, IncidentSettings settings) {
    Duration calm = settings.resolveHold();
    if (flapping == null || !flapping.now()) {
      return calm;
    }
    Duration begin = calm.compareTo(LEAST_HOLD) < 0 ? LEAST_HOLD : calm;
    Duration grown = begin.multipliedBy(1L << Math.min(flapping.reopenedAt.size(), 20));
    Duration most = settings.flaps().window();
    if (grown.compareTo(most) > 0) {
      grown = most;
    }
    return grown.compareTo(calm) < 0 ? calm : grown;
  }

  /** Returns one sentence for people. */
  String describe(IncidentSettings settings) {
    return "it flaps: it came back "
        + reopenedAt.size()
        + " times within "
        + plain(settings.flaps().window())
        + "; its end is said when nothing has fired for "
        + plain(hold(this, settings));
  }

  private static String plain(Duration length) {
    return length.toMinutes() < 120 ? length.toMinutes() + " min" : length.toHours() + " h";
  }
}
