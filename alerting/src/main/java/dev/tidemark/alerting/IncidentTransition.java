package dev.tidemark.alerting;

import dev.tidemark.alerting.escalation.EscalationProgress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One transition's work on the book: which alert belongs to which incident. Not thread-safe. */
final class IncidentTransition {
  private static final Comparator<IncidentDraft> OLDEST =
      Comparator.comparing((IncidentDraft draft) -> draft.openedAt)
          .thenComparing(draft -> draft.id);

  private final Map<String, IncidentDraft> drafts = new LinkedHashMap<>();
  private final IncidentIndex index = new IncidentIndex();
  private final Set<IncidentDraft> touched = new LinkedHashSet<>();
  private final IncidentSettings settings;
  private final Instant at;

  IncidentTransition(IncidentBook book, IncidentSettings settings, Instant at) {
    this.settings = settings;
    this.at = at;
    for (Incident one : book.incidents().values()) {
      drafts.put(one.id(), new IncidentDraft(one));
    }
  }

  Optional<IncidentDraft> openDraft(String id) {
    return Optional.ofNullable(drafts.get(id)).filter(IncidentDraft::open);
  }

  List<IncidentDraft> openDrafts() {
    return drafts.values().stream().filter(IncidentDraft::open).sorted(OLDEST).toList();
  }

  /** Everything that fires in open incidents. */
  List<Alert> firing() {
    return openDrafts().stream()
        .flatMap(draft -> draft.alerts.stream())
        .filter(Alert::firingNow)
        .toList();
  }

  void alertsChanged(List<Alert> alerts) {
    drafts.values().forEach(index::add);
    Map<String, Alert> latest = new LinkedHashMap<>();
    alerts.forEach(alert -> latest.put(alert.fingerprint(), alert));
    // Upstream first, so that the order in which alerts were listed decides nothing.
    latest.values().stream()
        .sorted(
            Comparator.comparing((Alert alert) -> !alert.firingNow())
                .thenComparing(IncidentTransition::depth)
                .thenComparing(Alert::startsAt)
                .thenComparing(Alert::fingerprint))
        .forEach(
            alert -> {
              if (alert.firingNow()) {
                firing(alert);
              } else {
                resolved(alert);
              }
            });
    touched.stream().filter(IncidentDraft::open).forEach(this::findCause);
  }

  private static int depth(Alert alert) {
    Cause cause = alert.cause();
    return cause == null ? 0 : cause.path().size();
  }

  private void resolved(Alert alert) {
    for (IncidentDraft draft : index.having(alert.fingerprint())) {
      Optional<Alert> known = draft.alert(alert.fingerprint()).filter(Alert::firingNow);
      // An old message must not end a newer firing.
      if (known.isPresent()
          && draft.mergedInto == null
          && !alert.startsAt().isBefore(known.get().startsAt())) {
        draft.put(alert);
        draft.note(
            at, "recovered", TimelineEntry.TIDEMARK, IncidentDraft.describe(alert) + " recovered");
      }
    }
  }

  private void firing(Alert alert) {
    if (endedByHand(alert)) {
      return;
    }
    List<IncidentDraft> related =
        index.perhapsRelated(alert).stream()
            .filter(draft -> draft.open() && related(draft, alert))
            .sorted(OLDEST)
            .toList();
    IncidentDraft target;
    if (!related.isEmpty()) {
      target = related.get(0);
      related.stream().skip(1).forEach(other -> merge(target, other));
      join(target, alert);
    } else {
      Optional<IncidentDraft> earlier = reopenable(alert);
      if (earlier.isPresent()) {
        reopen(earlier.get(), alert);
      } else {
        String id = IncidentIds.create(alert.causeKey(), at, drafts.keySet());
        IncidentDraft opened = new IncidentDraft(id, alert, at);
        drafts.put(id, opened);
        index.add(opened);
      }
    }
  }

