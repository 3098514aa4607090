package dev.tidemark.engine.definition;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is declared once and used by objectives of any document: calendars, by name, and how late
 * the signals of a source may be. Collected before the objectives are read. Not thread-safe.
 */
final class Shared {
  private final Map<String, WorkCalendar> calendars = new HashMap<>();
  private final Map<String, String> unusableCalendars = new HashMap<>();
  private final Map<String, Duration> lateness = new HashMap<>();

  /**
   * Reads what others may refer to.
   *
   * @param documents of all files
   * @param files texts of the iCalendar files, by path
   */
  void collect(List<HeadedDocument> documents, Map<String, String> files) {
    CalendarParser parser = new CalendarParser(files);
    for (HeadedDocument one : documents) {
      if (one.kind().equals("Calendar")) {
        Optional<WorkCalendar> read = parser.parse(one.spec(), one.document().file());
        if (read.isPresent() && !one.faulty()) {
          calendars.put(one.name(), read.get());
        } else {
          unusableCalendars.put(one.name(), one.metadata().place());
        }
      } else if (one.kind().equals("Pipeline")) {
        // What is no duration is told where the rest of the document is read.
        one.spec()
            .find("allowedLateness")
            .flatMap(text -> Durations.parse(text.value()))
            .ifPresent(allowed -> lateness.put(one.name(), allowed));
      }
    }
  }

  /** Returns the calendar that {@code calendar} of these settings names; complains of another. */
  Optional<WorkCalendar> calendar(YamlNode body) {
    Optional<String> name = body.text("calendar");
    if (name.isEmpty()) {
      return Optional.empty();
    }
    WorkCalendar found = calendars.get(name.get());
    if (found == null) {
      YamlNode at = body.find("calendar").orElse(body);
      String broken = unusableCalendars.get(name.get());
      if (broken != null) {
        at.error("the Calendar '" + name.get() + "' at " + broken + " has errors; mend it first");
      } else if (calendars.isEmpty()) {
        at.error(
            "there is no Calendar '"
                + name.get()
                + "', and no other either; add a document of kind: Calendar with that name");
      } else {
        at.error(
            "there is no Calendar '"
                + name.get()
                + "'"
                + YamlNode.suggestion(name.get(), new TreeSet<>(calendars.keySet())));
      }
    }
    return Optional.ofNullable(found);
  }

  /**
   * Returns how late signals of an indicator may be when it says nothing itself: as their sources
   * declare, an hour for others. Sources that its selectors shut out are left out, because the
   * longest lateness decides how much of the past is kept.
   */
  AllowedLateness lateness(Iterable<Selector> selectors) {
    Set<String> sources = new HashSet<>();
    for (Selector selector : selectors) {
      Set<String> connectors = selector.attributes().getOrDefault("connector", Set.of());
      sources.addAll(connectors);
      if (connectors.isEmpty() || !lateness.keySet().containsAll(connectors)) {
        sources.addAll(selector.attributes().getOrDefault("service.name", lateness.keySet()));
      }
    }
    Map<String, Duration> own = new HashMap<>(lateness);
    own.keySet().retainAll(sources);
    return new AllowedLateness(AllowedLateness.DEFAULT.usual(), own);
  }
}
