package dev.tidemark.dashboards;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.dashboards.view.Chart;
import org.jspecify.annotations.Nullable;

/** What the chart script reads from a {@code data-chart} attribute. */
final class ChartJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ChartJson() {}

  /** Returns JSON, still to be escaped for the attribute it goes into. */
  static String of(Chart chart) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("title", chart.title());
    root.put("unit", chart.unit());
    ArrayNode times = root.putArray("times");
    chart.times().forEach(time -> times.add(time.toEpochMilli()));
    ArrayNode series = root.putArray("series");
    for (Chart.Series each : chart.series()) {
      ObjectNode one = series.addObject();
      one.put("name", each.name());
      one.put("tone", each.tone().css());
      ArrayNode values = one.putArray("values");
      for (@Nullable Double value : each.values()) {
        if (value == null || value.isNaN() || value.isInfinite()) {
          values.addNull();
        } else {
          values.add(value);
        }
      }
    }
    if (chart.limit() != null) {
      root.put("limit", chart.limit());
      root.put("limitLabel", chart.limitLabel());
    }
    return root.toString();
  }
}
