package dev.tidemark.engine.budget;

import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The error budgets of an objective at one moment. Immutable.
 *
 * @param at the moment
 * @param until end of the newest slice that counts; before the first one where watching began
 * @param budget of the window that governs conditions
 * @param others of its other windows
 * @param burnRates by window length
 * @param coverage how much of the window is known
 * @param lastData end of the newest slice that counted anything; empty before the first
 * @param frozenSince since when silence holds everything as it was; empty while data come
 * @param corrections in force that touch the window
 */
public record BudgetSnapshot(
    Instant at,
    Instant until,
    ErrorBudget budget,
    List<ErrorBudget> others,
    Map<Duration, BurnRate> burnRates,
    Coverage coverage,
    Optional<Instant> lastData,
    Optional<Instant> frozenSince,
    List<Correction> corrections) {
  private static final List<Duration> LOOK_BACKS =
      List.of(Duration.ofHours(6), Duration.ofDays(1), Duration.ofDays(3));

  /** Copies the lists. */
  public BudgetSnapshot {
    others = List.copyOf(others);
    corrections = List.copyOf(corrections);
  }

  /** Share of the governing window whose slices have data, 0 to 1. */
  public double coverageRatio() {
    return coverage.dataRatio();
  }

  /**
   * Whether what is left can be told: something was counted, and it speaks for enough of the time,
   * or more time was bad than the whole window allows, whatever the rest was.
   */
  public boolean isKnown() {
    OptionalDouble left = leftRatio();
    return left.isPresent() && (coverage.enough() || (sliced() && left.getAsDouble() <= 0));
  }

  /** Good and total of the governing window. */
  public EventCounts counts() {
    return budget.counts();
  }

  /** The share that must be good. */
  public Target target() {
    return budget.target();
  }

  /** True length of the governing window. */
  public Duration window() {
    return budget.length();
  }

  /** Whether counts are slices of time. */
  public boolean sliced() {
    return budget.isSliced();
  }

  /** The indicator over the governing window, or empty when nothing was counted. */
  public OptionalDouble sliRatio() {
    return budget.sliRatio();
  }

  /** What is left of the governing budget, see {@link ErrorBudget#leftRatio}. */
  public OptionalDouble leftRatio() {
    return budget.leftRatio();
  }

  /** What is left of the governing budget in words. */
  public String leftText() {
    return budget.leftText();
  }

  /**
   * When the budget will be used up if it goes on as in the last six hours, day, three days. Empty
   * when nothing is known, nothing is being spent, or it lasts until a calendar unit ends and
   * another budget begins.
   */
  public Optional<Forecast> forecast() {
    OptionalDouble left = leftRatio();
    if (left.isEmpty()) {
      return Optional.empty();
    }
    List<BurnRate> lately = new ArrayList<>();
    for (Duration lookBack : LOOK_BACKS) {
      BurnRate rate = burnRates.get(lookBack);
      if (rate != null) {
        lately.add(rate);
      }
    }
    // What is overspent is so, even if more events may bring more budget.
    double lasting =
        left.getAsDouble() <= 0 ? left.getAsDouble() : budget.leftOfWholeRatio().orElseThrow();
    Optional<Forecast> forecast = Forecast.of(lasting, budget.counted(), lately);
    return budget.end().isAfter(at)
        ? forecast.flatMap(until -> until.before(Duration.between(at, budget.end())))
        : forecast;
  }
}
