package dev.tidemark.alerting.route;

import dev.tidemark.alerting.schedule.Layer;
import dev.tidemark.alerting.schedule.OnCallCalendar;
import dev.tidemark.alerting.schedule.Restriction;
import dev.tidemark.alerting.schedule.Schedule;
import dev.tidemark.alerting.schedule.ScheduleCalendar;
import dev.tidemark.alerting.schedule.StandIn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one schedule. */
final class ScheduleReading {
  static final Set<String> FIELDS = Set.of("timezone", "layers", "overrides", "ical");
  static final Set<String> LAYER = Set.of("name", "members", "start", "handOver", "restrict");
  static final Set<String> HAND_OVER = Set.of("every", "at", "on");
  static final Set<String> RESTRICT = Set.of("days", "from", "to");
  static final Set<String> OVERRIDE = Set.of("from", "to", "member");
  static final Set<String> ICAL = Set.of("file");

  private final String name;
  private final Fields fields;
  private final Path definition;
  private final List<Mention> mentions = new ArrayList<>();
  private OnCallCalendar calendar = OnCallCalendar.NONE;

  /** Somebody is named here. */
  private record Mention(Fields fields, String field, String member) {}

  /**
   * Begins.
   *
   * @param definition the file that defines the schedule: the calendar's file is named from there
   */
  ScheduleReading(String name, Fields fields, Path definition) {
    this.name = name;
    this.fields = fields;
    this.definition = definition;
  }

  /** Returns the schedule; null when something is wrong, which the fields have noted. */
  @Nullable Schedule read(List<String> problems) {
    int before = problems.size();
    fields.onlyKnown(FIELDS, Map.of());
    if (!fields.has("timezone")) {
      fields.problem("timezone", "is missing; write timezone: Europe/Warsaw");
    }
    ZoneId zone = Zones.read(fields, "timezone", ZoneId.of("UTC"));
    List<Layer> layers = new ArrayList<>();
    for (Fields layer : fields.children("layers")) {
      Layer read = layer(layer, zone, layers.size() + 1);
      if (read != null) {
        layers.add(read);
      }
    }
    List<StandIn> standIns = new ArrayList<>();
    for (Fields override : fields.children("overrides")) {
      StandIn read = override(override, zone);
      if (read != null) {
        standIns.add(read);
      }
    }
    Fields ical = fields.child("ical");
    if (ical != null) {
      calendar = calendar(ical, zone);
    }
    if (!fields.has("layers") && ical == null) {
      fields.problem("layers", "a schedule needs layers or ical: {file: on-call.ics}");
    }
    return problems.size() > before ? null : new Schedule(name, zone, layers, standIns, calendar);
  }

  /** Everybody that may have to be told has to be a receiver. */
  void membersAreReceivers(Known known, List<String> warnings) {
    for (Mention mention : mentions) {
      boolean unused = known.found("Receiver", mention.member(), mention.fields(), mention.field());
    }
    for (String member : calendar.members()) {
      if (!known.names("Receiver").contains(member)) {
        warnings.add(
            fields.problemText(
                "ical",
                "the calendar names '"
                    + member
                    + "', which is no receiver and is never told"
                    + Suggestion.of(member, known.names("Receiver"))));
      }
    }
  }

  private @Nullable Layer layer(Fields layer, ZoneId zone, int number) {
    layer.onlyKnown(LAYER, Map.of());
    List<String> members = layer.texts("members");
    members.forEach(member -> mentions.add(new Mention(layer, "members", member)));
    if (members.isEmpty()) {
      layer.problem("members", "is missing; write members: [anna, bo]");
    }
    List<Restriction> restrictions = new ArrayList<>();
    for (Fields restrict : layer.children("restrict")) {
      restrictions.add(restriction(restrict));
    }
    String given = layer.text("name");
    Turns turns = Turns.read(layer, zone);
    if (turns == null || members.isEmpty()) {
      return null;
    }
    return new Layer(
        given == null ? "layer " + number : given,
        members,
        turns.start(),
        turns.anchor(),
        turns.every(),
        restrictions);
  }

  private static Restriction restriction(Fields restrict) {
    restrict.onlyKnown(RESTRICT, Map.of());
    Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    for (String text : restrict.texts("days")) {
      Set<DayOfWeek> read = Clock.days(text);
      if (read.isEmpty()) {
        restrict.problem("days", "'" + text + "' is no day; write mon, mon:fri or business-days");
      }
      days.addAll(read);
    }
    return new Restriction(
        days.isEmpty() ? EnumSet.allOf(DayOfWeek.class) : days,
        Clock.time(restrict, "from", LocalTime.MIDNIGHT),
        Clock.time(restrict, "to", LocalTime.MIDNIGHT));
  }

  private @Nullable StandIn override(Fields override, ZoneId zone) {
    override.onlyKnown(OVERRIDE, Map.of());
    String member = override.required("member", "anna");
    if (!member.isEmpty()) {
      mentions.add(new Mention(override, "member", member));
    }
    Instant from = Clock.moment(override, "from", zone);
    Instant to = Clock.moment(override, "to", zone);
    if (from == null || to == null || member.isEmpty()) {
      return null;
    }
    if (!to.isAfter(from)) {
      override.problem("to", "has to be after from");
      return null;
    }
    return new StandIn(from, to, member);
  }

  private OnCallCalendar calendar(Fields ical, ZoneId zone) {
    ical.onlyKnown(ICAL, Map.of());
    String file = ical.required("file", "on-call.ics");
    if (file.isEmpty()) {
      return OnCallCalendar.NONE;
    }
    try {
      Path path = definition.resolveSibling(file);
      return ScheduleCalendar.read(Files.readString(path), zone);
    } catch (IOException | InvalidPathException e) {
      ical.problem(
          "file",
          "the calendar "
              + file
              + " cannot be read ("
              + e.getClass().getSimpleName()
              + "); its path counts from the folder of this definition");
    } catch (IllegalArgumentException e) {
      ical.problem("file", file + ": " + e.getMessage());
    }
    return OnCallCalendar.NONE;
  }
}
