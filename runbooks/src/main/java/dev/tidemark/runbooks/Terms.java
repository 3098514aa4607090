package dev.tidemark.runbooks;

import java.util.Map;

/**
 * The short names by which runbooks say what they are for, in words. The names are for those who
 * maintain runbooks; who opens one at night reads the words. Stateless, safe for any thread.
 */
public final class Terms {
  private static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry("F1", "a job fails"),
          Map.entry("F2", "data is older than promised"),
          Map.entry("F3", "records are missing"),
          Map.entry("F4", "the bill jumps"),
          Map.entry("F5", "somebody reads what they should not"),
          Map.entry("F6", "a few partitions carry the load"),
          Map.entry("F7", "a connector dies without an error"),
          Map.entry("F8", "catalogue and storage disagree"),
          Map.entry("M1", "success of runs"),
          Map.entry("M2", "freshness"),
          Map.entry("M3", "processing lag"),
          Map.entry("M4", "completeness"),
          Map.entry("M5", "availability of queries"),
          Map.entry("M6", "compatibility of schemas"),
          Map.entry("M7", "cost per TB"),
          Map.entry("M8", "duration of backfills"),
          Map.entry("M9", "coverage of the catalogue"),
          Map.entry("M10", "anomalous access"),
          Map.entry("M11", "latency of the feature store"),
          Map.entry("M12", "heartbeat of connectors"),
          Map.entry("M13", "drift of data"),
          Map.entry("M14", "burn rate of error budgets"),
          Map.entry("M15", "age of waiting tasks"));

  private Terms() {}

  /**
   * Returns the words of a name.
   *
   * @param name of a failure mode, such as {@code F2}, or of an indicator, such as {@code M2}
   * @return the name itself when it is none of these: an organisation's own runbook says it in
   *     words
   */
  public static String words(String name) {
    return WORDS.getOrDefault(name, name);
  }
}
