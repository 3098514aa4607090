package dev.tidemark.alerting.route;

import dev.tidemark.alerting.escalation.Escalation;
import dev.tidemark.alerting.schedule.Schedule;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the documents define, and what was asked for. Not thread-safe. */
final class Known {
  final Map<String, Receiver> receivers = new LinkedHashMap<>();
  final Map<String, TimeInterval> intervals = new LinkedHashMap<>();
  final Map<String, Schedule> schedules = new LinkedHashMap<>();
  final Map<String, Escalation> escalations = new LinkedHashMap<>();

  /** Schedules that somebody is told by. */
  final Set<String> told = new LinkedHashSet<>();

  /** Names by kind, also of what could not be read: that is complained of once, where it stands. */
  private final Map<String, Set<String>> defined = new HashMap<>();

  Known(List<RouteParser.Document> documents) {
    for (RouteParser.Document document : documents) {
      defined.computeIfAbsent(document.kind(), kind -> new LinkedHashSet<>()).add(document.name());
    }
    defined.computeIfAbsent("Receiver", kind -> new LinkedHashSet<>()).add(Routes.CONSOLE);
  }

  /**
   * Whether it can be told. What is not defined is a problem of the field; what is defined but
   * could not be read has its problem already.
   */
  boolean usable(Address address, Fields fields, String field) {
    return found(address, fields, field)
        && switch (address.kind()) {
          case RECEIVER ->
              receivers.containsKey(address.name()) || address.name().equals(Routes.CONSOLE);
          case SCHEDULE -> schedules.containsKey(address.name());
          case ESCALATION -> escalations.containsKey(address.name());
        };
  }

  private boolean found(Address address, Fields fields, String field) {
    if (address.kind() == Address.Kind.SCHEDULE) {
      told.add(address.name());
    }
    return switch (address.kind()) {
      case RECEIVER -> found("Receiver", address.name(), fields, field);
      case SCHEDULE -> found("Schedule", address.name(), fields, field);
      case ESCALATION -> found("Escalation", address.name(), fields, field);
    };
  }

  boolean found(String kind, String name, Fields fields, String field) {
    if (names(kind).contains(name)) {
      return true;
    }
    String words =
        switch (kind) {
          case "TimeInterval" -> "time interval";
          case "Schedule" -> "schedule";
          case "Escalation" -> "escalation";
          default -> "receiver";
        };
    fields.problem(
        field, "there is no " + words + " '" + name + "'" + Suggestion.of(name, names(kind)));
    return false;
  }

  Collection<String> names(String kind) {
    return defined.getOrDefault(kind, Set.of());
  }
}
