package dev.tidemark.engine.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Brings the source's extracts in, record by record. */
final class FlightConnector implements FlightStep {
  private final Path extracts;
  private final Handover raw;

  FlightConnector(Path extracts, Handover raw) throws IOException {
    this.extracts = Files.createDirectories(extracts);
    this.raw = raw;
  }

  @Override
  public List<String> inputs() {
    return List.of("flights_source");
  }

  @Override
  public String work() {
    return "fetch extracts";
  }

  @Override
  public List<String[]> columns() {
    return List.of(
        new String[] {"arrived", "timestamp"},
        new String[] {"origin", "char(3)"},
        new String[] {"destination", "char(3)"},
        new String[] {"delay", "int"});
  }

  @Override
  public Progress advance() throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.list(extracts)) {
      files = found.filter(file -> file.toString().endsWith(".csv")).sorted().toList();
    }
    long expected = 0;
    long observed = 0;
    long rejected = 0;
    Instant upTo = null;
    for (Path file : files) {
      List<String> lines = Files.readAllLines(file);
      // What the source says of itself is one thing, what can be read of it another.
      String[] head = lines.get(0).split(",", -1);
      expected += Long.parseLong(head[1]);
      Map<String, List<String>> byHour = new TreeMap<>();
      for (String line : lines.subList(1, lines.size())) {
        if (isRecord(line)) {
          byHour.computeIfAbsent(line.substring(0, 13), hour -> new ArrayList<>()).add(line);
          observed++;
        } else {
          rejected++;
        }
      }
      for (Map.Entry<String, List<String>> hour : byHour.entrySet()) {
        raw.append(hour.getKey(), hour.getValue());
      }
      upTo = Instant.parse(head[2]);
      raw.watermark(upTo);
      Files.delete(file);
    }
    return upTo == null
        ? Progress.NONE
        : new Progress(expected, observed, rejected, observed, upTo);
  }

  private static boolean isRecord(String line) {
    String[] fields = line.split(",", -1);
    if (fields.length != 4 || fields[1].length() != 3 || fields[2].length() != 3) {
      return false;
    }
    try {
      Instant time = Instant.parse(fields[0]);
      return Integer.parseInt(fields[3]) > -1_440 && time.isAfter(Instant.EPOCH);
    } catch (DateTimeParseException | NumberFormatException e) {
      return false;
    }
  }
}
