package dev.tidemark.dashboards.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A list of things that have pages of their own: {@code /slos}, {@code /datasets}, {@code
 * /incidents}, {@code /runbooks}, {@code /dashboards/debug}.
 *
 * @param section which of them, for the navigation
 * @param title heading
 * @param intro one sentence
 * @param columns heads after the first, which is the name
 * @param rows in the order shown
 * @param empty what to do when there are none
 */
public record IndexView(
    Section section,
    String title,
    String intro,
    List<String> columns,
    List<Row> rows,
    String empty) {

  /** Returns whether any row has a state. */
  public boolean stated() {
    return rows.stream().anyMatch(row -> row.state() != null);
  }

  /** Returns whether any row has a bar. */
  public boolean metered() {
    return rows.stream().anyMatch(row -> row.meter() != null);
  }

  /**
   * One thing.
   *
   * @param link its page
   * @param state or null
   * @param meter or null
   * @param cells one per column
   */
  public record Row(Link link, @Nullable Badge state, @Nullable Meter meter, List<String> cells) {}
}
