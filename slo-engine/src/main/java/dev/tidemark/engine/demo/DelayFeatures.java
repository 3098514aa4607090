package dev.tidemark.engine.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;

/** For each airport, what a predictor of delays wants to know of the hours that are there. */
final class DelayFeatures implements FlightStep {
  private static final int HOURS = 24;

  private final Handover hourly;
  private final Handover features;
  private double[] means = new double[0];
  private Instant watermark = Instant.EPOCH;

  DelayFeatures(Handover hourly, Handover features) {
    this.hourly = hourly;
    this.features = features;
  }

  @Override
  public List<String> inputs() {
    return List.of("flights_hourly");
  }

  @Override
  public String work() {
    return "compute features";
  }

  @Override
  public List<String[]> columns() {
    return List.of(
        new String[] {"origin", "char(3)"},
        new String[] {"hours", "int"},
        new String[] {"mean_delay", "double"},
        new String[] {"worst_p95_delay", "double"});
  }

  @Override
  public double[] watched() {
    return means.clone();
  }

  @Override
  public Progress advance() throws IOException {
    Instant upTo = hourly.watermark();
    if (!upTo.isAfter(watermark)) {
      return Progress.NONE;
    }
    SortedMap<String, Path> hours = hourly.hours();
    List<String> newest = new ArrayList<>(hours.keySet());
    newest = newest.subList(Math.max(0, newest.size() - HOURS), newest.size());
    Map<String, DescriptiveStatistics> mean = new TreeMap<>();
    Map<String, DescriptiveStatistics> p95 = new TreeMap<>();
    List<Double> all = new ArrayList<>();
    long taken = 0;
    for (String hour : newest) {
      for (String line : Files.readAllLines(hours.get(hour))) {
        String[] fields = line.split(",", -1);
        add(mean, fields[1], fields[3]);
        add(p95, fields[1], fields[4]);
        all.add(Double.parseDouble(fields[3]));
        taken++;
      }
    }
    List<String> rows = new ArrayList<>();
    mean.forEach(
        (origin, values) ->
            rows.add(
                String.format(
                    Locale.ROOT,
                    "%s,%d,%.2f,%.2f",
                    origin,
                    values.getN(),
                    values.getMean(),
                    statistics(p95, origin).getMax())));
    features.replace("features", rows);
    features.watermark(upTo);
    means = all.stream().mapToDouble(Double::doubleValue).toArray();
    watermark = upTo;
    return new Progress(taken, taken, 0, rows.size(), upTo);
  }

  private static void add(Map<String, DescriptiveStatistics> to, String origin, String value) {
    statistics(to, origin).addValue(Double.parseDouble(value));
  }

  private static DescriptiveStatistics statistics(
      Map<String, DescriptiveStatistics> of, String origin) {
    return of.computeIfAbsent(origin, name -> new DescriptiveStatistics());
  }
}
