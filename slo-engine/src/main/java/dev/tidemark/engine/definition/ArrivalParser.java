package dev.tidemark.engine.definition;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads {@code arrival}: when data are due, and when those of single members of its roster are.
 * What a setting does not say itself, its {@code calendar} says; what a member does not say, the
 * objective does. Not thread-safe.
 */
final class ArrivalParser {
  static final Set<String> KEYS = Set.of("dueBy", "on", "holidays", "slack", "calendar");

  private static final Duration USUAL_SLACK = Duration.ofHours(1);

  private final Shared shared;

  ArrivalParser(Shared shared) {
    this.shared = shared;
  }

  /** What holds where nothing is said; the time of day is missing until somebody says it. */
  private record Presets(
      Optional<LocalTime> dueBy,
      ZoneId zone,
      Set<DayOfWeek> days,
      Holidays holidays,
      Duration slack) {}

  /**
   * Reads it, or returns empty after complaints.
   *
   * @param zone of the objective; UTC where it says none
   */
  Optional<Sli.Arrival> read(YamlNode body, Selector watermark, ZoneId zone) {
    if (body.required("dueBy").isEmpty()) {
      return Optional.empty();
    }
    Presets none =
        new Presets(Optional.empty(), zone, Set.of(DayOfWeek.values()), Holidays.NONE, USUAL_SLACK);
    Optional<Presets> common = settings(body, none);
    Map<String, ArrivalCalendar> ofMembers = new HashMap<>();
    boolean good = true;
    for (YamlNode member : members(body)) {
      Optional<ArrivalCalendar> own =
          common
              .flatMap(presets -> settings(member, presets))
              .flatMap(read -> calendar(member, read));
      // Complaints about the name come from whoever reads the roster.
      member
          .find("name")
          .ifPresent(name -> own.ifPresent(deadlines -> ofMembers.put(name.value(), deadlines)));
      good &= own.isPresent();
    }
    Optional<ArrivalCalendar> calendar = common.flatMap(presets -> calendar(body, presets));
    return good
        ? calendar.map(deadlines -> new Sli.Arrival(watermark, deadlines, ofMembers))
        : Optional.empty();
  }

  private static Iterable<YamlNode> members(YamlNode body) {
    return body.find("roster")
        .filter(roster -> roster.find("members").filter(YamlNode::isList).isPresent())
        .map(roster -> roster.elements("members").stream().filter(YamlNode::isMap).toList())
        .orElse(List.of());
  }

  private Optional<Presets> settings(YamlNode body, Presets presets) {
    Optional<WorkCalendar> named = shared.calendar(body);
    Optional<LocalTime> dueBy =
        body.text("dueBy").flatMap(text -> SliParser.time(body, "dueBy", text));
    Optional<ZoneId> zone = body.text("timeZone").flatMap(text -> CalendarParser.zone(body, text));
    Set<DayOfWeek> days =
        body.find("on").isPresent()
            ? SliParser.days(body, "on")
            : named.map(WorkCalendar::days).orElse(presets.days());
    Optional<Holidays> listed = CalendarParser.holidays(body);
    Holidays before = named.map(WorkCalendar::holidays).orElse(presets.holidays());
    Optional<Duration> slack = ObjectiveParser.duration(body, "slack");
    if (listed.isEmpty()
        || days.isEmpty()
        || isWrong(body, "dueBy", dueBy)
        || isWrong(body, "timeZone", zone)
        || isWrong(body, "slack", slack)
        || isWrong(body, "calendar", named)) {
      return Optional.empty();
    }
    return Optional.of(
        new Presets(
            dueBy.or(presets::dueBy),
            zone.or(() -> named.flatMap(WorkCalendar::zone)).orElse(presets.zone()),
            days,
            before.and(listed.get()),
            slack.orElse(presets.slack())));
  }

  private static boolean isWrong(YamlNode body, String key, Optional<?> read) {
    return body.find(key).isPresent() && read.isEmpty();
  }

  private static Optional<ArrivalCalendar> calendar(YamlNode body, Presets settings) {
    try {
      return settings
          .dueBy()
          .map(
              dueBy ->
                  new ArrivalCalendar(
                      dueBy,
                      settings.zone(),
                      settings.days(),
                      settings.holidays(),
                      settings.slack()));
    } catch (IllegalArgumentException e) {
      body.find("holidays")
          .or(() -> body.find("calendar"))
          .orElse(body)
          .error(e.getMessage() + "; leave out some of the holidays");
      return Optional.empty();
    }
  }
}
