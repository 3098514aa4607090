package dev.tidemark.alerting.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;

/** Schedules to test with. */
final class Rotas {
  private Rotas() {}

  /** A layer that has begun with a hand-over. */
  static Layer layer(String start, Duration every, String... members) {
    LocalDateTime begin = LocalDateTime.parse(start);
    return new Layer("layer", Arrays.asList(members), begin, begin, every, List.of());
  }

  static Layer only(Layer layer, Restriction... hours) {
    return new Layer(
        layer.name(),
        layer.members(),
        layer.start(),
        layer.anchor(),
        layer.every(),
        Arrays.asList(hours));
  }

  static Schedule schedule(String zone, Layer... layers) {
    return new Schedule(
        "primary", ZoneId.of(zone), Arrays.asList(layers), List.of(), OnCallCalendar.NONE);
  }

  static Instant at(String moment) {
    return Instant.parse(moment);
  }

  /** Each shift as {@code from member,member}. */
  static List<String> listed(List<Shift> shifts) {
    return shifts.stream()
        .map(shift -> shift.from() + " " + String.join(",", shift.members()))
        .toList();
  }
}
