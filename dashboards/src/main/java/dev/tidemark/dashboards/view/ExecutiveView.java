package dev.tidemark.dashboards.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The page for leadership.
 *
 * @param period such as {@code November 2026, so far}
 * @param summary one sentence a person can repeat
 * @param pipelineSuccess share of good runs
 * @param cost spend this month, or that there are no cost signals
 * @param coverage share of the datasets seen that are catalogued
 * @param budgets how many objectives have budget left
 * @param response incidents, and how fast people were with them
 * @param topFailing worst first
 * @param domains alphabetically
 * @param trend share of good time per day, or null when there is no history yet
 */
public record ExecutiveView(
    String period,
    String summary,
    Figure pipelineSuccess,
    Figure cost,
    Figure coverage,
    Figure budgets,
    List<Figure> response,
    List<FailingDataset> topFailing,
    List<DomainBudget> domains,
    @Nullable Chart trend) {

  /** Returns the four figures at the top, in their order. */
  public List<Figure> figures() {
    return List.of(pipelineSuccess, budgets, coverage, cost);
  }

  /**
   * A dataset that broke promises in the period.
   *
   * @param dataset its page
   * @param domain may be empty
   * @param owner team, may be empty
   * @param badTime how long, such as {@code 3 h 12 min}
   * @param budget what is left of its worst objective's budget
   * @param incidents in the period
   */
  public record FailingDataset(
      Link dataset, String domain, String owner, String badTime, Meter budget, int incidents) {}

  /**
   * How a domain does.
   *
   * @param domain name
   * @param budget what is left on the whole
   * @param objectives how many it has
   * @param exhausted how many of them have no budget left
   * @param unknown of how many too little is known
   */
  public record DomainBudget(
      String domain, Meter budget, int objectives, int exhausted, int unknown) {}
}
