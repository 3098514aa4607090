package dev.tidemark.engine.store.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.store.clickhouse.BudgetHistory.Point;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is recorded over time, in a real ClickHouse. */
class HistoryAndAuditTest {
  private static final Instant T = Instant.parse("2026-03-01T12:00:00Z");
  private static final ObjectiveId ORDERS = new ObjectiveId("orders-freshness");
  private static FreshStore store;

  @BeforeAll
  static void open() {
    store = new FreshStore();
  }

  @AfterAll
  static void close() {
    store.close();
  }

  @Test
  void minutes_come_back_in_order_and_a_minute_written_again_is_replaced() {
    BudgetHistory history = new BudgetHistory(store.connections());
    Point first = new Point(ORDERS, T, T.minusSeconds(60), 1, 1, 0, 0);
    Point second = new Point(ORDERS, T.plusSeconds(60), T, 0.75, 0.99875, 2.5, 0.5);
    Point other = new Point(new ObjectiveId("it's another"), T, T.minusSeconds(60), 0.5, 0.9, 1, 1);
    history.write(List.of(second, first, other));
    history.write(List.of(second));

    assertThat(history.read(ORDERS, T, T.plusSeconds(61), 10)).containsExactly(first, second);
    assertThat(history.read(ORDERS, T, T.plusSeconds(60), 10)).containsExactly(first);
    assertThat(history.read(ORDERS, T, T.plusSeconds(61), 1)).containsExactly(second);
    assertThat(history.read(other.objective(), T, T.plusSeconds(60), 10)).containsExactly(other);
  }

  @Test
  void what_is_not_known_stays_unknown() {
    BudgetHistory history = new BudgetHistory(store.connections());
    Point unknown =
        new Point(
            new ObjectiveId("dark"),
            T,
            T.minusSeconds(60),
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN);
    history.write(List.of(unknown));

    assertThat(history.read(unknown.objective(), T, T.plusSeconds(1), 10)).containsExactly(unknown);
  }

  @Test
  void the_trend_is_the_mean_of_what_is_known_and_unknown_where_less_than_half_is() {
    try (FreshStore own = new FreshStore()) {
      BudgetHistory history = new BudgetHistory(own.connections());
      ObjectiveId late = new ObjectiveId("late");
      ObjectiveId dark = new ObjectiveId("dark");
      Instant next = T.plus(Duration.ofHours(1));
      history.write(
          List.of(
              new Point(ORDERS, T, T.minusSeconds(60), 0.5, 1, 0, 0),
              // Overspent counts as nothing left, not as less than nothing.
              new Point(late, T.plusSeconds(60), T, -3, 0.5, 0, 0),
              new Point(ORDERS, next, next.minusSeconds(60), 1, 1, 0, 0),
              new Point(late, next, next.minusSeconds(60), Double.NaN, Double.NaN, 0, 0),
              new Point(dark, next, next.minusSeconds(60), Double.NaN, Double.NaN, 0, 0)));

      List<BudgetHistory.Stretch> trend =
          history.trend(T, T.plus(Duration.ofHours(2)), Duration.ofHours(1));
      assertThat(trend)
          .containsExactly(
              new BudgetHistory.Stretch(T, 0.25), new BudgetHistory.Stretch(next, Double.NaN));
    }
  }

  @Test
  void actions_are_listed_newest_first() {
    AuditTrail trail = new AuditTrail(store.connections());
    AuditTrail.Entry taken =
        new AuditTrail.Entry(T, "dana", "incident acknowledged", "INC-1", "I'm \"on\" it\n");
    AuditTrail.Entry refused =
        new AuditTrail.Entry(T.plusMillis(1), "unknown", "sign-in refused", "/signin", "");
    trail.write(taken);
    trail.write(refused);

    assertThat(trail.read(T, T.plusSeconds(1), 10)).containsExactly(refused, taken);
    assertThat(trail.read(T, T.plusSeconds(1), 1)).containsExactly(refused);
    assertThat(trail.read(T.plusMillis(1), T.plusSeconds(1), 10)).containsExactly(refused);
  }
}
