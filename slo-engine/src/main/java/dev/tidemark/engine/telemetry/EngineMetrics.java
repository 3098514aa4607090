package dev.tidemark.engine.telemetry;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.Gauge;
import io.prometheus.client.GaugeMetricFamily;
import io.prometheus.client.Histogram;
import io.prometheus.client.exporter.common.TextFormat;
import io.prometheus.client.hotspot.GarbageCollectorExports;
import io.prometheus.client.hotspot.MemoryPoolsExports;
import io.prometheus.client.hotspot.StandardExports;
import io.prometheus.client.hotspot.ThreadExports;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** Tidemark's own metrics, as {@code /metrics} shows them. Thread-safe. */
public final class EngineMetrics {
  private final CollectorRegistry registry = new CollectorRegistry();
  private final Counter refused =
      Counter.build("tidemark_http_refused_total", "Requests answered with an error, by status.")
          .labelNames("status")
          .register(registry);
  private final Histogram tick =
      Histogram.build("tidemark_tick_seconds", "Time to judge all objectives once.")
          .buckets(.0005, .001, .005, .01, .05, .1, .5, 1, 5)
          .register(registry);
  private final Counter judged =
      Counter.build("tidemark_buckets_judged_total", "Buckets judged or restated.")
          .labelNames("kind")
          .register(registry);
  private final Counter failures =
      Counter.build(
              "tidemark_failures_total", "What went wrong inside and is tried again, by step.")
          .labelNames("step")
          .register(registry);
  private final Gauge problems =
      Gauge.build("tidemark_definition_problems", "Problems in the definitions as last read.")
          .labelNames("severity")
          .register(registry);

  /** Registers the JVM's own metrics too. */
  public EngineMetrics() {
    new StandardExports().register(registry);
    new MemoryPoolsExports().register(registry);
    new GarbageCollectorExports().register(registry);
    new ThreadExports().register(registry);
  }

  /** The registry, for parts that bring counters of their own. */
  public CollectorRegistry registry() {
    return registry;
  }

  /** Counts a request that was answered with an error. */
  public void requestRefused(int status) {
    refused.labels(Integer.toString(status)).inc();
  }

  /** Notes how long one tick took and what came of it. */
  public void ticked(double seconds, int judgedBuckets, int restatedBuckets) {
    tick.observe(seconds);
    judged.labels("judged").inc(judgedBuckets);
    judged.labels("restated").inc(restatedBuckets);
  }

  /** Counts a failure that will be tried again. */
  public void failed(String step) {
    failures.labels(step).inc();
  }

  /** Notes the problems of the definitions. */
  public void definitionProblems(int errors, int warnings) {
    problems.labels("error").set(errors);
    problems.labels("warning").set(warnings);
  }

  /** Shows a number that is read whenever somebody asks. */
  public void gauge(String name, String help, DoubleSupplier value) {
    registry.register(
        new Collector() {
          @Override
          public List<MetricFamilySamples> collect() {
            return List.of(new GaugeMetricFamily(name, help, value.getAsDouble()));
          }
        });
  }

  /**
   * Shows a number per value of two labels, read whenever somebody asks.
   *
   * @param rows label values of the ones that are shown with 1
   */
  public void marks(
      String name, String help, List<String> labels, Supplier<List<List<String>>> rows) {
    registry.register(
        new Collector() {
          @Override
          public List<MetricFamilySamples> collect() {
            GaugeMetricFamily family = new GaugeMetricFamily(name, help, labels);
            rows.get().forEach(row -> family.addMetric(row, 1));
            return List.of(family);
          }
        });
  }

  /** Shows a number per value of one label, read whenever somebody asks. */
  public void gauges(
      String name,
      String help,
      String label,
      Supplier<? extends Map<String, ? extends Number>> rows) {
    register(
        () -> new GaugeMetricFamily(name, help, List.of(label)),
        (family, key, value) -> family.addMetric(List.of(key), value),
        rows);
  }

  /** Shows a count that only grows per value of one label; {@code _total} follows the name. */
  public void counters(
      String name,
      String help,
      String label,
      Supplier<? extends Map<String, ? extends Number>> rows) {
    register(
        () -> new CounterMetricFamily(name, help, List.of(label)),
        (family, key, value) -> family.addMetric(List.of(key), value),
        rows);
  }

  /** Adds one value of a label to a family. */
  @FunctionalInterface
  private interface Row<F> {
    @CanIgnoreReturnValue
    F add(F family, String key, double value);
  }

  private <F extends Collector.MetricFamilySamples> void register(
      Supplier<F> empty, Row<F> row, Supplier<? extends Map<String, ? extends Number>> rows) {
    registry.register(
        new Collector() {
          @Override
          public List<MetricFamilySamples> collect() {
            F family = empty.get();
            rows.get().forEach((key, value) -> row.add(family, key, value.doubleValue()));
            return List.of(family);
          }
        });
  }

  /** Returns everything in Prometheus' text format 0.0.4. */
  public String exposition() {
    try (StringWriter text = new StringWriter()) {
      TextFormat.write004(text, registry.metricFamilySamples());
      return text.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
