package dev.tidemark.alerting.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A rotation: its members follow each other, each for the same time by the wall clock. Immutable.
 *
 * @param name for people
 * @param members who takes turns, at least one; one may stand here more than once
 * @param start from when on, by the wall clock; before it nobody of this layer is on call
 * @param anchor a hand-over at or before {@code start}, by the wall clock; the others follow every
 *     {@code every}
 * @param every from one hand-over to the next by the wall clock, at least an hour: 24 h is a day,
 *     however many hours the clocks make of it
 * @param restrictions hours to which it keeps; empty for always
 */
public record Layer(
    String name,
    List<String> members,
    LocalDateTime start,
    LocalDateTime anchor,
    Duration every,
    List<Restriction> restrictions) {
  /** Clocks were put back by a day at most, so far. */
  private static final Duration MOST_PUT_BACK = Duration.ofHours(25);

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException when there is no member, a turn is shorter than an hour, or
   *     the anchor is after the start
   */
  public Layer {
    members = List.copyOf(members);
    restrictions = List.copyOf(restrictions);
    if (members.isEmpty()) {
      throw new IllegalArgumentException("the layer '" + name + "' has no members");
    }
    if (every.compareTo(Duration.ofHours(1)) < 0) {
      throw new IllegalArgumentException("a turn lasts at least an hour, not " + every);
    }
    if (anchor.isAfter(start)) {
      throw new IllegalArgumentException(
          "the hand-over " + anchor + " is after the start " + start);
    }
  }

  Optional<String> onCall(Instant at, ZoneId zone) {
    if (at.isBefore(LocalTimes.moment(start, zone))
        || (!restrictions.isEmpty()
            && restrictions.stream().noneMatch(hours -> hours.contains(at, zone)))) {
      return Optional.empty();
    }
    return Optional.of(
        members.get(Math.toIntExact(Math.floorMod(turn(at, zone), (long) members.size()))));
  }

  /** Adds the moments between the two at which somebody else may be on call. */
  void addChanges(Instant after, Instant before, ZoneId zone, Collection<Instant> changes) {
    Instant begin = LocalTimes.moment(start, zone);
    changes.add(begin);
    Instant from = begin.isAfter(after) ? begin : after;
    if (!from.isBefore(before)) {
      return;
    }
    long last = turn(before, zone);
    for (long turn = turn(from, zone) + 1; turn <= last; turn++) {
      changes.add(handOver(turn, zone));
    }
    restrictions.forEach(hours -> hours.addChanges(from, before, zone, changes));
  }

  /**
   * The last hand-over that has been, counted from the anchor. Counted down from one that cannot
   * have been yet, because what the clocks skip or repeat makes moments and wall times disagree.
   */
  private long turn(Instant at, ZoneId zone) {
    LocalDateTime latest = LocalDateTime.ofInstant(at, zone).plus(MOST_PUT_BACK);
    long turn = Math.floorDiv(Duration.between(anchor, latest).toSeconds(), every.toSeconds());
    while (turn > 0 && handOver(turn, zone).isAfter(at)) {
      turn--;
    }
    return Math.max(0, turn);
  }

  private Instant handOver(long turn, ZoneId zone) {
    return LocalTimes.moment(anchor.plusSeconds(Math.multiplyExact(every.toSeconds(), turn)), zone);
  }
}
