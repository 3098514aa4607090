package dev.tidemark.engine.web;

import dev.tidemark.alerting.Episode;
import dev.tidemark.alerting.Incident;
import dev.tidemark.alerting.OutboxEntry;
import dev.tidemark.alerting.TimelineEntry;
import dev.tidemark.dashboards.Formats;
import dev.tidemark.dashboards.view.Badge;
import dev.tidemark.dashboards.view.IncidentRow;
import dev.tidemark.dashboards.view.Link;
import dev.tidemark.dashboards.view.PostmortemView;
import dev.tidemark.dashboards.view.Tone;
import dev.tidemark.engine.report.EpisodeTimes;
import dev.tidemark.engine.report.FollowUp;
import dev.tidemark.engine.report.Postmortem;
import dev.tidemark.engine.report.RunbookStep;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of an incident for the talk after it. Stateless. */
final class PostmortemViews {
  private PostmortemViews() {}

  static PostmortemView view(
      Incident incident,
      IncidentRow row,
      List<OutboxEntry> notifications,
      List<RunbookStep> steps,
      List<FollowUp> actions,
      Instant now) {
    Postmortem known = Postmortem.of(incident);
    dev.tidemark.alerting.Cause cause = incident.cause();
    return new PostmortemView(
        incident.id(),
        incident.title(),
        row.state(),
        row.severity(),
        incident.lead().labels().getOrDefault("owner", ""),
        row.cause(),
        cause == null ? List.of() : cause.evidence(),
        measures(known.last()),
        known.episodes().stream().map(PostmortemViews::episode).toList(),
        known.datasets().stream().map(Link::dataset).toList(),
        known.consumers(),
        incident.timeline().stream().map(PostmortemViews::event).toList(),
        notifications.stream().map(PostmortemViews::delivery).toList(),
        row.runbook(),
        RunbookViews.steps(steps),
        actions.stream().map(action -> action(action, now)).toList());
  }

  private static PostmortemView.Action action(FollowUp action, Instant now) {
    Instant done = action.doneAt();
    Badge state =
        done != null
            ? new Badge(Tone.GOOD, "done " + Formats.second(done) + " by " + action.doneBy())
            : action.overdue(LocalDate.ofInstant(now, ZoneOffset.UTC))
                ? new Badge(Tone.BAD, "overdue")
                : new Badge(Tone.WARN, "open");
    return new PostmortemView.Action(
        Link.incident(action.incident(), "").href() + "/actions/" + action.number(),
        action.text(),
        action.owner(),
        action.due() == null ? "" : action.due().toString(),
        action.ticket(),
        state,
        done != null);
  }

  /** All are of the last episode: what came back is measured from its coming back. */
  static List<PostmortemView.Measure> measures(EpisodeTimes last) {
    Episode episode = last.episode();
    List<PostmortemView.Measure> measures = new ArrayList<>();
    measures.add(
        measure(
            "Time to detect",
            episode.badSince(),
            "the data went bad",
            episode.openedAt(),
            "it was opened",
            ""));
    measures.add(
        measure(
            "Time to acknowledge",
            episode.openedAt(),
            "it was opened",
            episode.acknowledgedAt(),
            "acknowledged by " + episode.acknowledgedBy(),
            untaken(episode)));
    // Alerts know since when they are bad now; what was good in between began no later than this.
    measures.add(
        measure(
            "Time to recover",
            last.begin(),
            last.begin().equals(episode.badSince()) ? "the data went bad" : "it was opened",
            last.end(),
            episode.recoveredAt() == null ? "it was over" : "nothing fired any more",
            "it is not over"));
    return measures;
  }

  private static String untaken(Episode episode) {
    return episode.resolvedAt() == null ? "nobody has taken it yet" : "nobody took it";
  }

  static PostmortemView.Episode episode(EpisodeTimes times) {
    Episode episode = times.episode();
    Instant over = episode.resolvedAt();
    return new PostmortemView.Episode(
        Formats.second(episode.openedAt()),
        times.toDetect().map(Formats::duration).orElse("not known"),
        times
            .toAcknowledge()
            .map(taken -> Formats.duration(taken) + " by " + episode.acknowledgedBy())
            .orElse(untaken(episode)),
        times.toRecover().map(Formats::duration).orElse("it is not over"),
        over == null
            ? "it is not over"
            : Formats.second(over)
                + (episode.resolvedBy() == null ? "" : " by " + episode.resolvedBy()));
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
        IncidentViews.kind(entry),
        switch (entry.state()) {
              case PENDING -> "not yet delivered";
              case DELIVERED -> "delivered";
              case DEAD, DISMISSED -> "given up";
            }
            + (error == null ? "" : ": " + error));
  }
}
