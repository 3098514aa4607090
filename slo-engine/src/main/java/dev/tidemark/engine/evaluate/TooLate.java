package dev.tidemark.engine.evaluate;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many points came later than an objective accepts of their source, by source; a point that is
 * too late for two objectives counts twice. Thread-safe.
 */
public final class TooLate {
  /** What is counted of further sources, so that made-up names cannot fill the memory. */
  static final String OTHERS = "others";

  private static final int SOURCES_AT_MOST = 1_000;

  private final Map<String, LongAdder> bySource = new ConcurrentHashMap<>();

  void note(String source) {
    String counted =
        bySource.size() < SOURCES_AT_MOST || bySource.containsKey(source) ? source : OTHERS;
    bySource.computeIfAbsent(counted, fresh -> new LongAdder()).increment();
  }

  /** Returns the counts by {@code service.name}, which is empty where the sender names none. */
  public Map<String, Long> bySource() {
    Map<String, Long> counts = new TreeMap<>();
    bySource.forEach((source, count) -> counts.put(source, count.sum()));
    return counts;
  }

  /** Returns how many there were. */
  public long total() {
    return bySource.values().stream().mapToLong(LongAdder::sum).sum();
  }
}
