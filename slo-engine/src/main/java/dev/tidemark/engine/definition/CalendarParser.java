package dev.tidemark.engine.definition;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Reads {@code kind: Calendar} and lists of holidays wherever they stand: days ({@code
 * 2026-12-25}), days of every year ({@code 12-25}) and ranges with both ends ({@code
 * 2026-12-24..2027-01-01}). Not thread-safe.
 */
final class CalendarParser {
  static final Set<String> SPEC = Set.of("timeZone", "on", "holidays", "ical");
  private static final Pattern YEARLY = Pattern.compile("\\d\\d-\\d\\d");
  private static final long LONGEST_RANGE_DAYS = 366;

  /** Texts of the iCalendar files that were read with the definitions, by path. */
  private final Map<String, String> files;

  CalendarParser(Map<String, String> files) {
    this.files = files;
  }

  /**
   * Reads one, or returns empty after complaints.
   *
   * @param file in which it stands, from whose folder the paths of others count
   */
  Optional<WorkCalendar> parse(YamlNode spec, String file) {
    spec.onlyKnows(SPEC);
    Optional<ZoneId> zone = spec.text("timeZone").flatMap(text -> zone(spec, text));
    Set<DayOfWeek> days = SliParser.days(spec, "on");
    Optional<Holidays> listed = holidays(spec);
    Optional<Holidays> imported = spec.find("ical").map(ical -> imported(ical, file)).orElse(NONE);
    if (spec.find("on").isEmpty()
        && spec.find("holidays").isEmpty()
        && spec.find("ical").isEmpty()) {
      spec.error(
          "a calendar needs 'on', such as business-days, 'holidays', such as [2026-12-25], or"
              + " 'ical', such as {file: holidays.ics}");
      return Optional.empty();
    }
    if (listed.isEmpty()
        || imported.isEmpty()
        || days.isEmpty()
        || spec.find("timeZone").isPresent() != zone.isPresent()) {
      return Optional.empty();
    }
    return Optional.of(new WorkCalendar(zone, days, listed.get().and(imported.get())));
  }

  private static final Optional<Holidays> NONE = Optional.of(Holidays.NONE);

  /** Reads a time zone, or complains. */
  static Optional<ZoneId> zone(YamlNode body, String text) {
    try {
      return Optional.of(ZoneId.of(text));
    } catch (DateTimeException e) {
      body.find("timeZone")
          .orElse(body)
          .error("'" + text + "' is no time zone; write one such as Europe/Warsaw");
      return Optional.empty();
    }
  }

  private Optional<Holidays> imported(YamlNode ical, String file) {
    ical.onlyKnows(Set.of("file"));
    Optional<String> name = ical.required("file");
    if (name.isEmpty()) {
      return Optional.empty();
    }
    YamlNode at = ical.find("file").orElse(ical);
    String folder = file.substring(0, file.lastIndexOf('/') + 1);
    String path = plain(name.get().startsWith("/") ? name.get() : folder + name.get());
    String text = files.get(path);
    if (text == null) {
      Set<String> known = new TreeSet<>();
      for (String other : files.keySet()) {
        known.add(other.startsWith(folder) ? other.substring(folder.length()) : other);
      }
      at.error(
          "there is no file '"
              + name.get()
              + "'; its path counts from the folder of this definition, and files are read whose"
              + " names end in .ics and which lie in the folders of the definitions"
              + YamlNode.suggestion(name.get(), known));
      return Optional.empty();
    }
    try {
      HolidayFile.Found found = HolidayFile.read(text);
      if (found.partly() > 0) {
        at.warn(
            found.partly()
                + " event(s) of "
                + name.get()
                + " last parts of days and are left out; a holiday is an event of a whole day");
      }
      if (found.days().isEmpty()) {
        at.warn("there is no event of a whole day in " + name.get());
      }
      return Optional.of(new Holidays(found.days(), Set.of()));
    } catch (IllegalArgumentException e) {
      at.error(name.get() + ": " + e.getMessage());
      return Optional.empty();
    }
  }

  /** A path without detours through the folder itself or the one above. */
  private static String plain(String path) {
    String plain = path.replaceAll("(?<=^|/)(\\./)+", "");
    String before = "";
    while (!plain.equals(before)) {
      before = plain;
      plain = plain.replaceFirst("(?<=^|/)(?!\\.\\./)[^/]+/\\.\\./", "");
    }
    return plain;
  }

  /** The path of a file as {@code ical} is looked up by. */
  static String key(String path) {
    return plain(path);
  }

  /** Reads {@code holidays}, or returns empty after complaints. */
  static Optional<Holidays> holidays(YamlNode body) {
    Set<LocalDate> days = new HashSet<>();
    Set<MonthDay> yearly = new HashSet<>();
    boolean good = true;
    for (YamlNode holiday : body.elements("holidays")) {
      good &= holiday(holiday, days, yearly);
    }
    return good ? Optional.of(new Holidays(days, yearly)) : Optional.empty();
  }

  private static boolean holiday(YamlNode node, Set<LocalDate> days, Set<MonthDay> yearly) {
    String text = node.value().strip();
    try {
      if (YEARLY.matcher(text).matches()) {
        yearly.add(MonthDay.parse("--" + text));
        return true;
      }
      int dots = text.indexOf("..");
      LocalDate first = LocalDate.parse(dots < 0 ? text : text.substring(0, dots).strip());
      LocalDate last = dots < 0 ? first : LocalDate.parse(text.substring(dots + 2).strip());
      if (last.isBefore(first)) {
        node.error("the range '" + text + "' ends before it begins; write the earlier day first");
        return false;
      }
      if (ChronoUnit.DAYS.between(first, last) > LONGEST_RANGE_DAYS) {
        node.error("the range '" + text + "' is longer than a year");
        return false;
      }
      first.datesUntil(last.plusDays(1)).forEach(days::add);
      return true;
    } catch (DateTimeException e) {
      node.error(
          "'"
              + text
              + "' is no day; write one such as 2026-12-25, 12-25 for every year, or a range such"
              + " as 2026-12-24..2027-01-01");
      return false;
    }
  }
}
