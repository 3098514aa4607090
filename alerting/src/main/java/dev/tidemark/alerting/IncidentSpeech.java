package dev.tidemark.alerting;

import dev.tidemark.alerting.route.Route;
import dev.tidemark.alerting.route.Routes;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes one incident through its life; who is told of it says {@link IncidentTelling}. */
final class IncidentSpeech {
  private final Routes routes;
  private final List<Silence> silences;
  private final IncidentSettings settings;
  private final StormControl storm;
  private final Instant at;

  IncidentSpeech(
      Routes routes,
      List<Silence> silences,
      IncidentSettings settings,
      StormControl storm,
      Instant at) {
    this.routes = routes;
    this.silences = silences;
    this.settings = settings;
    this.storm = storm;
    this.at = at;
  }

  void acknowledge(IncidentDraft draft, String actor, String reason) {
    draft.taken =
        new Taken(
            draft.causeKey,
            routes.targets(draft.routingLabels(), at).stream()
                .map(Route.Target::receiver)
                .toList());
    boolean first = draft.state != IncidentState.ACKNOWLEDGED;
    if (!first && actor.equals(draft.acknowledgedBy)) {
      return;
    }
    draft.state = IncidentState.ACKNOWLEDGED;
    draft.acknowledgedAt = at;
    draft.acknowledgedBy = actor;
    draft.note(at, "acknowledged", actor, reason);
    if (first) {
      String note = "taken by " + actor + (reason.isBlank() ? "" : ": " + reason);
      for (Told told : List.copyOf(draft.told)) {
        if (told.active()) {
          storm.taken(draft, told, note);
        }
      }
    }
  }

  void resolveByHand(IncidentDraft draft, String actor, String reason) {
    draft.resolvedBy = actor;
    end(draft, actor, reason.isBlank() ? "ended by " + actor : "ended by " + actor + ": " + reason);
  }

  /** Brings the incident to where it should be at this time. */
  void settle(IncidentDraft draft, Inhibitor inhibitor) {
    if (draft.firing()) {
      draft.recoveringSince = null;
      suppress(draft, inhibitor);
      if (draft.suppressedBy == null) {
        new IncidentTelling(draft, routes, settings, storm, at).tell();
      }
    } else {
      Instant since = draft.recoveringSince;
      if (since == null) {
        since = at;
        draft.recoveringSince = at;
        draft.note(at, "recovering", TimelineEntry.TIDEMARK, "nothing fires now");
      }
      if (!at.isBefore(since.plus(Flapping.hold(draft.flapping, settings)))) {
        end(draft, TimelineEntry.TIDEMARK, "nothing fires any more");
      }
    }
  }

  private void end(IncidentDraft draft, String actor, String reason) {
    draft.state = IncidentState.RESOLVED;
    draft.resolvedAt = at;
    draft.recoveringSince = null;
    draft.suppressedBy = null;
    Flapping flapping = draft.flapping;
    draft.flapping = flapping == null ? null : flapping.over();
    draft.note(at, "resolved", actor, reason);
    for (Told told : List.copyOf(draft.told)) {
      if (told.active()) {
        storm.end(draft, told, reason, routes.sendsResolved(told.receiver()));
      }
    }
  }

  private void suppress(IncidentDraft draft, Inhibitor inhibitor) {
    SuppressedBy reason = null;
    for (Alert alert : draft.alerts) {
      if (alert.firingNow()) {
        SuppressedBy one = suppressing(alert, inhibitor);
        if (one == null) {
          reason = null;
          break;
        }
        reason = reason == null ? one : reason;
      }
    }
    if (reason != null && draft.suppressedBy == null) {
      draft.note(at, "suppressed", TimelineEntry.TIDEMARK, reason.describe());
    } else if (reason == null && draft.suppressedBy != null) {
      draft.note(at, "suppressed", TimelineEntry.TIDEMARK, "not any more");
    }
    draft.suppressedBy = reason;
  }

  private @Nullable SuppressedBy suppressing(Alert alert, Inhibitor inhibitor) {
    if (alert.suppressedBy() != null) {
      return alert.suppressedBy();
    }
    Optional<Silence> silence = silencing(alert);
    return silence.isPresent()
        ? new SuppressedBy.BySilence(
            silence.get().id(), silence.get().author(), silence.get().reason())
        : inhibitor.inhibiting(alert);
  }

  private Optional<Silence> silencing(Alert alert) {
    if (silences.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> labels = alert.routingLabels();
    return silences.stream().filter(one -> one.covers(labels, at)).findFirst();
  }
}
