package dev.tidemark.alerting;

import java.util.List;

/**
 * Who is hurt downstream.
 *
 * @param datasets names of datasets that are or will be affected, nearest first
 * @param consumers names of teams, reports or services that read them
 * @param atRisk names of the objectives about these datasets and what makes them that do not alert
 *     yet, nearest first; empty in documents from before there was such a list
 */
public record BlastRadius(List<String> datasets, List<String> consumers, List<String> atRisk) {
  /** Nobody, or nobody known. */
  public static final BlastRadius NONE = new BlastRadius(List.of(), List.of(), List.of());

  public BlastRadius {
    datasets = List.copyOf(datasets);
    consumers = List.copyOf(consumers);
    // Documents of older versions do not know it.
    atRisk = atRisk == null ? List.of() : List.copyOf(atRisk);
  }
}
