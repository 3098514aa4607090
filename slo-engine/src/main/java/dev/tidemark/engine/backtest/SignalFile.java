package dev.tidemark.engine.backtest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.tidemark.engine.definition.Selector;
import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.Series;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Signals of a CSV or JSON-lines file, kept in memory. Immutable.
 *
 * <p>Every record has {@code time} (or {@code timestamp}), {@code value} and, unless a preset is
 * given, {@code metric}. {@code received} says when it was known, {@code kind} whether it is a
 * {@code gauge}, {@code delta} or {@code cumulative} value; metrics of Tidemark know theirs. Every
 * other column is an attribute. Times are ISO 8601 (UTC when no zone is said), or seconds,
 * milliseconds or nanoseconds since the epoch.
 */
public final class SignalFile implements SignalHistory {
  private static final Set<String> OWN =
      Set.of("time", "timestamp", "metric", "value", "kind", "received", "attributes", "start");
  private static final Set<String> COUNTERS =
      Set.of(
          "tidemark.records",
          "tidemark.heartbeat",
          "tidemark.runs",
          "tidemark.check",
          "tidemark.bytes",
          "tidemark.cost");
  private static final int PROBLEMS_SHOWN = 20;

  private final List<Known> points;
  private final List<String> problems;

  private record Known(MetricPoint point, long nanos) {}

  private SignalFile(List<Known> points, List<String> problems) {
    this.points = points;
    this.problems = List.copyOf(problems);
  }

