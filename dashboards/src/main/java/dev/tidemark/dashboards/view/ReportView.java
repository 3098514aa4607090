package dev.tidemark.dashboards.view;

import java.util.List;

/**
 * The review for leadership.
 *
 * @param title such as {@code Data reliability, the last 7 days}
 * @param span from when to when
 * @param summary one sentence a person can repeat
 * @param incidents name and figure
 * @param domains name; kept, broken, unknown
 * @param promises name; owner, target, measured, budget spent, known, verdict
 * @param costs dataset; pipeline, owner, spent, TB, per TB; empty without cost signals
 * @param actions open ones after incidents; owner, due, ticket, incident
 */
public record ReportView(
    String title,
    String span,
    String summary,
    List<Row> incidents,
    List<Row> domains,
    List<Row> promises,
    List<Row> costs,
    List<Row> actions) {
  /**
   * A line of a table.
   *
   * @param name its head
   * @param cells the rest
   */
  public record Row(String name, List<String> cells) {}
}
