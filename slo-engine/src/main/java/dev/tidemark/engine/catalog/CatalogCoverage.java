package dev.tidemark.engine.catalog;

import dev.tidemark.engine.definition.DatasetDefinition;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.ingest.openlineage.LineageFacts;
import dev.tidemark.engine.ingest.openlineage.LineageReader;
import dev.tidemark.engine.ingest.openlineage.UnusableEventException;
import dev.tidemark.engine.model.LineageEvent;
import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.Series;
import dev.tidemark.engine.model.SignalBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The datasets that signals and lineage speak of, compared with the definitions. A dataset is
 * catalogued when three things are known: who owns it, what is promised of it, and its schema (from
 * a lineage event's schema facet, or because something checks it: a {@code tidemark.check} whose
 * name begins with {@code schema}).
 *
 * <p>A dataset of which nothing was heard for {@link #REMEMBERED} is forgotten. At most {@value
 * #DATASETS_AT_MOST} are remembered; the rest would be partitions in names, not datasets.
 * Thread-safe; nothing blocks.
 */
public final class CatalogCoverage {
  /** How long a dataset counts as seen after its last signal. */
  public static final Duration REMEMBERED = Duration.ofDays(30);

  private static final int DATASETS_AT_MOST = 100_000;
  private static final long REFRESH_MILLIS = 60_000;

  private final LineageReader reader;
  private final Map<String, Long> lastSeen = new ConcurrentHashMap<>();
  private final Set<String> withSchema = ConcurrentHashMap.newKeySet();
  private volatile Known known;

  /** What the definitions say. */
  private record Known(Set<String> names, Set<String> owned, Set<String> promised) {
    static Known of(Definitions definitions) {
      Set<String> names = new HashSet<>();
      Set<String> owned = new HashSet<>();
      Set<String> promised = new HashSet<>();
      for (DatasetDefinition dataset : definitions.datasets()) {
        names.add(dataset.name());
        if (!dataset.owner().isEmpty()) {
          owned.add(dataset.name());
        }
      }
      for (Objective objective : definitions.objectives()) {
        String dataset = objective.labels().get("dataset");
        if (dataset != null) {
          promised.add(dataset);
        }
      }
      return new Known(names, owned, promised);
    }

    /** A name with a namespace that ends in a defined dataset's name is that dataset. */
    String canonical(String name) {
      String last = name.substring(name.lastIndexOf('/') + 1);
      return names.contains(name) || !names.contains(last) ? name : last;
    }
  }

  /**
   * One dataset.
   *
   * @param name as defined, or as it was seen
   * @param owner whether its definition names an owner
   * @param objective whether anything is promised of it
   * @param schema whether its schema is known
   * @param lastSeen when the newest signal came, to the minute
   */
  public record Entry(
      String name, boolean owner, boolean objective, boolean schema, Instant lastSeen) {
    /** Whether nothing is missing. */
    public boolean isCatalogued() {
      return owner && objective && schema;
    }
  }

  /**
   * Begins with nothing seen.
   *
   * @param reader of stored lineage events
   */
  public CatalogCoverage(Definitions definitions, LineageReader reader) {
    this.reader = reader;
    this.known = Known.of(definitions);
  }

  /** Takes other definitions. */
  public void reload(Definitions changed) {
    known = Known.of(changed);
  }

  /** Notes the datasets of signals that are durable. */
  public void seen(SignalBatch batch, Instant receivedAt) {
    for (MetricPoint point : batch.points()) {
      Series series = point.series();
      String dataset = series.attribute("dataset");
      if (dataset == null || dataset.isEmpty()) {
        continue;
      }
      String check = series.metric().equals("tidemark.check") ? series.attribute("check") : null;
      if ("catalog".equals(check)) {
        // What is said here of a dataset is no sign that it lives.
        continue;
      }
      seen(dataset, check != null && check.startsWith("schema"), receivedAt);
    }
    for (LineageEvent event : batch.lineage()) {
      seen(event, receivedAt);
    }
  }

  /** Notes the datasets of a lineage event. */
  public void seen(LineageEvent event, Instant receivedAt) {
    boolean newSchema = false;
    for (List<String> side : List.of(event.inputs(), event.outputs())) {
      for (String dataset : side) {
        seen(dataset, false, receivedAt);
        newSchema |= !withSchema.contains(dataset);
      }
    }
    if (newSchema && event.json().contains("\"schema\"")) {
      try {
        LineageFacts facts = reader.read(event);
        facts.schemas().stream().filter(lastSeen::containsKey).forEach(withSchema::add);
      } catch (UnusableEventException e) {
        throw new IllegalArgumentException("a taken lineage event cannot be read", e);
      }
    }
  }

  /**
   * Notes one dataset.
   *
   * @param schema whether this tells its schema
   */
  public void seen(String dataset, boolean schema, Instant at) {
    long millis = at.toEpochMilli();
    Long before = lastSeen.get(dataset);
    if (before == null ? lastSeen.size() < DATASETS_AT_MOST : millis - before > REFRESH_MILLIS) {
      lastSeen.put(dataset, millis);
    }
    if (schema && lastSeen.containsKey(dataset)) {
      withSchema.add(dataset);
    }
  }

  /** Returns every dataset seen lately, by name. */
  public List<Entry> entries(Instant at) {
    long oldest = at.minus(REMEMBERED).toEpochMilli();
    lastSeen.values().removeIf(seen -> seen < oldest);
    withSchema.retainAll(lastSeen.keySet());
    Known now = known;
    Map<String, Entry> entries = new TreeMap<>();
    lastSeen.forEach(
        (seen, millis) -> {
          String name = now.canonical(seen);
          Entry entry =
              new Entry(
                  name,
                  now.owned().contains(name),
                  now.promised().contains(name),
                  withSchema.contains(seen),
                  Instant.ofEpochMilli(millis));
          entries.merge(
              name,
              entry,
              (a, b) ->
                  new Entry(
                      name,
                      a.owner(),
                      a.objective(),
                      a.schema() || b.schema(),
                      a.lastSeen().isAfter(b.lastSeen()) ? a.lastSeen() : b.lastSeen()));
        });
    return List.copyOf(entries.values());
  }

  /**
   * Returns one {@code tidemark.check} with {@code check=catalog} per dataset: a success when it is
   * catalogued.
   *
   * @param from end of the last such batch, so that a point is told apart from the one before
   * @param to the moment that is counted
   */
  public SignalBatch counts(Instant from, Instant to) {
    List<MetricPoint> points = new ArrayList<>();
    for (Entry entry : entries(to)) {
      Series series =
          Series.of(
              "tidemark.check",
              MetricKind.DELTA_SUM,
              "1",
              Map.of("service.name", "tidemark"),
              Map.of(
                  "dataset",
                  entry.name(),
                  "check",
                  "catalog",
                  "outcome",
                  entry.isCatalogued() ? "success" : "failure"));
      points.add(MetricPoint.number(series, nanos(from), nanos(to), 1));
    }
    return SignalBatch.ofPoints(points);
  }

  private static long nanos(Instant at) {
    return Math.addExact(Math.multiplyExact(at.getEpochSecond(), 1_000_000_000L), at.getNano());
  }
}