  /**
   * Reads a file: {@code .jsonl}, {@code .ndjson} and {@code .json} as one JSON object a line,
   * everything else as CSV with a line of names.
   *
   * @param presetMetric the metric of records that name none; empty when all have to
   * @throws BacktestException when it cannot be read, or no record in it can
   */
  public static SignalFile read(Path file, String presetMetric) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    Reading reading = new Reading(file, presetMetric);
    try {
      if (name.endsWith(".jsonl") || name.endsWith(".ndjson") || name.endsWith(".json")) {
        reading.jsonLines();
      } else {
        reading.csv();
      }
    } catch (IOException e) {
      throw new BacktestException("cannot read " + file + ": " + e.getMessage(), e);
    }
    if (reading.points.isEmpty()) {
      throw new BacktestException(
          reading.problems.isEmpty()
              ? file + " holds no signals"
              : "no record of " + file + " can be read; the first: " + reading.problems.get(0));
    }
    reading.points.sort(Comparator.comparingLong(Known::nanos));
    return new SignalFile(reading.points, reading.problems());
  }

  /** Records that could not be read, as {@code file:line: message}; the good ones are kept. */
  public List<String> problems() {
    return problems;
  }

  /** The series of its signals, each once. */
  public Set<Series> series() {
    Set<Series> series = new LinkedHashSet<>();
    points.forEach(known -> series.add(known.point().series()));
    return series;
  }

  /** When the first signal was known. */
  public Instant first() {
    return Instant.ofEpochSecond(0, points.get(0).nanos());
  }

  /** When the last signal was known. */
  public Instant last() {
    return Instant.ofEpochSecond(0, points.get(points.size() - 1).nanos());
  }

  @Override
  public void read(Collection<Selector> selectors, Instant from, Instant to, Reader reader) {
    long start = nanos(from);
    long end = nanos(to);
    Map<Series, Boolean> wanted = new HashMap<>();
    Set<String> metrics = new HashSet<>();
    selectors.forEach(selector -> metrics.add(selector.metric()));
    for (Known known : points) {
      if (known.nanos() >= start
          && known.nanos() < end
          && metrics.contains(known.point().series().metric())
          && wanted.computeIfAbsent(
              known.point().series(),
              series -> selectors.stream().anyMatch(selector -> selector.matches(series)))) {
        reader.point(known.point(), known.nanos());
      }
    }
  }

  private static long nanos(Instant time) {
    return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
  }

  /** One pass over a file. */
  private static final class Reading {
    private final Path file;
    private final String presetMetric;
    private final List<Known> points = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final Map<Map<String, String>, Series> series = new HashMap<>();
    private int unsaid;

    Reading(Path file, String presetMetric) {
      this.file = file;
      this.presetMetric = presetMetric;
    }

    List<String> problems() {
      List<String> all = new ArrayList<>(problems);
      if (unsaid > 0) {
        all.add(file + ": " + unsaid + " more records cannot be read");
      }
      return all;
    }

    void jsonLines() throws IOException {
      ObjectMapper json = new ObjectMapper();
      try (BufferedReader lines = Files.newBufferedReader(file)) {
        long number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          number++;
          if (line.isBlank()) {
            continue;
          }
          try {
            Map<String, String> record = new HashMap<>();
            flatten(json.readTree(line), record);
            take(record, number);
          } catch (JsonProcessingException e) {
            problem(number, "this is not JSON: " + e.getOriginalMessage());
          }
        }
      }
    }

    private static void flatten(JsonNode node, Map<String, String> record) {
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        if (field.getValue().isObject()) {
          flatten(field.getValue(), record);
        } else {
          record.put(field.getKey(), field.getValue().asText());
        }
      }
    }

    void csv() throws IOException {
      try (MappingIterator<Map<String, String>> rows =
          new CsvMapper()
              .enable(CsvParser.Feature.TRIM_SPACES)
              .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
              .readerForMapOf(String.class)
              .with(CsvSchema.emptySchema().withHeader())
              .readValues(file.toFile())) {
        while (rows.hasNextValue()) {
          take(rows.nextValue(), rows.getCurrentLocation().getLineNr() - 1L);
        }
      }
    }

    private void take(Map<String, String> record, long line) {
      try {
        String metric = record.getOrDefault("metric", presetMetric);
        String time = record.getOrDefault("time", record.getOrDefault("timestamp", ""));
        if (metric.isEmpty() || time.isEmpty()) {
          problem(
              line,
              metric.isEmpty()
                  ? "there is no 'metric'; add the column, or say --metric NAME"
                  : "there is no 'time'");
          return;
        }
        long at = moment(time);
        String received = record.getOrDefault("received", "");
        Series own =
            series.computeIfAbsent(identity(record, metric), parts -> series(parts, metric));
        double value = Double.parseDouble(record.getOrDefault("value", "1"));
        String start = record.getOrDefault("start", "");
        points.add(
            new Known(
                MetricPoint.number(own, start.isEmpty() ? 0 : moment(start), at, value),
                received.isEmpty() ? at : Math.max(at, moment(received))));
      } catch (NumberFormatException e) {
        problem(line, "'" + record.get("value") + "' is not a number");
      } catch (DateTimeException | ArithmeticException e) {
        problem(line, String.valueOf(e.getMessage()));
      }
    }

    private static Map<String, String> identity(Map<String, String> record, String metric) {
      Map<String, String> parts = new HashMap<>(record);
      parts.keySet().removeAll(Set.of("time", "timestamp", "value", "received", "start"));
      parts.values().removeIf(String::isEmpty);
      parts.put("metric", metric);
      return parts;
    }

    private static Series series(Map<String, String> parts, String metric) {
      Map<String, String> attributes = new HashMap<>(parts);
      attributes.keySet().removeAll(OWN);
      String pipeline = attributes.remove("service.name");
      String named = attributes.remove("pipeline");
      String service = pipeline != null ? pipeline : named;
      MetricKind kind =
          switch (parts.getOrDefault("kind", "").toLowerCase(Locale.ROOT)) {
            case "gauge" -> MetricKind.GAUGE;
            case "delta" -> MetricKind.DELTA_SUM;
            case "cumulative" -> MetricKind.CUMULATIVE_SUM;
            case "" -> COUNTERS.contains(metric) ? MetricKind.DELTA_SUM : MetricKind.GAUGE;
            default ->
                throw new DateTimeException(
                    "kind is gauge, delta or cumulative, not '" + parts.get("kind") + "'");
          };
      return Series.of(
          metric,
          kind,
          "",
          service == null ? Map.of() : Map.of("service.name", service),
          attributes);
    }

    /** Nanoseconds since the epoch; a bare number is told apart by its size. */
    private static long moment(String text) {
      if (text.matches("\\d{1,19}(\\.\\d+)?")) {
        double number = Double.parseDouble(text);
        if (number >= 1e17) {
          return Long.parseLong(text.replaceFirst("\\..*", ""));
        }
        return number >= 1e11 ? Math.round(number * 1e6) : Math.round(number * 1e9);
      }
      String iso = text.trim().replace(' ', 'T');
      try {
        return nanos(Instant.parse(iso));
      } catch (DateTimeException e) {
        try {
          return nanos(java.time.OffsetDateTime.parse(iso).toInstant());
        } catch (DateTimeException again) {
          try {
            return nanos(LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC));
          } catch (DateTimeException last) {
            throw new DateTimeException(
                "'" + text + "' is no time; write one such as 2026-11-01T06:00:00Z", last);
          }
        }
      }
    }

    private void problem(long line, String message) {
      if (problems.size() < PROBLEMS_SHOWN) {
        problems.add(file + ":" + line + ": " + message);
      } else {
        unsaid++;
      }
    }
  }
}
