package dev.tidemark.alerting.schedule;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Shifts that somebody planned in a calendar: each event is one member's, named by the event's
 * summary. Immutable.
 *
 * @param events of the calendar
 */
public record OnCallCalendar(List<OnCallEvent> events) {
  /** No calendar. */
  public static final OnCallCalendar NONE = new OnCallCalendar(List.of());

  /** Copies the list. */
  public OnCallCalendar {
    events = List.copyOf(events);
  }

  /** Returns who is on call, each once, in the order of the calendar; empty when nobody is. */
  public List<String> onCall(Instant at) {
    Set<String> members = new LinkedHashSet<>();
    for (OnCallEvent event : events) {
      if (!event.between(at, at.plusNanos(1)).isEmpty()) {
        members.add(event.member());
      }
    }
    return List.copyOf(members);
  }

  /** Returns the shifts that touch [from, to), by their begin; those of several members overlap. */
  public List<Shift> between(Instant from, Instant to) {
    List<Shift> shifts = new ArrayList<>();
    events.forEach(event -> shifts.addAll(event.between(from, to)));
    shifts.sort(Comparator.comparing(Shift::from));
    return shifts;
  }

  /** Returns everybody who is named. */
  public Set<String> members() {
    Set<String> members = new LinkedHashSet<>();
    events.forEach(event -> members.add(event.member()));
    return members;
  }
}
