package dev.tidemark.engine.ingest.ping;

import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.PingRecord;
import dev.tidemark.engine.model.Series;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code /ping/KEY}, {@code /start}, {@code /fail}, {@code /EXIT-CODE} and tells what
 * follows. A start and the end with the same {@code rid} give the run's duration; the newest 10,000
 * open runs are kept. Thread-safe.
 */
public final class PingReader {
  private static final int OPEN_RUNS = 10_000;
  private static final Pattern PATH =
      Pattern.compile("/ping/([A-Za-z0-9._-]{1,200})(?:/(start|fail|\\d{1,9}))?/?");
  private static final Pattern RID = Pattern.compile("[A-Za-z0-9._:-]{1,200}");
  private static final double[] DURATION_BOUNDS = {
    1, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400
  };

  private final Map<String, Long> starts =
      new LinkedHashMap<>(64, 0.75f, false) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > OPEN_RUNS;
        }
      };

  /**
   * Reads one ping.
   *
   * @param path the decoded path
   * @param rid pairs a start with its end; null when not told
   * @throws IllegalArgumentException when it is none; the message is for the sender
   */
  public PingRecord read(String path, @Nullable String rid, String body, long timeNanos) {
    Matcher parts = PATH.matcher(path);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "call /ping/KEY, /ping/KEY/start, /ping/KEY/fail or /ping/KEY/EXIT-CODE; a key has up to"
              + " 200 letters, digits, dots, hyphens and underscores");
    }
    if (rid != null && !RID.matcher(rid).matches()) {
      throw new IllegalArgumentException(
          "rid has up to 200 letters, digits, dots, colons, hyphens and underscores");
    }
    String end = parts.group(2);
    String kind = "SUCCESS";
    int exitCode = -1;
    if ("start".equals(end)) {
      kind = "START";
    } else if ("fail".equals(end)) {
      kind = "FAIL";
    } else if (end != null) {
      exitCode = Integer.parseInt(end);
      if (exitCode > 255) {
        throw new IllegalArgumentException("an exit code lies between 0 and 255, not " + end);
      }
      kind = exitCode == 0 ? "SUCCESS" : "FAIL";
    }
    return new PingRecord(parts.group(1), kind, exitCode, timeNanos, rid == null ? "" : rid, body);
  }

  /** Returns what follows from a ping: it lives; it ran, well or not, and how long. */
  public List<MetricPoint> points(PingRecord ping) {
    List<MetricPoint> points = new ArrayList<>();
    points.add(number(ping, "tidemark.heartbeat", Map.of("connector", ping.key())));
    String run = ping.key() + "\n" + ping.runId();
    if (ping.kind().equals("START")) {
      synchronized (starts) {
        starts.put(run, ping.timeNanos());
      }
      return points;
    }
    String outcome = ping.kind().equals("SUCCESS") ? "success" : "failure";
    points.add(number(ping, "tidemark.runs", Map.of("outcome", outcome)));
    Long start;
    synchronized (starts) {
      start = starts.remove(run);
    }
    if (start != null && start <= ping.timeNanos()) {
      double seconds = (ping.timeNanos() - start) / 1e9;
      long[] counts = new long[DURATION_BOUNDS.length + 1];
      int bucket = 0;
      while (bucket < DURATION_BOUNDS.length && seconds > DURATION_BOUNDS[bucket]) {
        bucket++;
      }
      counts[bucket] = 1;
      points.add(
          new MetricPoint(
              series(
                  ping,
                  "tidemark.run.duration",
                  MetricKind.DELTA_HISTOGRAM,
                  "s",
                  Map.of("outcome", outcome)),
              begin(ping),
              ping.timeNanos(),
              seconds,
              1,
              DURATION_BOUNDS.clone(),
              counts));
    }
    return points;
  }

  private static MetricPoint number(
      PingRecord ping, String metric, Map<String, String> attributes) {
    return MetricPoint.number(
        series(ping, metric, MetricKind.DELTA_SUM, "1", attributes),
        begin(ping),
        ping.timeNanos(),
        1);
  }

  /** Two runs that end at the same instant are two points: their intervals begin apart. */
  private static long begin(PingRecord ping) {
    return Math.max(1, ping.timeNanos() - 1 - (ping.runId().hashCode() & 0xFFFFF));
  }

  private static Series series(
      PingRecord ping,
      String metric,
      MetricKind kind,
      String unit,
      Map<String, String> attributes) {
    return Series.of(metric, kind, unit, Map.of("service.name", ping.key()), attributes);
  }
}
