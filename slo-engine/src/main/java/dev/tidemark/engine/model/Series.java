package dev.tidemark.engine.model;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One stream of points: a metric with one set of attributes from one resource. Immutable.
 *
 * @param id 64-bit hash of metric, kind, resource and attributes; equal for equal series on any
 *     machine and in any order of arrival (see {@link SeriesIds})
 * @param metric the metric's name, such as {@code tidemark.watermark}
 * @param kind what the points mean
 * @param unit as the sender wrote it (UCUM), may be empty
 * @param resource attributes of the sender, {@code service.name} (the pipeline) among them
 * @param attributes attributes of the points, such as {@code dataset}
 */
public record Series(
    long id,
    String metric,
    MetricKind kind,
    String unit,
    SortedMap<String, String> resource,
    SortedMap<String, String> attributes) {

  /** Copies the maps. */
  public Series {
    resource = Collections.unmodifiableSortedMap(new TreeMap<>(resource));
    attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
  }

  /** Returns the series of these parts, with its id. */
  public static Series of(
      String metric,
      MetricKind kind,
      String unit,
      Map<String, String> resource,
      Map<String, String> attributes) {
    TreeMap<String, String> sortedResource = new TreeMap<>(resource);
    TreeMap<String, String> sortedAttributes = new TreeMap<>(attributes);
    return new Series(
        SeriesIds.hash(metric, kind, sortedResource, sortedAttributes),
        metric,
        kind,
        unit,
        sortedResource,
        sortedAttributes);
  }

  /** Returns {@code service.name}, or an empty text. */
  public String pipeline() {
    return resource.getOrDefault("service.name", "");
  }

  /** Returns an attribute of the point or, failing that, of its resource. */
  public @Nullable String attribute(String key) {
    String own = attributes.get(key);
    return own != null ? own : resource.get(key);
  }
}
