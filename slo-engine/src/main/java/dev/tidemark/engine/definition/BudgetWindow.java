package dev.tidemark.engine.definition;

import java.time.Duration;
import java.time.ZoneId;

/** The span that an error budget covers. Half-open: [start, end). */
public sealed interface BudgetWindow {
  /** A nominal length: exact for rolling windows, 30 d for a calendar month. */
  Duration nominal();

  /** How it is written, such as {@code 30d} or {@code month (Europe/Warsaw)}. */
  String text();

  /** The last {@code length}, at any moment. */
  record Rolling(Duration length, String text) implements BudgetWindow {
    @Override
    public Duration nominal() {
      return length;
    }
  }

  /** The current calendar unit in a zone. */
  record Calendar(Unit unit, ZoneId zone) implements BudgetWindow {
    @Override
    public Duration nominal() {
      return Duration.ofDays(unit.nominalDays);
    }

    @Override
    public String text() {
      return unit.name().toLowerCase(java.util.Locale.ROOT) + " (" + zone + ")";
    }
  }

  /** Calendar units. */
  enum Unit {
    DAY(1),
    WEEK(7),
    MONTH(30),
    QUARTER(90),
    YEAR(365);

    private final int nominalDays;

    Unit(int nominalDays) {
      this.nominalDays = nominalDays;
    }
  }
}
