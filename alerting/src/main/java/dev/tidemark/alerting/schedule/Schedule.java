package dev.tidemark.alerting.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who is on call when. The first of these that knows somebody decides: what stands in, the later
 * before the earlier; the calendar; the layers, the later before the earlier. Immutable, pure.
 *
 * @param name as routes and escalations name it
 * @param zone whose wall clock layers follow
 * @param layers rotations, the lowest first
 * @param standIns people that stand in for others for a while
 * @param calendar shifts of a calendar file
 */
public record Schedule(
    String name, ZoneId zone, List<Layer> layers, List<StandIn> standIns, OnCallCalendar calendar) {
  /** Longest time that {@link #shifts} lists. */
  public static final Duration LONGEST_LISTED = Duration.ofDays(3 * 366);

  /** Copies the lists. */
  public Schedule {
    layers = List.copyOf(layers);
    standIns = List.copyOf(standIns);
  }

  /** Returns who is on call; empty when nobody is, more than one only by a calendar. */
  public List<String> onCall(Instant at) {
    for (int i = standIns.size() - 1; i >= 0; i--) {
      if (standIns.get(i).shift().contains(at)) {
        return List.of(standIns.get(i).member());
      }
    }
    List<String> planned = calendar.onCall(at);
    if (!planned.isEmpty()) {
      return planned;
    }
    for (int i = layers.size() - 1; i >= 0; i--) {
      Optional<String> member = layers.get(i).onCall(at, zone);
      if (member.isPresent()) {
        return List.of(member.get());
      }
    }
    return List.of();
  }

  /**
   * Returns the shifts of [from, to), which they fill without gap or overlap: where nobody is on
   * call stands a shift without members. The first and last are cut at the ends.
   *
   * @throws IllegalArgumentException when the time is longer than {@link #LONGEST_LISTED}
   */
  public List<Shift> shifts(Instant from, Instant to) {
    if (!to.isAfter(from)) {
      return List.of();
    }
    if (Duration.between(from, to).compareTo(LONGEST_LISTED) > 0) {
      throw new IllegalArgumentException(
          "shifts are listed for " + LONGEST_LISTED.toDays() + " days at most; ask for less");
    }
    TreeSet<Instant> changes = new TreeSet<>();
    standIns.forEach(
        one -> {
          changes.add(one.from());
          changes.add(one.to());
        });
    calendar
        .between(from, to)
        .forEach(
            one -> {
              changes.add(one.from());
              changes.add(one.to());
            });
    layers.forEach(layer -> layer.addChanges(from, to, zone, changes));
    List<Shift> shifts = new ArrayList<>();
    Instant begin = from;
    List<String> members = onCall(from);
    for (Instant change : changes.subSet(from, false, to, false)) {
      List<String> next = onCall(change);
      if (!next.equals(members)) {
        shifts.add(new Shift(begin, change, members));
        begin = change;
        members = next;
      }
    }
    shifts.add(new Shift(begin, to, members));
    return shifts;
  }

  /** Returns everybody who is ever on call, in the order in which they are named. */
  public Set<String> members() {
    Set<String> members = new LinkedHashSet<>();
    layers.forEach(layer -> members.addAll(layer.members()));
    standIns.forEach(one -> members.add(one.member()));
    members.addAll(calendar.members());
    return members;
  }
}
