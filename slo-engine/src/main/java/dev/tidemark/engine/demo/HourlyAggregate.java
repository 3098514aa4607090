package dev.tidemark.engine.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;

/** Counts the flights of each hour and airport, with the mean and the 95th percentile of delays. */
final class HourlyAggregate implements FlightStep {
  private final Handover raw;
  private final Handover hourly;
  private final Map<String, Integer> read = new HashMap<>();
  private Instant watermark = Instant.EPOCH;

  HourlyAggregate(Handover raw, Handover hourly) {
    this.raw = raw;
    this.hourly = hourly;
  }

  @Override
  public List<String> inputs() {
    return List.of("flights_raw");
  }

  @Override
  public String work() {
    return "aggregate hours";
  }

  @Override
  public List<String[]> columns() {
    return List.of(
        new String[] {"hour", "timestamp"},
        new String[] {"origin", "char(3)"},
        new String[] {"flights", "bigint"},
        new String[] {"mean_delay", "double"},
        new String[] {"p95_delay", "double"});
  }

  @Override
  public Progress advance() throws IOException {
    // Read before the files: what is whole up to then is in them.
    Instant upTo = raw.watermark();
    if (!upTo.isAfter(watermark)) {
      return Progress.NONE;
    }
    long fresh = 0;
    long written = 0;
    for (Map.Entry<String, Path> hour : raw.hours().entrySet()) {
      List<String> lines = Files.readAllLines(hour.getValue());
      int before = read.getOrDefault(hour.getKey(), 0);
      if (lines.size() > before) {
        fresh += lines.size() - before;
        List<String> rows = aggregate(hour.getKey(), lines);
        hourly.replace(hour.getKey(), rows);
        written += rows.size();
        read.put(hour.getKey(), lines.size());
      }
    }
    watermark = upTo;
    hourly.watermark(upTo);
    return new Progress(fresh, fresh, 0, written, upTo);
  }

  private static List<String> aggregate(String hour, List<String> lines) {
    Map<String, DescriptiveStatistics> byOrigin = new TreeMap<>();
    for (String line : lines) {
      String[] fields = line.split(",", -1);
      byOrigin
          .computeIfAbsent(fields[1], origin -> new DescriptiveStatistics())
          .addValue(Integer.parseInt(fields[3]));
    }
    List<String> rows = new ArrayList<>();
    byOrigin.forEach(
        (origin, delays) ->
            rows.add(
                String.format(
                    Locale.ROOT,
                    "%s,%s,%d,%.2f,%.2f",
                    hour,
                    origin,
                    delays.getN(),
                    delays.getMean(),
                    delays.getPercentile(95))));
    return rows;
  }
}
