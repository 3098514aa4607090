package dev.tidemark.engine.ingest.otlp;

import dev.tidemark.agent.names.SignalNames;
import dev.tidemark.engine.ingest.otlp.SeriesCatalog.Scope;
import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.Series;
import dev.tidemark.engine.model.SignalBatch;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of one request. Not thread-safe; one per request.
 *
 * <p>A non-monotonic cumulative sum becomes an {@link MetricKind#UPDOWN_SUM}; a non-monotonic delta
 * sum stays a {@link MetricKind#DELTA_SUM} whose increases may be negative. A point flagged "no
 * recorded value" carries nothing and is passed over, as the specification wants.
 */
final class MetricDecoder {
  private static final int NO_RECORDED_VALUE = 1;
  private static final double[] NO_BOUNDS = {};

  private final SeriesCatalog catalog;
  private final Times times;
  private final Rejections rejections = new Rejections();
  private final List<MetricPoint> points = new ArrayList<>(512);

  MetricDecoder(SeriesCatalog catalog, Times times) {
    this.catalog = catalog;
    this.times = times;
  }

  Decoded decode(ExportMetricsServiceRequest request) {
    for (ResourceMetrics resource : request.getResourceMetricsList()) {
      SortedMap<String, String> attributes =
          AttributeText.map(resource.getResource().getAttributesList());
      Scope scope = catalog.scope(attributes);
      if (scope == null) {
        rejections.add(
            RejectReason.CARDINALITY,
            count(resource),
            "pipeline '"
                + attributes.getOrDefault("service.name", "")
                + "': too many distinct service.name values; is an id part of the name?");
        continue;
      }
      for (ScopeMetrics metrics : resource.getScopeMetricsList()) {
        for (int i = 0; i < metrics.getMetricsCount(); i++) {
          decode(scope, metrics.getMetrics(i));
        }
      }
    }
    return new Decoded(SignalBatch.ofPoints(points), rejections);
  }

  private static int count(ResourceMetrics resource) {
    int count = 0;
    for (ScopeMetrics scope : resource.getScopeMetricsList()) {
      for (Metric metric : scope.getMetricsList()) {
        count += count(metric);
      }
    }
    return count;
  }

  private static int count(Metric metric) {
    return switch (metric.getDataCase()) {
      case GAUGE -> metric.getGauge().getDataPointsCount();
      case SUM -> metric.getSum().getDataPointsCount();
      case HISTOGRAM -> metric.getHistogram().getDataPointsCount();
      case EXPONENTIAL_HISTOGRAM -> metric.getExponentialHistogram().getDataPointsCount();
      case SUMMARY -> metric.getSummary().getDataPointsCount();
      case DATA_NOT_SET -> 0;
    };
  }

  private void decode(Scope scope, Metric metric) {
    if (metric.getName().isBlank()) {
      rejections.add(RejectReason.NO_NAME, count(metric), "a metric has no name");
      return;
    }
    if (count(metric) == 0) {
      rejections.add(RejectReason.NO_DATA, 0, named(metric) + " has no data points");
      return;
    }
    switch (metric.getDataCase()) {
      case GAUGE -> {
        for (NumberDataPoint point : metric.getGauge().getDataPointsList()) {
          number(scope, metric, MetricKind.GAUGE, false, point);
        }
      }
      case SUM -> {
        boolean monotonic = metric.getSum().getIsMonotonic();
        MetricKind kind =
            kind(
                metric,
                metric.getSum().getAggregationTemporality(),
                MetricKind.DELTA_SUM,
                monotonic ? MetricKind.CUMULATIVE_SUM : MetricKind.UPDOWN_SUM);
        if (kind != null) {
          List<NumberDataPoint> list = metric.getSum().getDataPointsList();
          for (int i = 0; i < list.size(); i++) {
            number(scope, metric, kind, monotonic, list.get(i));
          }
        }
      }
      case HISTOGRAM -> {
        MetricKind kind = histogramKind(metric, metric.getHistogram().getAggregationTemporality());
        if (kind != null) {
          for (HistogramDataPoint point : metric.getHistogram().getDataPointsList()) {
            histogram(scope, metric, kind, point);
          }
        }
      }
      case EXPONENTIAL_HISTOGRAM -> {
        MetricKind kind =
            histogramKind(metric, metric.getExponentialHistogram().getAggregationTemporality());
        if (kind != null) {
          for (ExponentialHistogramDataPoint point :
              metric.getExponentialHistogram().getDataPointsList()) {
            exponential(scope, metric, kind, point);
          }
        }
      }
      case SUMMARY -> {
        for (SummaryDataPoint point : metric.getSummary().getDataPointsList()) {
          summary(scope, metric, point);
        }
      }
      case DATA_NOT_SET -> throw new IllegalStateException("counted as empty above");
    }
  }

  private @Nullable MetricKind histogramKind(Metric metric, AggregationTemporality temporality) {
    return kind(metric, temporality, MetricKind.DELTA_HISTOGRAM, MetricKind.CUMULATIVE_HISTOGRAM);
  }

  private @Nullable MetricKind kind(
      Metric metric, AggregationTemporality temporality, MetricKind delta, MetricKind cumulative) {
    return switch (temporality) {
      case AGGREGATION_TEMPORALITY_DELTA -> delta;
      case AGGREGATION_TEMPORALITY_CUMULATIVE -> cumulative;
      default -> {
        rejections.add(
            RejectReason.NO_TEMPORALITY,
            count(metric),
            named(metric) + " has no aggregationTemporality; send 1 (delta) or 2 (cumulative)");
        yield null;
      }
    };
  }

  private void number(
      Scope scope, Metric metric, MetricKind kind, boolean monotonic, NumberDataPoint point) {
    if ((point.getFlags() & NO_RECORDED_VALUE) != 0) {
      return;
    }
    double value;
    if (point.hasAsDouble()) {
      value = point.getAsDouble();
    } else if (point.hasAsInt()) {
      value = point.getAsInt();
    } else {
      reject(RejectReason.BAD_VALUE, metric, "has a point without a value");
      return;
    }
    if (!Double.isFinite(value)) {
      reject(RejectReason.BAD_VALUE, metric, "has the value " + value);
    } else if (monotonic && value < 0) {
      reject(RejectReason.NEGATIVE, metric, "is monotonic but has the value " + value);
    } else if (metric.getName().equals(SignalNames.WATERMARK) && !times.believes(value)) {
      reject(
          RejectReason.ABSURD_TIME,
          metric,
          "says "
              + value
              + ", which is before 2000 or more than a day ahead (it is in seconds since 1970)");
    } else if (timely(metric, point.getTimeUnixNano())) {
      Series series = series(scope, metric, kind, point.getAttributesList());
      if (series != null) {
        points.add(
            MetricPoint.number(
                series, point.getStartTimeUnixNano(), point.getTimeUnixNano(), value));
      }
    }
  }

  private void histogram(Scope scope, Metric metric, MetricKind kind, HistogramDataPoint point) {
    if ((point.getFlags() & NO_RECORDED_VALUE) != 0) {
      return;
    }
    int buckets = point.getBucketCountsCount();
    int boundCount = point.getExplicitBoundsCount();
    if (buckets != 0 && buckets != boundCount + 1) {
      reject(
          RejectReason.BAD_BUCKETS,
          metric,
          "has " + buckets + " bucketCounts for " + boundCount + " explicitBounds");
      return;
    }
    double[] bounds = buckets == 0 ? NO_BOUNDS : new double[boundCount];
    long[] counts = buckets == 0 ? new long[] {point.getCount()} : new long[buckets];
    for (int i = 0; i < bounds.length; i++) {
      bounds[i] = point.getExplicitBounds(i);
      if (Double.isNaN(bounds[i]) || (i > 0 && bounds[i] <= bounds[i - 1])) {
        reject(RejectReason.BAD_BUCKETS, metric, "has explicitBounds that do not ascend");
        return;
      }
    }
    for (int i = 0; i < buckets; i++) {
      counts[i] = point.getBucketCounts(i);
    }
    add(
        scope,
        metric,
        kind,
        point.getAttributesList(),
        new Observed(
            point.getStartTimeUnixNano(),
            point.getTimeUnixNano(),
            point.getSum(),
            point.getCount(),
            bounds,
            counts));
  }

  private void exponential(
      Scope scope, Metric metric, MetricKind kind, ExponentialHistogramDataPoint point) {
    if ((point.getFlags() & NO_RECORDED_VALUE) != 0) {
      return;
    }
    if (point.getScale() < -10 || point.getScale() > 20) {
      reject(
          RejectReason.BAD_BUCKETS,
          metric,
          "has the scale " + point.getScale() + ", outside -10 to 20");
      return;
    }
    if (!Double.isFinite(point.getZeroThreshold()) || point.getZeroThreshold() < 0) {
      reject(RejectReason.BAD_BUCKETS, metric, "has a zeroThreshold below 0 or not finite");
      return;
    }
    Buckets.Explicit buckets = Buckets.of(point);
    add(
        scope,
        metric,
        kind,
        point.getAttributesList(),
        new Observed(
            point.getStartTimeUnixNano(),
            point.getTimeUnixNano(),
            point.getSum(),
            point.getCount(),
            buckets.bounds(),
            buckets.counts()));
  }

  private void summary(Scope scope, Metric metric, SummaryDataPoint point) {
    if ((point.getFlags() & NO_RECORDED_VALUE) != 0) {
      return;
    }
    double[] ranks = new double[point.getQuantileValuesCount()];
    for (int i = 0; i < ranks.length; i++) {
      ranks[i] = point.getQuantileValues(i).getQuantile();
    }
    add(
        scope,
        metric,
        MetricKind.SUMMARY,
        point.getAttributesList(),
        new Observed(
            point.getStartTimeUnixNano(),
            point.getTimeUnixNano(),
            point.getSum(),
            point.getCount(),
            ranks,
            new long[0]));
  }

  @SuppressWarnings("ArrayRecordComponent") // handed straight on to a point; never compared
  private record Observed(
      long start, long time, double sum, long count, double[] bounds, long[] buckets) {}

  private void add(
      Scope scope, Metric metric, MetricKind kind, List<KeyValue> attributes, Observed observed) {
    if (!Double.isFinite(observed.sum)) {
      reject(RejectReason.BAD_VALUE, metric, "has the sum " + observed.sum);
      return;
    }
    if (observed.count < 0) {
      reject(RejectReason.NEGATIVE, metric, "has a negative count");
      return;
    }
    long inBuckets = 0;
    for (long bucket : observed.buckets) {
      if (bucket < 0) {
        reject(RejectReason.NEGATIVE, metric, "has a negative bucket count");
        return;
      }
      inBuckets += bucket;
    }
    if (observed.buckets.length > 0 && inBuckets != observed.count) {
      reject(
          RejectReason.BAD_BUCKETS,
          metric,
          "counts " + observed.count + " but its buckets add up to " + inBuckets);
      return;
    }
    if (!timely(metric, observed.time)) {
      return;
    }
    Series series = series(scope, metric, kind, attributes);
    if (series != null) {
      points.add(
          new MetricPoint(
              series,
              observed.start,
              observed.time,
              observed.sum,
              observed.count,
              observed.bounds,
              observed.buckets));
    }
  }

  private boolean timely(Metric metric, long nanos) {
    RejectReason problem = times.problem(nanos);
    if (problem != null) {
      reject(problem, metric, Times.words(problem, nanos));
    }
    return problem == null;
  }

  private @Nullable Series series(
      Scope scope, Metric metric, MetricKind kind, List<KeyValue> attributes) {
    try {
      Series series = scope.series(metric.getName(), kind, metric.getUnit(), attributes);
      if (series == null) {
        reject(
            RejectReason.CARDINALITY,
            metric,
            "would start one series too many: pipeline '"
                + scope.pipeline()
                + "' has its limit of "
                + scope.limit()
                + " series; take ids out of the attributes, or raise the limit");
      }
      return series;
    } catch (AttributeLimitException e) {
      reject(RejectReason.ATTRIBUTES, metric, "has " + e.getMessage());
      return null;
    }
  }

  private void reject(RejectReason reason, Metric metric, String problem) {
    rejections.add(reason, 1, named(metric) + " " + problem);
  }

  private static String named(Metric metric) {
    String name = metric.getName();
    return "metric '" + (name.length() > 100 ? name.substring(0, 100) + "…" : name) + "'";
  }
}