  /** What a person ended stays quiet until it has ceased and fires anew. */
  private boolean endedByHand(Alert alert) {
    return index.having(alert.fingerprint()).stream()
        .filter(draft -> !draft.open() && draft.resolvedBy != null)
        .flatMap(draft -> draft.alert(alert.fingerprint()).stream())
        .anyMatch(known -> known.firingNow() && !alert.startsAt().isAfter(known.startsAt()));
  }

  private static boolean related(IncidentDraft draft, Alert alert) {
    String causeKey = alert.causeKey();
    if (draft.alert(alert.fingerprint()).isPresent() || draft.causeKey.equals(causeKey)) {
      return true;
    }
    if (draft.alerts.stream().anyMatch(known -> known.datasetKey().equals(causeKey))) {
      return true;
    }
    Cause cause = alert.cause();
    if (cause != null && cause.path().contains(draft.causeKey)) {
      return true;
    }
    boolean blamesItself = causeKey.equals(alert.datasetKey());
    return blamesItself && draft.pathKeys().contains(causeKey);
  }

  private Optional<IncidentDraft> reopenable(Alert alert) {
    return index.perhapsRelated(alert).stream()
        .filter(draft -> !draft.open() && draft.mergedInto == null)
        .filter(draft -> withinReopenWindow(draft))
        .filter(
            draft ->
                draft.causeKey.equals(alert.causeKey())
                    || draft.alert(alert.fingerprint()).isPresent())
        .max(OLDEST);
  }

  private boolean withinReopenWindow(IncidentDraft draft) {
    Instant end = draft.resolvedAt;
    return end != null && !at.isAfter(end.plus(settings.reopenWindow()));
  }

  private void reopen(IncidentDraft draft, Alert alert) {
    draft.state = IncidentState.PENDING;
    draft.severity = alert.severity();
    draft.episodeAt = at;
    draft.acknowledgedAt = null;
    draft.acknowledgedBy = null;
    draft.recoveringSince = null;
    draft.resolvedAt = null;
    draft.resolvedBy = null;
    draft.suppressedBy = null;
    draft.escalations.clear();
    draft.note(at, "reopened", TimelineEntry.TIDEMARK, IncidentDraft.describe(alert));
    Flapping flapping = Flapping.reopened(draft.flapping, at, settings.flaps());
    draft.flapping = flapping;
    if (flapping.now()) {
      draft.note(at, "flapping", TimelineEntry.TIDEMARK, flapping.describe(settings));
    }
    draft.put(alert);
    join(draft, alert);
  }

  private void join(IncidentDraft draft, Alert alert) {
    Optional<Alert> known = draft.alert(alert.fingerprint());
    draft.put(alert);
    index.add(draft, alert);
    if (known.isEmpty()) {
      draft.content++;
      draft.note(
          at,
          "joined",
          TimelineEntry.TIDEMARK,
          IncidentDraft.describe(alert) + " has the same cause");
    } else if (!known.get().firingNow()) {
      draft.note(at, "refired", TimelineEntry.TIDEMARK, IncidentDraft.describe(alert));
    }
    draft.recoveringSince = null;
    raise(draft, alert.severity());
    if (alert.causeKey().equals(draft.causeKey)) {
      // The cause stays; with which evidence is found once, after all alerts.
      touched.add(draft);
    } else {
      findCause(draft);
    }
  }

  private void raise(IncidentDraft draft, Severity severity) {
    if (severity.compareTo(draft.severity) > 0) {
      draft.severity = severity;
      draft.note(at, "severity", TimelineEntry.TIDEMARK, "now a " + severity.label());
      // Who was told of the ticket is told of the rise, which unties it; here nobody was.
      if (draft.state == IncidentState.ACKNOWLEDGED
          && draft.told.stream().noneMatch(Told::active)) {
        draft.untake(at, IncidentState.PENDING, "it was taken as a ticket and is now a page");
      }
    }
  }

  private void findCause(IncidentDraft draft) {
    Alert chosen = CauseChoice.of(draft.alerts, draft.causeKey);
    if (!chosen.causeKey().equals(draft.causeKey)) {
      draft.causeKey = chosen.causeKey();
      index.add(draft);
      draft.content++;
      draft.title = IncidentDraft.titleOf(LeadAlert.of(draft.alerts, draft.causeKey));
      draft.note(at, "cause", TimelineEntry.TIDEMARK, "the cause is taken to be " + draft.causeKey);
    }
    draft.cause = chosen.cause();
  }

