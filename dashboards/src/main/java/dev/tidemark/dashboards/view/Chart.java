package dev.tidemark.dashboards.view;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A chart over time; shown as a drawing with JavaScript and as a table without.
 *
 * @param title what is shown
 * @param unit unit of the values, such as {@code %}
 * @param times x values, ascending
 * @param series each with as many values as there are times
 * @param limit a horizontal line, or null
 * @param limitLabel what the line means, or null
 */
public record Chart(
    String title,
    String unit,
    List<Instant> times,
    List<Series> series,
    @Nullable Double limit,
    @Nullable String limitLabel) {

  /** Copies the lists and checks that they fit together. */
  public Chart {
    times = List.copyOf(times);
    series = List.copyOf(series);
    for (Series each : series) {
      if (each.values().size() != times.size()) {
        throw new IllegalArgumentException(
            "chart \"%s\": series \"%s\" has %d values for %d times"
                .formatted(title, each.name(), each.values().size(), times.size()));
      }
    }
  }

  /** Returns the same as rows of a table, for those who do not see the drawing. */
  public List<TableRow> tableRows() {
    return IntStream.range(0, times.size())
        .mapToObj(
            i ->
                new TableRow(
                    times.get(i), series.stream().map(each -> cell(each.values().get(i))).toList()))
        .toList();
  }

  private static String cell(@Nullable Double value) {
    return value == null || value.isNaN()
        ? "unknown"
        : BigDecimal.valueOf(value)
            .setScale(3, RoundingMode.HALF_UP)
            .stripTrailingZeros()
            .toPlainString();
  }

  /**
   * A row of the table.
   *
   * @param at time
   * @param cells one per series
   */
  public record TableRow(Instant at, List<String> cells) {}

  /**
   * One line of a chart.
   *
   * @param name for the legend
   * @param values null where nothing is known; the line has a gap there
   * @param tone colour
   */
  public record Series(String name, List<@Nullable Double> values, Tone tone) {}
}
