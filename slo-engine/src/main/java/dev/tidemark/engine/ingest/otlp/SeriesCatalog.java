package dev.tidemark.engine.ingest.otlp;

import dev.tidemark.engine.ingest.IngestLimits;
import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.Series;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The series seen of late: saves sorting and hashing the attributes of every point, and counts them
 * so that no pipeline can have too many. Memory is bounded by the limits: each pipeline keeps at
 * most twice its series (this hour's and last hour's). Thread-safe.
 */
public final class SeriesCatalog {
  private static final long ROTATE_AFTER_MILLIS = Duration.ofHours(1).toMillis();

  private final IngestLimits limits;
  private final InstantSource clock;
  private final ConcurrentHashMap<String, Pipeline> pipelines = new ConcurrentHashMap<>();
  private long pipelinesSince;

  /** Creates an empty catalog. */
  public SeriesCatalog(IngestLimits limits, InstantSource clock) {
    this.limits = limits;
    this.clock = clock;
    this.pipelinesSince = clock.millis();
  }

  /** Returns the place for the series of one sender, or null when there are too many pipelines. */
  @Nullable Scope scope(SortedMap<String, String> resource) {
    String name = resource.getOrDefault("service.name", "");
    long now = clock.millis();
    Pipeline pipeline = pipelines.get(name);
    if (pipeline == null) {
      synchronized (this) {
        if (pipelines.size() >= limits.pipelines()) {
          if (now - pipelinesSince < ROTATE_AFTER_MILLIS) {
            return null;
          }
          pipelines.clear();
          pipelinesSince = now;
        }
        pipeline = pipelines.computeIfAbsent(name, key -> new Pipeline(now));
      }
    }
    return new Scope(pipeline.generations(now), resource);
  }

  private static final class Pipeline {
    private volatile Generations generations;

    Pipeline(long now) {
      generations = new Generations(now, new Generation(), new Generation());
    }

    Generations generations(long now) {
      Generations held = generations;
      if (now - held.since < ROTATE_AFTER_MILLIS) {
        return held;
      }
      synchronized (this) {
        if (generations.since == held.since) {
          generations = new Generations(now, new Generation(), held.current);
        }
        return generations;
      }
    }
  }

  private record Generations(long since, Generation current, Generation previous) {}

  private static final class Generation {
    final AtomicInteger count = new AtomicInteger();
    final ConcurrentHashMap<SortedMap<String, String>, ConcurrentHashMap<Key, Series>> resources =
        new ConcurrentHashMap<>();

    ConcurrentHashMap<Key, Series> of(SortedMap<String, String> resource) {
      return resources.computeIfAbsent(resource, key -> new ConcurrentHashMap<>());
    }
  }

  /** The series of one resource. */
  final class Scope {
    private final Generations generations;
    private final SortedMap<String, String> resource;
    private final ConcurrentHashMap<Key, Series> current;

    Scope(Generations generations, SortedMap<String, String> resource) {
      this.generations = generations;
      this.resource = resource;
      this.current = generations.current.of(resource);
    }

    String pipeline() {
      return resource.getOrDefault("service.name", "");
    }

    int limit() {
      return limits.seriesPerPipeline();
    }

    /**
     * Returns the series, or null when the pipeline has too many.
     *
     * @throws AttributeLimitException when there are too many attributes or too long ones
     */
    @Nullable Series series(String metric, MetricKind kind, String unit, List<KeyValue> attributes)
        throws AttributeLimitException {
      Key key = new Key(metric, kind, attributes);
      Series known = current.get(key);
      if (known != null) {
        return known;
      }
      AttributeLimitException.check(attributes, limits);
      if (generations.current.count.incrementAndGet() > limits.seriesPerPipeline()) {
        generations.current.count.decrementAndGet();
        return null;
      }
      ConcurrentHashMap<Key, Series> older = generations.previous.resources.get(resource);
      Series series = older == null ? null : older.get(key);
      if (series == null) {
        series = Series.of(metric, kind, unit, resource, AttributeText.map(attributes));
      }
      Series first = current.putIfAbsent(key, series);
      if (first != null) {
        generations.current.count.decrementAndGet();
        return first;
      }
      return series;
    }
  }

  /** Metric and attributes as sent: attributes in another order are another key, same series. */
  private static final class Key {
    private final String metric;
    private final MetricKind kind;
    private final List<KeyValue> attributes;
    private final int hash;

    Key(String metric, MetricKind kind, List<KeyValue> attributes) {
      this.metric = metric;
      this.kind = kind;
      this.attributes = attributes;
      int h = metric.hashCode() * 31 + kind.hashCode();
      for (int i = 0; i < attributes.size(); i++) {
        KeyValue attribute = attributes.get(i);
        h = h * 31 + attribute.getKey().hashCode();
        h =
            h * 31
                + (attribute.getValue().hasStringValue()
                    ? attribute.getValue().getStringValue().hashCode()
                    : attribute.getValue().hashCode());
      }
      hash = h;
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(Object o) {
      if (!(o instanceof Key other)
          || hash != other.hash
          || kind != other.kind
          || attributes.size() != other.attributes.size()
          || !metric.equals(other.metric)) {
        return false;
      }
      for (int i = 0; i < attributes.size(); i++) {
        KeyValue a = attributes.get(i);
        KeyValue b = other.attributes.get(i);
        if (!a.getKey().equals(b.getKey())) {
          return false;
        }
        boolean same =
            (a.getValue().hasStringValue() && b.getValue().hasStringValue())
                ? a.getValue().getStringValue().equals(b.getValue().getStringValue())
                : a.getValue().equals(b.getValue());
        if (!same) {
          return false;
        }
      }
      return true;
    }
  }
}
