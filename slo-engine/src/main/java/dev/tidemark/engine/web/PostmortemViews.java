package dev.tidemark.engine.web;

import dev.tidemark.alerting.Alert;
import dev.tidemark.alerting.Incident;
import dev.tidemark.alerting.OutboxEntry;
import dev.tidemark.alerting.TimelineEntry;
import dev.tidemark.dashboards.Formats;
import dev.tidemark.dashboards.view.IncidentRow;
import dev.tidemark.dashboards.view.Link;
import dev.tidemark.dashboards.view.PostmortemView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is known of an incident for the talk after it. Stateless. */
final class PostmortemViews {
  private PostmortemViews() {}

  static PostmortemView view(
      Incident incident, IncidentRow row, List<OutboxEntry> notifications, List<String> steps) {
    Set<String> datasets = new LinkedHashSet<>();
    Set<String> consumers = new LinkedHashSet<>();
    for (Alert alert : incident.alerts()) {
      datasets.add(alert.dataset());
    }
    for (Alert alert : incident.alerts()) {
      datasets.addAll(alert.blastRadius().datasets());
      consumers.addAll(alert.blastRadius().consumers());
    }
    dev.tidemark.alerting.Cause cause = incident.cause();
    return new PostmortemView(
        incident.id(),
        incident.title(),
        row.state(),
        row.severity(),
        incident.lead().labels().getOrDefault("owner", ""),
        row.cause(),
        cause == null ? List.of() : cause.evidence(),
        measures(incident),
        datasets.stream().map(Link::dataset).toList(),
        List.copyOf(consumers),
        incident.timeline().stream().map(PostmortemViews::event).toList(),
        notifications.stream().map(PostmortemViews::delivery).toList(),
        row.runbook(),
        steps);
  }

  /** All are of the last episode: what came back is measured from its coming back. */
  static List<PostmortemView.Measure> measures(Incident incident) {
    Instant began =
        incident.alerts().stream().map(Alert::since).min(Instant::compareTo).orElseThrow();
    Instant opened = incident.episodeAt();
    Instant taken = incident.acknowledgedAt();
    Instant over = incident.resolvedAt();
    List<PostmortemView.Measure> measures = new ArrayList<>();
    measures.add(
        measure("Time to detect", began, "the data went bad", opened, "it was opened", ""));
    measures.add(
        measure(
            "Time to acknowledge",
            opened,
            "it was opened",
            taken,
            "acknowledged by " + incident.acknowledgedBy(),
            over == null ? "nobody has taken it yet" : "nobody took it"));
    // Alerts know since when they are bad now; what was good in between began no later than this.
    boolean later = began.isAfter(opened);
    measures.add(
        measure(
            "Time to recover",
            later ? opened : began,
            later ? "it was opened" : "the data went bad",
            over,
            "it was over",
            "it is not over"));
    return measures;
  }

  private static PostmortemView.Measure measure(
      String name,
      Instant from,
      String began,
      @Nullable Instant to,
      String ended,
      String otherwise) {
    if (to == null) {
      return new PostmortemView.Measure(name, otherwise, Formats.second(from) + " (" + began + ")");
    }
    return new PostmortemView.Measure(
        name,
        to.isBefore(from)
            ? "not known: it was good in between"
            : Formats.duration(Duration.between(from, to)),
        Formats.second(from) + " (" + began + ") to " + Formats.second(to) + " (" + ended + ")");
  }

  private static PostmortemView.Event event(TimelineEntry entry) {
    String by = entry.actor().equals(TimelineEntry.TIDEMARK) ? "" : entry.actor() + ": ";
    return new PostmortemView.Event(Formats.second(entry.at()), entry.what(), by + entry.reason());
  }

  private static PostmortemView.Delivery delivery(OutboxEntry entry) {
    String error = entry.lastError();
    return new PostmortemView.Delivery(
        Formats.second(entry.createdAt()),
        entry.notification().receiver(),
        entry.notification().kind().name().toLowerCase(Locale.ROOT),
        switch (entry.state()) {
              case PENDING -> "not yet delivered";
              case DELIVERED -> "delivered";
              case DEAD -> "given up";
            }
            + (error == null ? "" : ": " + error));
  }
}
