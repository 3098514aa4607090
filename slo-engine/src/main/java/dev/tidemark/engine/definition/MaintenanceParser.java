package dev.tidemark.engine.definition;

import dev.tidemark.engine.definition.MaintenanceDefinition.Budget;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads {@code kind: Maintenance}. Stateless. */
final class MaintenanceParser {
  static final Set<String> SPEC =
      Set.of(
          "covers",
          "from",
          "duration",
          "repeat",
          "timeZone",
          "budget",
          "reason",
          "ticket",
          "author");

  private MaintenanceParser() {}

  /** Reads it, or returns empty after complaints. */
  static Optional<MaintenanceDefinition> parse(String name, YamlNode spec) {
    spec.onlyKnows(SPEC);
    List<String> covers = spec.oneOrMore("covers");
    if (covers.isEmpty()) {
      spec.error("needs 'covers': names of datasets, pipelines, connectors or objectives, or '*'");
    }
    Optional<String> reason = spec.required("reason");
    Optional<String> ticket = spec.required("ticket");
    Optional<Duration> duration = ObjectiveParser.needed(spec, "duration");
    Optional<ZoneId> zone = zone(spec);
    Optional<Instant> from = zone.flatMap(own -> from(spec, own));
    Budget budget = budget(spec);
    if (covers.isEmpty()
        || reason.isEmpty()
        || ticket.isEmpty()
        || duration.isEmpty()
        || zone.isEmpty()
        || from.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new MaintenanceDefinition(
              name,
              covers,
              new PlannedTimes(
                  from.get(), duration.get(), spec.text("repeat").orElse(""), zone.get()),
              budget,
              reason.get(),
              ticket.get(),
              spec.text("author").orElse(""),
              spec.place()));
    } catch (IllegalArgumentException e) {
      spec.find("repeat").orElse(spec).error(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private static Optional<ZoneId> zone(YamlNode spec) {
    Optional<String> text = spec.text("timeZone");
    if (text.isEmpty()) {
      return Optional.of(ZoneOffset.UTC);
    }
    try {
      return Optional.of(ZoneId.of(text.get()));
    } catch (DateTimeException e) {
      spec.find("timeZone")
          .orElse(spec)
          .error("'" + text.get() + "' is no time zone; write one such as Europe/Warsaw");
      return Optional.empty();
    }
  }

  private static Optional<Instant> from(YamlNode spec, ZoneId zone) {
    Optional<String> text = spec.required("from");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.parse(text.get()));
    } catch (DateTimeException e) {
      try {
        return Optional.of(
            LocalDateTime.parse(text.get().replace(' ', 'T')).atZone(zone).toInstant());
      } catch (DateTimeException again) {
        spec.find("from")
            .orElse(spec)
            .error("'" + text.get() + "' is no moment; write one such as 2026-11-29T02:00");
        return Optional.empty();
      }
    }
  }

  private static Budget budget(YamlNode spec) {
    String text = spec.text("budget").orElse("drop");
    for (Budget budget : Budget.values()) {
      if (budget.name().toLowerCase(Locale.ROOT).equals(text)) {
        return budget;
      }
    }
    spec.find("budget").orElse(spec).error("budget is drop, good or keep, not '" + text + "'");
    return Budget.DROP;
  }
}
