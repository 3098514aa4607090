package dev.tidemark.dashboards;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Words for numbers, always with their unit and independent of the server's locale and zone. Pure
 * functions, safe for any thread.
 */
public final class Formats {
  private static final String NBSP = "\u00a0";
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Formats() {}

  /**
   * Words a ratio as a percentage. Cuts instead of rounding where rounding would claim perfection:
   * 0.999996 is "99.99 %", never "100 %".
   *
   * @param ratio 1 is 100 %; may be negative or greater than 1; null or NaN is "unknown"
   */
  public static String percent(@Nullable Double ratio) {
    if (ratio == null || ratio.isNaN()) {
      return "unknown";
    }
    double percent = ratio * 100;
    int digits = Math.abs(percent) >= 99 && Math.abs(percent) < 100 ? 3 : 1;
    double scale = Math.pow(10, digits);
    double shown = Math.round(percent * scale) / scale;
    if (shown == 100 && percent < 100) {
      shown = Math.floor(percent * scale) / scale;
    }
    return trim(shown, digits) + NBSP + "%";
  }

  /**
   * Words what is left of a budget, such as "62.5 % left"; of an overspent one, how many times it
   * was spent, such as "14.0× spent", because nobody knows what −1,300 % of a budget are.
   *
   * @param ratio share of the budget that is left; negative when it is overspent; null or NaN is
   *     "unknown"
   */
  public static String left(@Nullable Double ratio) {
    if (ratio == null || ratio.isNaN()) {
      return "unknown";
    }
    return ratio < 0
        ? String.format(Locale.ROOT, "%.1f× spent", 1 - ratio)
        : percent(ratio) + " left";
  }

  /**
   * Words a duration with its two greatest units, such as "3 h 12 min".
   *
   * @param duration may be negative; null is "unknown"
   */
  public static String duration(@Nullable Duration duration) {
    if (duration == null) {
      return "unknown";
    }
    if (duration.isNegative()) {
      return "−" + duration(duration.negated());
    }
    if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
      return duration.toMillis() + NBSP + "ms";
    }
    if (duration.compareTo(Duration.ofSeconds(10)) < 0 && duration.toMillisPart() != 0) {
      return trim(duration.toMillis() / 1000.0, 1) + NBSP + "s";
    }
    long[] amounts = {
      duration.toDaysPart(),
      duration.toHoursPart(),
      duration.toMinutesPart(),
      duration.toSecondsPart()
    };
    String[] units = {"d", "h", "min", "s"};
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < units.length; i++) {
      if (amounts[i] > 0) {
        parts.add(amounts[i] + NBSP + units[i]);
        if (i + 1 < units.length && amounts[i + 1] > 0) {
          parts.add(amounts[i + 1] + NBSP + units[i + 1]);
        }
        break;
      }
    }
    return String.join(" ", parts);
  }

  /** Words the distance of {@code then} from {@code now}: "12 min ago", "in 3 h", "just now". */
  public static String relative(Instant then, Instant now) {
    Duration age = Duration.between(then, now);
    if (age.abs().compareTo(Duration.ofSeconds(2)) < 0) {
      return "just now";
    }
    return age.isNegative() ? "in " + duration(age.negated()) : duration(age) + " ago";
  }

  /** Words a moment to the minute, in UTC and without the zone: "2026-11-20 08:15". */
  public static String minute(Instant at) {
    return MINUTE.format(at);
  }

  /** Words a moment to the second, in UTC: "2026-11-20 08:15:30 UTC". */
  public static String second(Instant at) {
    return SECOND.format(at) + " UTC";
  }

  /** Words the time of day to the millisecond, in UTC: "08:15:30.250". */
  public static String clock(Instant at) {
    return CLOCK.format(at);
  }

  /** Words a count with groups of three digits: "1 240 031". */
  public static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count).replace(",", "\u202f");
  }

  /** Words a burn rate: "14.4×"; infinite is "∞", null or NaN is "unknown". */
  public static String burnRate(@Nullable Double rate) {
    if (rate == null || rate.isNaN()) {
      return "unknown";
    }
    if (rate.isInfinite()) {
      return "∞";
    }
    return trim(rate, rate < 1 ? 2 : 1) + "×";
  }

  /** Words bytes with decimal units: "1.2 GB". */
  public static String bytes(long bytes) {
    String[] units = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    double value = bytes;
    int unit = 0;
    while (Math.abs(value) >= 999.95 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return trim(value, unit == 0 ? 0 : 1) + NBSP + units[unit];
  }

  /** Words an amount of money: "1 234.50 EUR". */
  public static String money(double amount, String currency) {
    return String.format(Locale.ROOT, "%,.2f", amount).replace(",", "\u202f") + NBSP + currency;
  }

  private static String trim(double value, int digits) {
    String text = String.format(Locale.ROOT, "%." + digits + "f", value);
    if (text.indexOf('.') >= 0) {
      text = text.replaceAll("0+$", "").replaceAll("\\.$", "");
    }
    return text.equals("-0") ? "0" : text.replace('-', '−');
  }
}
