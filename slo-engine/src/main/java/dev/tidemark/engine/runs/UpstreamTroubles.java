package dev.tidemark.engine.runs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.checks.schema.Compatibility;
import dev.tidemark.checks.schema.TableSchema;
import dev.tidemark.engine.lineage.Trouble;
import dev.tidemark.engine.model.LineageEvent;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which pipelines failed last and which datasets changed in a way that breaks readers, as
 * OpenLineage events tell it. Event time decides, not the order of coming. Memory is bounded: the
 * jobs and datasets that were heard of longest ago are forgotten. Not thread-safe.
 */
public final class UpstreamTroubles {
  private static final int JOBS_AT_MOST = 100_000;
  private static final int SCHEMAS_AT_MOST = 20_000;
  private static final int ERROR_LENGTH = 200;

  /** How a job's newest run ended; {@code trouble} is null when it ended well. */
  private record Ended(long atNanos, @Nullable Trouble trouble) {}

  /**
   * What a dataset looks like.
   *
   * @param trouble what is wrong with that; null when nothing is
   * @param before as it looked when all was well; the same as {@code now} then
   */
  private record Seen(
      long atNanos, TableSchema now, TableSchema before, @Nullable Trouble trouble) {}

  private final Map<String, Ended> jobs = newest(JOBS_AT_MOST);
  private final Map<String, Seen> datasets = newest(SCHEMAS_AT_MOST);

  private static <V> Map<String, V> newest(int most) {
    return new LinkedHashMap<>(64, 0.75f, true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > most;
      }
    };
  }

  /** Takes an event. Returns whether a trouble came or went. */
  public boolean add(LineageEvent event) {
    boolean changed =
        switch (event.eventType()) {
          case "COMPLETE" -> ended(event, false);
          case "FAIL", "ABORT" -> ended(event, true);
          default -> false;
        };
    // Most events say nothing of schemas; reading JSON only to find that out costs time.
    if (event.json().contains("\"schema\"")) {
      JsonNode json = RunHistory.json(event);
      for (String side : List.of("inputs", "outputs")) {
        for (JsonNode dataset : json.path(side)) {
          changed |= seen(event, dataset);
        }
      }
      changed |= seen(event, json.path("dataset"));
    }
    return changed;
  }

  private boolean ended(LineageEvent event, boolean failed) {
    Ended last = jobs.get(event.job());
    if (event.job().isEmpty() || (last != null && last.atNanos() > event.eventTimeNanos())) {
      return false;
    }
    Trouble old = last == null ? null : last.trouble();
    Trouble trouble = failed ? failed(event, old) : null;
    jobs.put(event.job(), new Ended(event.eventTimeNanos(), trouble));
    return trouble != null || old != null;
  }

  private static Trouble failed(LineageEvent event, @Nullable Trouble old) {
    Instant at = RunHistory.instant(event.eventTimeNanos());
    Instant since = old == null ? at : old.since();
    String error = RunHistory.error(event, RunHistory.json(event)).strip();
    String line = error.lines().findFirst().orElse("");
    String shown = line.length() > ERROR_LENGTH ? line.substring(0, ERROR_LENGTH) + "…" : line;
    return new Trouble(
        Trouble.Kind.RUN_FAILED,
        since,
        "pipeline "
            + name(event.job())
            + ": the last run failed at "
            + at
            + (since.equals(at) ? "" : ", as all since " + since)
            + (shown.isEmpty() ? "" : ": " + shown));
  }

  private boolean seen(LineageEvent event, JsonNode dataset) {
    Optional<TableSchema> schema = SchemaHistory.schema(dataset);
    Optional<String> name = normalised(event, dataset);
    if (schema.isEmpty() || name.isEmpty()) {
      return false;
    }
    TableSchema now = schema.get();
    Seen last = datasets.get(name.get());
    long at = event.eventTimeNanos();
    if (last == null) {
      datasets.put(name.get(), new Seen(at, now, now, null));
      return false;
    }
    if (last.atNanos() > at || last.now().equals(now)) {
      return false;
    }
    // Readers were written for what it looked like before the trouble.
    String broken = breaks(last.before(), now);
    if (broken.isEmpty()) {
      datasets.put(name.get(), new Seen(at, now, now, null));
      return last.trouble() != null;
    }
    Instant when = RunHistory.instant(at);
    Trouble trouble =
        new Trouble(
            Trouble.Kind.SCHEMA_BROKEN,
            when,
            "dataset " + name(name.get()) + " changed its schema at " + when + ": " + broken);
    datasets.put(name.get(), new Seen(at, now, last.before(), trouble));
    return true;
  }

  private static String breaks(TableSchema before, TableSchema now) {
    return Compatibility.BACKWARD.compare(before, now).stream()
        .filter(Compatibility.Finding::breaking)
        .map(finding -> finding.column() + " " + finding.message())
        .collect(Collectors.joining("; "));
  }

  /** The name by which lineage knows it: what the event calls it, without partitions. */
  private static Optional<String> normalised(LineageEvent event, JsonNode dataset) {
    String sent = dataset.path("namespace").asText("default") + "/" + dataset.path("name").asText();
    String best = "";
    for (List<String> side : List.of(event.inputs(), event.outputs())) {
      for (String name : side) {
        if (sent.startsWith(name) && name.length() > best.length()) {
          best = name;
        }
      }
    }
    return best.isEmpty() ? Optional.empty() : Optional.of(best);
  }

  private static String name(String withNamespace) {
    return withNamespace.substring(withNamespace.lastIndexOf('/') + 1);
  }

  /** Jobs that failed last, by {@code namespace/name}. */
  public Map<String, Trouble> jobs() {
    Map<String, Trouble> troubles = new HashMap<>();
    jobs.forEach((job, ended) -> put(troubles, job, ended.trouble()));
    return troubles;
  }

  /** Datasets that changed in a way that breaks readers, by {@code namespace/name}. */
  public Map<String, Trouble> datasets() {
    Map<String, Trouble> troubles = new HashMap<>();
    datasets.forEach((dataset, seen) -> put(troubles, dataset, seen.trouble()));
    return troubles;
  }

  private static void put(Map<String, Trouble> troubles, String key, @Nullable Trouble trouble) {
    if (trouble != null) {
      troubles.put(key, trouble);
    }
  }
}
