package dev.tidemark.alerting;

import dev.tidemark.alerting.escalation.EscalationProgress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes two incidents one. Not thread-safe, part of one transition. */
final class IncidentMergers {
  private final Map<String, IncidentDraft> drafts;
  private final StormControl storm;
  private final Instant at;

  IncidentMergers(Map<String, IncidentDraft> drafts, StormControl storm, Instant at) {
    this.drafts = drafts;
    this.storm = storm;
    this.at = at;
  }

  void merge(IncidentDraft survivor, IncidentDraft other) {
    for (Alert alert : other.alerts) {
      Optional<Alert> known = survivor.alert(alert.fingerprint());
      if (known.isEmpty()) {
        survivor.content++;
      }
      if (known.isEmpty() || known.get().updatedAt().isBefore(alert.updatedAt())) {
        survivor.put(alert);
      }
    }
    survivor.raise(other.severity, at);
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
    for (EscalationProgress progress : other.escalations) {
      // The further of two goes on: nobody is called again for a step that was called.
      Optional<EscalationProgress> own = survivor.escalation(progress.escalation());
      if (own.isEmpty() || own.get().done() < progress.done()) {
        survivor.setEscalation(progress);
      }
    }
    for (String id : other.apart) {
      IncidentDraft third = drafts.get(id);
      if (third != null && third != survivor) {
        third.apart.add(survivor.id);
        survivor.apart.add(id);
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
              told.receiver(),
              told.dedupKey(),
              told.at(),
              told.severity(),
              0,
              true,
              told.via(),
              told.firstAt(),
              told.digest()));
      other.setTold(told.over(at));
    } else if (known.get().dedupKey().equals(told.dedupKey())) {
      other.setTold(told.over(at));
    } else {
      storm.end(other, told, "goes on as " + survivor.id + ", which has the same cause", true);
    }
  }
}
