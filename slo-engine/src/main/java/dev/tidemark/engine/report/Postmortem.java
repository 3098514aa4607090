package dev.tidemark.engine.report;

import dev.tidemark.alerting.Alert;
import dev.tidemark.alerting.Incident;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What is known of an incident for the talk after it. Immutable.
 *
 * @param incident the incident
 * @param episodes oldest first, at least one
 * @param datasets that were affected, the ones that fired first
 * @param consumers that were affected
 */
public record Postmortem(
    Incident incident, List<EpisodeTimes> episodes, List<String> datasets, List<String> consumers) {
  public Postmortem {
    episodes = List.copyOf(episodes);
    datasets = List.copyOf(datasets);
    consumers = List.copyOf(consumers);
  }

  /** Gathers it. */
  public static Postmortem of(Incident incident) {
    Set<String> datasets = new LinkedHashSet<>();
    Set<String> consumers = new LinkedHashSet<>();
    for (Alert alert : incident.alerts()) {
      datasets.add(alert.dataset());
    }
    for (Alert alert : incident.alerts()) {
      datasets.addAll(alert.blastRadius().datasets());
      consumers.addAll(alert.blastRadius().consumers());
    }
    return new Postmortem(
        incident, EpisodeTimes.of(incident), List.copyOf(datasets), List.copyOf(consumers));
  }

  /** Returns the times of the episode that goes on, or was the last. */
  public EpisodeTimes last() {
    return episodes.get(episodes.size() - 1);
  }
}
