package dev.tidemark.engine.loop;

import dev.tidemark.engine.budget.BudgetSnapshot;
import dev.tidemark.engine.budget.BurnRate;
import dev.tidemark.engine.condition.Judge;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.store.clickhouse.BudgetHistory.Point;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Reads off all budgets once per minute of engine time. Belongs to the judge's thread; not
 * thread-safe.
 */
public final class BudgetMinutes {
  private Instant last = Instant.EPOCH;

  /** Returns a point for every objective when a new minute has begun, otherwise nothing. */
  public List<Point> at(Judge judge, Instant at) {
    Instant minute = at.truncatedTo(ChronoUnit.MINUTES);
    if (!minute.isAfter(last)) {
      return List.of();
    }
    last = minute;
    List<Point> points = new ArrayList<>();
    for (Objective objective : judge.definitions().objectives()) {
      BudgetSnapshot snapshot = judge.snapshot(objective.id(), at).orElseThrow();
      points.add(
          new Point(
              objective.id(),
              minute,
              snapshot.until(),
              value(snapshot.leftRatio()),
              value(snapshot.sliRatio()),
              burn(snapshot, Comparator.reverseOrder()),
              burn(snapshot, Comparator.naturalOrder())));
    }
    return points;
  }

  private static double value(OptionalDouble value) {
    return value.orElse(Double.NaN);
  }

  private static double burn(BudgetSnapshot snapshot, Comparator<Duration> order) {
    return snapshot.burnRates().entrySet().stream()
        .max(Map.Entry.comparingByKey(order))
        .map(Map.Entry::getValue)
        .map(BurnRate::value)
        .orElse(Double.NaN);
  }
}
