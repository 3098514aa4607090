package dev.tidemark.engine.definition.importer;

import dev.tidemark.engine.definition.YamlNode;
import java.util.Map;
import java.util.Set;

/** Names what does not come over, at its place. */
final class Losses {
  private Losses() {}

  /**
   * Names all members but those that are carried.
   *
   * @param reasons why, and the way out, for members that people miss
   */
  static void others(YamlNode map, Set<String> carried, Map<String, String> reasons) {
    for (String key : map.keys()) {
      if (!carried.contains(key)) {
        String reason = reasons.get(key);
        map.find(key)
            .orElse(map)
            .warn(
                "'"
                    + key
                    + "' is not carried"
                    + (reason == null ? "; Tidemark has no such setting" : ": " + reason));
      }
    }
  }

  /** Names all members but those that are carried. */
  static void others(YamlNode map, Set<String> carried) {
    others(map, carried, Map.of());
  }

  /** A histogram's buckets are series of their own in Prometheus only. */
  static void ofBuckets(YamlNode at, PromRatio ratio, String limit) {
    String bucket = ratio.share().metric();
    String histogram = bucket.replaceAll("_bucket$", "");
    at.warn(
        "the buckets come over as counters "
            + bucket
            + " and "
            + ratio.total().metric()
            + ", which an OTLP histogram does not have; if "
            + histogram
            + " arrives as a histogram, write latency: {metric: "
            + histogram
            + ", below: "
            + limit
            + "s} in a kind: Pipeline instead");
  }

  /** One objective is one sum; several are several objectives. */
  static void ofGrouping(YamlNode indicator) {
    indicator
        .find("grouping")
        .ifPresent(
            at ->
                at.warn(
                    "'grouping' is not carried: this is one sum over all groups; write ratio with"
                        + " roster: {attribute: "
                        + String.join(",", indicator.oneOrMore("grouping"))
                        + ", members: […]} to judge each by itself"));
  }
}