  /** A crash between saving the two halves of a merger leaves both open; this finishes it. */
  void mergeShared() {
    Map<String, IncidentDraft> owners = new LinkedHashMap<>();
    for (IncidentDraft draft : openDrafts()) {
      for (Alert alert : List.copyOf(draft.alerts)) {
        IncidentDraft owner = alert.firingNow() ? owners.get(alert.fingerprint()) : null;
        if (owner != null && owner != draft) {
          merge(owner, draft);
          findCause(owner);
          owner.alerts.forEach(one -> owners.put(one.fingerprint(), owner));
          break;
        }
        if (alert.firingNow()) {
          owners.put(alert.fingerprint(), draft);
        }
      }
    }
  }

  private void merge(IncidentDraft survivor, IncidentDraft other) {
    for (Alert alert : other.alerts) {
      Optional<Alert> known = survivor.alert(alert.fingerprint());
      if (known.isEmpty()) {
        survivor.content++;
      }
      if (known.isEmpty() || known.get().updatedAt().isBefore(alert.updatedAt())) {
        survivor.put(alert);
      }
    }
    raise(survivor, other.severity);
    boolean nobodyKnew = survivor.told.stream().noneMatch(Told::active);
    if (nobodyKnew && other.state != IncidentState.PENDING) {
      survivor.state = other.state;
      survivor.acknowledgedAt = other.acknowledgedAt;
      survivor.acknowledgedBy = other.acknowledgedBy;
    }
    for (Told told : List.copyOf(other.told)) {
      if (told.active()) {
        handOver(survivor, other, told);
      }
    }
    index.add(survivor);
    for (EscalationProgress progress : other.escalations) {
      // The further of two goes on: nobody is called again for a step that was called.
      Optional<EscalationProgress> own = survivor.escalation(progress.escalation());
      if (own.isEmpty() || own.get().done() < progress.done()) {
        survivor.setEscalation(progress);
      }
    }
    survivor.note(at, "merged", TimelineEntry.TIDEMARK, other.id + " has the same cause");
    other.note(at, "merged", TimelineEntry.TIDEMARK, "goes on as " + survivor.id);
    other.state = IncidentState.RESOLVED;
    other.resolvedAt = at;
    other.mergedInto = survivor.id;
  }

  /**
   * A receiver that knows both is told that the merged one is over. One that knows only the merged
   * one goes on hearing of it under the key it knows: neither a second page nor a lost one.
   */
  private void handOver(IncidentDraft survivor, IncidentDraft other, Told told) {
    Optional<Told> known = survivor.told(told.receiver()).filter(Told::active);
    if (known.isEmpty()) {
      survivor.setTold(
          new Told(
              told.receiver(), told.dedupKey(), told.at(), told.severity(), 0, true, told.via()));
    } else if (!known.get().dedupKey().equals(told.dedupKey())) {
      other.owe(
          told.receiver(),
          NotificationKind.RESOLVED,
          told.dedupKey(),
          "goes on as " + survivor.id + ", which has the same cause",
          at);
    }
    other.setTold(told.over(at));
  }

  IncidentLogic.Outcome finish() {
    List<Incident> kept = new ArrayList<>();
    List<Incident> changed = new ArrayList<>();
    for (IncidentDraft draft : drafts.values()) {
      Incident now = draft.build(at);
      Incident before = draft.original;
      if (before == null || now.revision() > before.revision()) {
        changed.add(now);
      }
      boolean watched = draft.resolvedBy != null && draft.firing();
      if (draft.open() || withinReopenWindow(draft) || watched) {
        kept.add(now);
      }
    }
    // The survivor of a merger is saved first: a crash in between leaves an alert in two incidents,
    // which is mended, rather than in none.
    changed.sort(Comparator.comparing((Incident one) -> one.mergedInto() != null));
    return new IncidentLogic.Outcome(IncidentBook.of(kept), changed);
  }
}
