package dev.tidemark.engine.definition.importer;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as Prometheus and its relatives write them, {@code 4w}, {@code 1h30m}, {@code 1y}.
 *
 * <p>Source: Prometheus documentation, "Querying basics", float literals and time durations.
 */
final class PromDuration {
  private static final Pattern PART = Pattern.compile("(\\d{1,9})(ms|s|m|h|d|w|y)");
  private static final Pattern WHOLE = Pattern.compile("(\\d{1,9}(ms|s|m|h|d|w|y))+");
  private static final Map<String, Long> MILLIS =
      Map.of(
          "ms", 1L,
          "s", 1_000L,
          "m", 60_000L,
          "h", 3_600_000L,
          "d", 86_400_000L,
          "w", 604_800_000L,
          "y", 31_536_000_000L);

  private PromDuration() {}

  /** Reads one; zero is one too. */
  static Optional<Duration> parse(String text) {
    String trimmed = text.trim();
    if (trimmed.equals("0")) {
      return Optional.of(Duration.ZERO);
    }
    if (!WHOLE.matcher(trimmed).matches()) {
      return Optional.empty();
    }
    Duration sum = Duration.ZERO;
    Matcher parts = PART.matcher(trimmed);
    while (parts.find()) {
      sum =
          sum.plus(
              Duration.ofMillis(MILLIS.getOrDefault(parts.group(2), 0L))
                  .multipliedBy(Long.parseLong(parts.group(1))));
    }
    return Optional.of(sum);
  }

  /** Returns the text in the greatest unit that leaves no rest. */
  static String text(Duration duration) {
    long millis = duration.toMillis();
    if (millis == 0) {
      return "0s";
    }
    for (String unit : new String[] {"d", "h", "m", "s"}) {
      long length = MILLIS.getOrDefault(unit, 1L);
      if (millis % length == 0) {
        return millis / length + unit;
      }
    }
    return millis + "ms";
  }
}
