package dev.tidemark.alerting;

import java.util.List;

/**
 * Who is hurt downstream.
 *
 * @param datasets names of datasets that are or will be affected, nearest first
 * @param consumers names of teams, reports or services that read them
 */
public record BlastRadius(List<String> datasets, List<String> consumers) {
  /** Nobody, or nobody known. */
  public static final BlastRadius NONE = new BlastRadius(List.of(), List.of());

  public BlastRadius {
    datasets = List.copyOf(datasets);
    consumers = List.copyOf(consumers);
  }
}
