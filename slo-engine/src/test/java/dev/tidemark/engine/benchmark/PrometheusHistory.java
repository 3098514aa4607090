package dev.tidemark.engine.benchmark;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Thirty days that a Prometheus has "seen": for each objective the 5-minute ratios that its rules
 * recorded, and three days of the counters, which no rule looks further back upon; a sample every
 * 30 s. Written as OpenMetrics and made into blocks by {@code promtool}.
 */
final class PrometheusHistory {
  static final Duration STEP = Duration.ofSeconds(30);
  private static final Duration RATIOS = Duration.ofDays(30);
  private static final Duration COUNTERS = Duration.ofDays(3);
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** Three levels of compaction above the two hours of a fresh block: as old blocks are. */
  private static final Duration BLOCK = Duration.ofHours(54);

  private PrometheusHistory() {}

  /** Returns how often something has happened by a moment: 100 times a second. */
  static long events(long epochSeconds) {
    return epochSeconds * 100;
  }

  /** Returns how often it went wrong by a moment: once in ten seconds. */
  static long errors(long epochSeconds) {
    return epochSeconds / 10;
  }

  /**
   * Makes the blocks.
   *
   * @param target as a scrape labels its series, such as {@code job="events"}
   * @param until end of the history, seconds since the epoch
   * @param folder for the text
   * @param data Prometheus' own folder
   */
  static void write(List<String> ids, String target, long until, Path folder, Path data)
      throws IOException, InterruptedException {
    long step = STEP.toSeconds();
    long block = BLOCK.toSeconds();
    long first = (until - RATIOS.toSeconds()) / step * step;
    Path text = folder.resolve("history.txt");
    for (long from = first; from < until; from = (from / block + 1) * block) {
      long to = Math.min(until, (from / block + 1) * block);
      try (BufferedWriter out = Files.newBufferedWriter(text)) {
        out.write("# TYPE slo:sli_error:ratio_rate5m gauge\n");
        for (String id : ids) {
          for (long at = from; at < to; at += step) {
            out.write("slo:sli_error:ratio_rate5m{slo=\"" + id + "\"} 0.001 " + at + "\n");
          }
        }
        counters(
            out, "events", ids, target, Math.max(from, until - COUNTERS.toSeconds()), to, step);
        counters(
            out, "errors", ids, target, Math.max(from, until - COUNTERS.toSeconds()), to, step);
        out.write("# EOF\n");
      }
      promtool(text, data);
    }
    Files.delete(text);
  }

  private static void counters(
      BufferedWriter out,
      String name,
      List<String> ids,
      String target,
      long from,
      long to,
      long step)
      throws IOException {
    if (from >= to) {
      return;
    }
    out.write("# TYPE " + name + " counter\n");
    for (String id : ids) {
      for (long at = from; at < to; at += step) {
        long value = name.equals("events") ? events(at) : errors(at);
        out.write(name + "_total{id=\"" + id + "\"," + target + "} " + value + " " + at + "\n");
      }
    }
  }

  private static void promtool(Path text, Path data) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                "promtool",
                "tsdb",
                "create-blocks-from",
                "openmetrics",
                "--quiet",
                "--max-block-duration=" + BLOCK.toHours() + "h",
                text.toString(),
                data.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("promtool did not end within " + PATIENCE.toMinutes() + " min");
    }
    if (process.exitValue() != 0) {
      throw new IOException("promtool ended with " + process.exitValue());
    }
  }
}
