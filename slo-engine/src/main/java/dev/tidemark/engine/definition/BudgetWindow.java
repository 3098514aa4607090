package dev.tidemark.engine.definition;

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;

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

  /**
   * The current calendar unit in a zone, or several units together.
   *
   * @param unit of the calendar
   * @param count how many make a window, at least 1
   * @param anchor local moment at which one window began; others follow before and after it. Empty
   *     for windows of one unit that begin where the unit does: at midnight, on a Monday, on the
   *     first of the month and so on
   * @param zone whose calendar it is
   */
  record Calendar(Unit unit, int count, Optional<LocalDateTime> anchor, ZoneId zone)
      implements BudgetWindow {
    /** One unit, from its beginning. */
    public Calendar(Unit unit, ZoneId zone) {
      this(unit, 1, Optional.empty(), zone);
    }

    @Override
    public Duration nominal() {
      return Duration.ofDays((long) unit.nominalDays * count);
    }

    @Override
    public String text() {
      String name = unit.name().toLowerCase(Locale.ROOT);
      return (count == 1 ? name : count + " " + name + "s")
          + anchor.map(from -> " from " + from.toString().replace('T', ' ')).orElse("")
          + " ("
          + zone
          + ")";
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
