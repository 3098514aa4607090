package dev.tidemark.engine.store.clickhouse;

import dev.tidemark.engine.model.ObjectiveId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/**
 * Budgets minute by minute. Writing a minute again replaces it, so a repeated write is harmless.
 * Durable when the method returns. Thread-safe; blocks.
 */
public final class BudgetHistory {
  private final ClickHouseConnections connections;

  /** Creates one. */
  public BudgetHistory(ClickHouseConnections connections) {
    this.connections = connections;
  }

  /**
   * The budget of an objective at one minute; what is not known is {@link Double#NaN}.
   *
   * @param objective whose
   * @param at the full minute, engine time
   * @param until end of the newest slice that was judged by then: this is what the budget counts
   * @param leftRatio 1 is all of it, 0 none, negative overspent
   * @param sliRatio the indicator over the budget's window
   * @param fastBurn burn rate of the shortest window
   * @param slowBurn burn rate of the longest window
   */
  public record Point(
      ObjectiveId objective,
      Instant at,
      Instant until,
      double leftRatio,
      double sliRatio,
      double fastBurn,
      double slowBurn) {}

  /** Stores all points in one insert. */
  public void write(Collection<Point> points) {
    RowBinary rows = new RowBinary();
    for (Point point : points) {
      rows.row();
      rows.text(point.objective().value());
      rows.int64(point.at().toEpochMilli());
      rows.int64(point.until().toEpochMilli());
      rows.float64(point.leftRatio());
      rows.float64(point.sliRatio());
      rows.float64(point.fastBurn());
      rows.float64(point.slowBurn());
    }
    connections.insert("budget_history", rows, "");
  }

  /**
   * Returns an objective's points from {@code from} until before {@code to}, oldest first.
   *
   * @param limit with more points than that, the newest are returned
   */
  public List<Point> read(ObjectiveId objective, Instant from, Instant to, int limit) {
    return query(
        ("WHERE objective = %s AND at >= fromUnixTimestamp64Milli(toInt64(%d), 'UTC')"
                + " AND at < fromUnixTimestamp64Milli(toInt64(%d), 'UTC') ORDER BY ms DESC LIMIT %d")
            .formatted(
                ClickHouseConnections.quote(objective.value()),
                from.toEpochMilli(),
                to.toEpochMilli(),
                limit));
  }

  /**
   * How all objectives did in one stretch of time.
   *
   * @param start of the stretch
   * @param leftRatio mean of what was left of the budgets of which something is known, each between
   *     0 and 1; {@link Double#NaN} when nothing is known of more than half of them
   */
  public record Stretch(Instant start, double leftRatio) {}

  /** Returns the trend from {@code from} until before {@code to}, oldest first. */
  public List<Stretch> trend(Instant from, Instant to, Duration step) {
    List<Stretch> found = new ArrayList<>();
    connections.query(
        ("SELECT toInt64(intDiv(toUnixTimestamp64Milli(at), %d)) AS step,"
                + " if(countIf(isFinite(budget_left)) * 2 < count(), nan,"
                + " avgIf(greatest(0., least(1., budget_left)), isFinite(budget_left))) AS left"
                + " FROM budget_history FINAL"
                + " WHERE at >= fromUnixTimestamp64Milli(toInt64(%d), 'UTC')"
                + " AND at < fromUnixTimestamp64Milli(toInt64(%d), 'UTC')"
                + " GROUP BY step ORDER BY step")
            .formatted(step.toMillis(), from.toEpochMilli(), to.toEpochMilli()),
        rows -> {
          while (rows.hasNext()) {
            found.add(
                new Stretch(Instant.ofEpochMilli(rows.int64() * step.toMillis()), rows.float64()));
          }
        });
    return found;
  }

  private List<Point> query(String where) {
    List<Point> found = new ArrayList<>();
    connections.query(
        "SELECT objective, toUnixTimestamp64Milli(at) AS ms, toUnixTimestamp64Milli(until),"
            + " budget_left, sli, fast_burn, slow_burn FROM budget_history FINAL "
            + where,
        rows -> {
          while (rows.hasNext()) {
            found.add(
                new Point(
                    new ObjectiveId(rows.text()),
                    Instant.ofEpochMilli(rows.int64()),
                    Instant.ofEpochMilli(rows.int64()),
                    rows.float64(),
                    rows.float64(),
                    rows.float64(),
                    rows.float64()));
          }
        });
    Collections.reverse(found);
    return found;
  }
}
