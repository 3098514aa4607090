package dev.tidemark.engine.definition;

import dev.tidemark.engine.definition.BudgetWindow.Calendar;
import dev.tidemark.engine.definition.BudgetWindow.Rolling;
import dev.tidemark.engine.definition.BudgetWindow.Unit;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code timeWindow} of an SLO of OpenSLO. A calendar window begins at its {@code startTime}
 * and every so many units before and after it. Stateless.
 */
final class OpenSloWindow {
  private static final Pattern CALENDAR = Pattern.compile("([1-9]\\d{0,2})([dwMQY])");
  private static final Map<String, Unit> UNITS =
      Map.of("d", Unit.DAY, "w", Unit.WEEK, "M", Unit.MONTH, "Q", Unit.QUARTER, "Y", Unit.YEAR);
  private static final DateTimeFormatter START =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withResolverStyle(ResolverStyle.STRICT);

  private OpenSloWindow() {}

  /** Returns the windows, of which the first governs; empty after complaints. */
  static List<BudgetWindow> read(YamlNode spec) {
    Optional<YamlNode> found = spec.find("timeWindow");
    if (found.isEmpty()) {
      spec.breaks("'timeWindow' is missing, so 30 days are taken; write it down");
      return List.of(new Rolling(Duration.ofDays(30), "30d"));
    }
    List<YamlNode> elements =
        found.get().isMap() ? List.of(found.get()) : spec.elements("timeWindow");
    if (found.get().isMap()) {
      found.get().breaks("timeWindow is a list of one, such as [{duration: 28d, isRolling: true}]");
    } else if (elements.size() > 1) {
      found
          .get()
          .breaks(
              "timeWindow has "
                  + elements.size()
                  + " elements and not one; the first governs alerts, the others are shown");
    } else if (elements.isEmpty()) {
      found
          .get()
          .error("an SLO needs one 'timeWindow', such as [{duration: 30d, isRolling: true}]");
    }
    List<BudgetWindow> windows = new ArrayList<>();
    for (YamlNode element : elements) {
      window(element).ifPresent(windows::add);
    }
    return windows.size() == elements.size() ? windows : List.of();
  }

  /** Slices are whole days of UTC; where windows are of other days they would be wrong twice. */
  static void refuseLocalDays(YamlNode element, Duration slice, BudgetWindow window) {
    if (slice.compareTo(Duration.ofDays(1)) >= 0
        && window instanceof Calendar calendar
        && !calendar.zone().normalized().equals(ZoneOffset.UTC)) {
      element
          .find("timeSliceWindow")
          .orElse(element)
          .error(
              "slices of a day are judged from midnight to midnight in UTC, not in "
                  + calendar.zone()
                  + "; use timeZone: UTC, or a shorter timeSliceWindow such as 1h");
    }
  }

  private static Optional<BudgetWindow> window(YamlNode window) {
    window.specKnows(Set.of("duration", "isRolling", "calendar"));
    OpenSloRules.truth(window, "isRolling");
    Optional<String> text = window.required("duration");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Optional<YamlNode> calendar = window.find("calendar");
    boolean rolling = window.text("isRolling").map("true"::equals).orElse(false);
    if (rolling && calendar.isPresent()) {
      calendar.get().breaks("a rolling window has no 'calendar'; it is passed over");
    }
    if (!rolling && calendar.isEmpty()) {
      window.breaks(
          "a window that does not roll needs 'calendar' with startTime and timeZone; it is read as"
              + " a rolling one");
    }
    return rolling || calendar.isEmpty()
        ? rolling(window, text.get())
        : calendar(window, text.get(), calendar.get());
  }

  private static Optional<BudgetWindow> rolling(YamlNode window, String text) {
    Optional<Duration> length = Durations.parseOpenSlo(text);
    if (length.isEmpty() || length.get().compareTo(Duration.ofDays(366)) > 0) {
      window
          .find("duration")
          .orElse(window)
          .error(
              "'" + text + "' is no window of at most a year; write one such as 28d, 4w, 1M or 1Q");
      return Optional.empty();
    }
    Durations.specReads(window, "duration");
    return Optional.of(new Rolling(length.get(), text));
  }

  private static Optional<BudgetWindow> calendar(YamlNode window, String text, YamlNode calendar) {
    calendar.specKnows(Set.of("startTime", "timeZone"));
    Matcher matcher = CALENDAR.matcher(text);
    Unit unit = matcher.matches() ? UNITS.get(matcher.group(2)) : null;
    if (unit == null) {
      window
          .find("duration")
          .orElse(window)
          .error(
              "a calendar window is a number of d, w, M, Q or Y, such as 1M, not '"
                  + text
                  + "'; m are minutes");
      return Optional.empty();
    }
    int count = Integer.parseInt(matcher.group(1));
    return Optional.of(new Calendar(unit, count, anchor(calendar, unit, count), zone(calendar)));
  }

  private static ZoneId zone(YamlNode calendar) {
    OpenSloRules.needs(calendar, "timeZone", "UTC is taken");
    String name = calendar.text("timeZone").orElse("UTC");
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      calendar
          .find("timeZone")
          .orElse(calendar)
          .error("'" + name + "' is no time zone; write one such as Europe/Warsaw");
      return ZoneOffset.UTC;
    }
  }

  /** Where windows begin, or empty where the calendar's units begin by themselves. */
  private static Optional<LocalDateTime> anchor(YamlNode calendar, Unit unit, int count) {
    OpenSloRules.needs(
        calendar, "startTime", "windows begin where days, months and so on begin by themselves");
    Optional<String> text = calendar.text("startTime");
    Optional<LocalDateTime> start = text.flatMap(OpenSloWindow::moment);
    if (text.isPresent() && !text.flatMap(OpenSloWindow::exact).isPresent()) {
      calendar
          .find("startTime")
          .orElse(calendar)
          .breaks(
              "startTime is written as 2026-01-31 12:30:00"
                  + (start.isPresent() ? "" : "; without it windows begin where the unit does"));
    }
    if (start.isEmpty() && count > 1) {
      return Optional.of(LocalDate.EPOCH.atStartOfDay());
    }
    return start.filter(moment -> count > 1 || !beginsItself(moment, unit));
  }

  private static Optional<LocalDateTime> exact(String text) {
    try {
      return Optional.of(LocalDateTime.parse(text, START));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** What people write instead: a day alone, or a T between day and time. */
  private static Optional<LocalDateTime> moment(String text) {
    try {
      return text.length() == 10
          ? Optional.of(LocalDate.parse(text).atStartOfDay())
          : Optional.of(LocalDateTime.parse(text.replace(' ', 'T')));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static boolean beginsItself(LocalDateTime moment, Unit unit) {
    LocalDate day = moment.toLocalDate();
    if (!moment.toLocalTime().equals(LocalTime.MIDNIGHT)) {
      return false;
    }
    return switch (unit) {
      case DAY -> true;
      case WEEK -> day.getDayOfWeek() == DayOfWeek.MONDAY;
      case MONTH -> day.getDayOfMonth() == 1;
      case QUARTER -> day.getDayOfMonth() == 1 && day.getMonthValue() % 3 == 1;
      case YEAR -> day.getDayOfYear() == 1;
    };
  }
}
