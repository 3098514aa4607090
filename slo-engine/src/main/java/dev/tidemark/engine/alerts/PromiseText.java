package dev.tidemark.engine.alerts;

import dev.tidemark.dashboards.Formats;
import dev.tidemark.engine.definition.ActiveHours;
import dev.tidemark.engine.definition.ArrivalCalendar;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.Sli;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.format.TextStyle;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What is promised, in words, for messages and pages. Stateless. */
public final class PromiseText {
  private static final Map<String, String> COUNTED =
      Map.of(
          "runs", "runs that succeed",
          "validity", "records that are not rejected",
          "duplicates", "records that come once",
          "queries", "queries that are answered",
          "schema", "schema checks that succeed",
          "access", "access checks that succeed",
          "catalog", "datasets that are catalogued",
          "checks", "checks that succeed",
          "ratio", "events that are good");

  private static final Map<Double, String> UNITS = Map.of(1e12, "TB", 1e9, "GB", 1.0, "run");

  private PromiseText() {}

  /**
   * Words a whole promise: what is measured, how much of it has to be good, over which time. With
   * plain spaces only, because it goes where a non-breaking one may not be shown.
   */
  public static String of(Objective objective) {
    return (of(objective.sli())
            + "; target "
            + objective.target().text()
            + " over "
            + objective.window().text())
        .replace('\u00a0', ' ');
  }

  /** Words what is good, such as {@code newest record at most 5 min old}. */
  public static String of(Sli sli) {
    if (sli instanceof Sli.Freshness freshness) {
      return "newest record at most " + Formats.duration(freshness.within()) + " old";
    }
    if (sli instanceof Sli.Heartbeat heartbeat) {
      return "a heartbeat every "
          + Formats.duration(heartbeat.every())
          + ", "
          + Formats.duration(heartbeat.grace())
          + " grace";
    }
    if (sli instanceof Sli.Completeness completeness) {
      return "at least "
          + Formats.percent(completeness.atLeastRatio())
          + " of the expected records per "
          + Formats.duration(completeness.per());
    }
    if (sli instanceof Sli.Latency latency) {
      return latency.kind()
          + " at most "
          + Formats.duration(Duration.ofMillis(Math.round(latency.limitSeconds() * 1e3)));
    }
    if (sli instanceof Sli.Threshold threshold) {
      return gauge(threshold)
          + switch (threshold.comparison()) {
            case LTE -> " at most ";
            case LT -> " below ";
            case GTE -> " at least ";
            case GT -> " above ";
          }
          + number(threshold.value());
    }
    if (sli instanceof Sli.Arrival arrival) {
      StringBuilder text = new StringBuilder("complete by " + deadline(arrival.calendar()));
      new TreeMap<>(arrival.ofMembers())
          .forEach(
              (member, own) ->
                  text.append("; ").append(member).append(" by ").append(deadline(own)));
      return text.toString();
    }
    if (sli instanceof Sli.Quotient quotient) {
      return quotient.kind()
          + " at most "
          + perUnit(quotient)
          + " in each "
          + Formats.duration(quotient.per());
    }
    if (sli instanceof Sli.Composite composite) {
      return "together: "
          + composite.components().stream()
              .map(component -> component.name() + " (" + of(component.sli()) + ")")
              .collect(Collectors.joining(", "));
    }
    if (sli instanceof Sli.RawRatio raw) {
      return raw.ratioIsFailure() ? "a failure ratio that is low" : "a success ratio that is high";
    }
    return COUNTED.getOrDefault(sli.kind(), sli.kind() + ": events that are good");
  }

  /** What is compared: a kind that everybody knows, or the metric. */
  static String gauge(Sli.Threshold threshold) {
    return threshold.kind().equals("threshold") ? threshold.gauge().metric() : threshold.kind();
  }

  /** The limit, such as {@code 12.5 per TB}. */
  static String perUnit(Sli.Quotient quotient) {
    return number(quotient.limit())
        + " per "
        + UNITS.getOrDefault(quotient.unit(), number(quotient.unit()));
  }

  private static String deadline(ArrivalCalendar calendar) {
    return calendar.dueBy() + " " + calendar.zone() + days(calendar.days());
  }

  private static String days(Set<DayOfWeek> days) {
    if (days.size() == DayOfWeek.values().length) {
      return "";
    }
    return days.equals(ActiveHours.BUSINESS_DAYS)
        ? " on business days"
        : " on "
            + EnumSet.copyOf(days).stream()
                .map(day -> day.getDisplayName(TextStyle.SHORT, Locale.ENGLISH))
                .collect(Collectors.joining(", "));
  }

  /** Whole numbers without a point, long ones in groups of three digits. */
  static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? String.format(Locale.ROOT, Math.abs(value) < 1e4 ? "%d" : "%,d", (long) value)
        : Double.toString(value);
  }
}
