package dev.tidemark.alerting;

import dev.tidemark.alerting.route.Route;
import dev.tidemark.alerting.route.Routes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides who is told what, now, about one incident. */
final class IncidentSpeech {
  private final Routes routes;
  private final List<Silence> silences;
  private final IncidentSettings settings;
  private final Instant at;

  IncidentSpeech(Routes routes, List<Silence> silences, IncidentSettings settings, Instant at) {
    this.routes = routes;
    this.silences = silences;
    this.settings = settings;
    this.at = at;
  }

  void acknowledge(IncidentDraft draft, String actor, String reason) {
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
          draft.owe(told.receiver(), NotificationKind.ACKNOWLEDGED, told.dedupKey(), note, at);
        }
      }
    }
  }

  void resolveByHand(IncidentDraft draft, String actor, String reason) {
    draft.resolvedBy = actor;
    end(draft, actor, reason.isBlank() ? "ended by " + actor : "ended by " + actor + ": " + reason);
  }

  /** Brings the incident to where it should be at this time. */
  void settle(IncidentDraft draft) {
    if (draft.firing()) {
      draft.recoveringSince = null;
      suppress(draft);
      if (draft.suppressedBy == null) {
        tell(draft);
      }
    } else {
      Instant since = draft.recoveringSince;
      if (since == null) {
        since = at;
        draft.recoveringSince = at;
      }
      if (!at.isBefore(since.plus(settings.resolveHold()))) {
        end(draft, TimelineEntry.TIDEMARK, "nothing fires any more");
      }
    }
  }

  private void end(IncidentDraft draft, String actor, String reason) {
    draft.state = IncidentState.RESOLVED;
    draft.resolvedAt = at;
    draft.recoveringSince = null;
    draft.suppressedBy = null;
    draft.note(at, "resolved", actor, reason);
    for (Told told : List.copyOf(draft.told)) {
      if (told.active()) {
        if (routes.sendsResolved(told.receiver())) {
          draft.owe(told.receiver(), NotificationKind.RESOLVED, told.dedupKey(), reason, at);
        }
        draft.setTold(
            new Told(told.receiver(), told.dedupKey(), at, told.severity(), told.content(), false));
      }
    }
  }

  private void suppress(IncidentDraft draft) {
    SuppressedBy reason = null;
    for (Alert alert : draft.alerts) {
      if (alert.firingNow()) {
        SuppressedBy one = suppressing(alert);
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

  private @Nullable SuppressedBy suppressing(Alert alert) {
    if (alert.suppressedBy() != null) {
      return alert.suppressedBy();
    }
    Map<String, String> labels = alert.routingLabels();
    return silences.stream()
        .filter(silence -> silence.covers(labels, at))
        .findFirst()
        .map(one -> new SuppressedBy.BySilence(one.id(), one.author(), one.reason()))
        .orElse(null);
  }

  private void tell(IncidentDraft draft) {
    Set<String> targeted = new HashSet<>();
    List<String> spokenTo = new ArrayList<>();
    for (Route.Target target : routes.targets(labels(draft))) {
      targeted.add(target.receiver());
      tell(draft, target, spokenTo);
    }
    // Who was told and is not routed to any more, because the cause moved, still hears the rest.
    for (Told told : List.copyOf(draft.told)) {
      if (told.active() && !targeted.contains(told.receiver())) {
        update(draft, told, Route.Timing.DEFAULT, spokenTo);
      }
    }
    if (!spokenTo.isEmpty()) {
      draft.note(at, "notified", TimelineEntry.TIDEMARK, String.join(", ", spokenTo));
    }
  }

  private static Map<String, String> labels(IncidentDraft draft) {
    Map<String, String> labels = new HashMap<>(draft.lead().routingLabels());
    if (!draft.lead().labels().containsKey("severity")) {
      labels.put("severity", draft.severity.label());
    }
    labels.put("urgency", draft.severity.label());
    labels.put("cause", draft.causeKey.substring(draft.causeKey.indexOf(':') + 1));
    labels.put("cause_type", draft.causeKey.substring(0, draft.causeKey.indexOf(':')));
    return labels;
  }

  private void tell(IncidentDraft draft, Route.Target target, List<String> spokenTo) {
    Optional<Told> known = draft.told(target.receiver());
    Optional<Told> active = known.filter(Told::active);
    if (active.isEmpty()) {
      Instant due = draft.episodeAt.plus(target.timing().groupWait());
      if (known.isPresent()) {
        Instant spaced = known.get().at().plus(target.timing().groupInterval());
        due = spaced.isAfter(due) ? spaced : due;
      }
      if (!at.isBefore(due)) {
        String note = known.isPresent() ? "it came back" : "new";
        speak(draft, target.receiver(), NotificationKind.TRIGGERED, draft.dedupKey, note, spokenTo);
        if (draft.state == IncidentState.PENDING) {
          draft.state = IncidentState.OPEN;
        }
      }
      return;
    }
    Told told = active.get();
    if (draft.severity.compareTo(told.severity()) > 0) {
      speak(
          draft,
          told.receiver(),
          NotificationKind.ESCALATED,
          told.dedupKey(),
          "it was a ticket and is now a page",
          spokenTo);
      // Whoever took the ticket has not taken the page.
      draft.state = IncidentState.OPEN;
      draft.acknowledgedAt = null;
      draft.acknowledgedBy = null;
      return;
    }
    update(draft, told, target.timing(), spokenTo);
  }

  private void update(IncidentDraft draft, Told told, Route.Timing timing, List<String> spokenTo) {
    if (draft.content > told.content() && !at.isBefore(told.at().plus(timing.groupInterval()))) {
      speak(
          draft,
          told.receiver(),
          NotificationKind.UPDATED,
          told.dedupKey(),
          "more is known about the same cause",
          spokenTo);
    } else if (draft.state == IncidentState.OPEN
        && !at.isBefore(told.at().plus(timing.repeatInterval()))) {
      speak(
          draft,
          told.receiver(),
          NotificationKind.REPEATED,
          told.dedupKey(),
          "nobody has taken it",
          spokenTo);
    }
  }

  private void speak(
      IncidentDraft draft,
      String receiver,
      NotificationKind kind,
      String key,
      String note,
      List<String> spokenTo) {
    draft.owe(receiver, kind, key, note, at);
    draft.setTold(new Told(receiver, key, at, draft.severity, draft.content, true));
    spokenTo.add(receiver);
  }
}
