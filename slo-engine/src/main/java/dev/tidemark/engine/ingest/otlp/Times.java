package dev.tidemark.engine.ingest.otlp;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which event times are believed: from 2000 to a day ahead of the clock. Anything else is a broken
 * clock or a wrong unit, and one such point would hold a freshness objective good for years.
 */
record Times(long earliestNanos, long latestNanos) {
  private static final long YEAR_2000 =
      TimeUnit.SECONDS.toNanos(Instant.parse("2000-01-01T00:00:00Z").getEpochSecond());

  static Times at(InstantSource clock) {
    return new Times(
        YEAR_2000, TimeUnit.MILLISECONDS.toNanos(clock.millis()) + Duration.ofDays(1).toNanos());
  }

  /** Returns why the time is not believed, or null. */
  @Nullable RejectReason problem(long nanos) {
    if (nanos == 0) {
      return RejectReason.NO_TIME;
    }
    return nanos < earliestNanos || nanos > latestNanos ? RejectReason.ABSURD_TIME : null;
  }

  /** Returns whether a watermark, in seconds since 1970, can be the time of a record. */
  boolean believes(double seconds) {
    return seconds * 1e9 >= earliestNanos && seconds * 1e9 <= latestNanos;
  }

  static String words(RejectReason problem, long nanos) {
    return problem == RejectReason.NO_TIME
        ? "has no timeUnixNano"
        : "timeUnixNano "
            + Long.toUnsignedString(nanos)
            + " is before 2000 or more than a day ahead (it is in nanoseconds)";
  }
}
