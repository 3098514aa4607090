package dev.tidemark.engine.definition;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as people write them: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 2h}, {@code 30d},
 * {@code 1w}.
 */
public final class Durations {
  private static final Pattern SHORTHAND = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d|w)");

  private static final Pattern OPENSLO_LONG = Pattern.compile("(\\d{1,6})([MQY])");

  private static final Pattern OPENSLO = Pattern.compile("[1-9]\\d{0,8}[mhdwMQY]");

  private Durations() {}

  /** Checks that a member, if it is there, is written in OpenSLO's shorthand and no other. */
  static void specReads(YamlNode holder, String key) {
    Optional<YamlNode> at = holder.find(key);
    if (at.isPresent() && !OPENSLO.matcher(at.get().value()).matches()) {
      at.get()
          .breaks(
              "OpenSLO writes a duration as a whole number above 0 with m, h, d, w, M, Q or Y, such"
                  + " as 4w, not '"
                  + at.get().value()
                  + "'");
    }
  }

  /**
   * Reads OpenSLO's shorthand, where case matters: {@code m} are minutes, {@code M} months of 30
   * days, {@code Q} quarters of 90, {@code Y} years of 365. Empty when it is none, or zero.
   */
  static Optional<Duration> parseOpenSlo(String text) {
    Matcher calendar = OPENSLO_LONG.matcher(text.trim());
    if (!calendar.matches()) {
      return parse(text);
    }
    int days =
        switch (calendar.group(2)) {
          case "M" -> 30;
          case "Q" -> 90;
          default -> 365;
        };
    Duration duration = Duration.ofDays(days * Long.parseLong(calendar.group(1)));
    return duration.isZero() ? Optional.empty() : Optional.of(duration);
  }

  /** Reads one, or returns empty when it is none, or zero. */
  public static Optional<Duration> parse(String text) {
    Matcher matcher = SHORTHAND.matcher(text.trim());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long amount = Long.parseLong(matcher.group(1));
    Duration duration =
        switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
          case "ms" -> Duration.ofMillis(amount);
          case "s" -> Duration.ofSeconds(amount);
          case "m" -> Duration.ofMinutes(amount);
          case "h" -> Duration.ofHours(amount);
          case "d" -> Duration.ofDays(amount);
          default -> Duration.ofDays(7 * amount);
        };
    return duration.isZero() ? Optional.empty() : Optional.of(duration);
  }
}
