package dev.tidemark.alerting;

import dev.tidemark.alerting.escalation.EscalationProgress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

  /**
   * Lets one go on in the other.
   *
   * @param reason of a person; null when it is that both have the same cause
   */
  void merge(IncidentDraft survivor, IncidentDraft other, String actor, @Nullable String reason) {
    for (Alert alert : other.alerts) {
      Optional<Alert> known = survivor.alert(alert.fingerprint());
      if (known.isEmpty()) {
        survivor.content++;
      }
      if (known.isEmpty() || supersedes(alert, known.get())) {
        survivor.put(alert);
      }
    }
    boolean taken = survivor.state == IncidentState.ACKNOWLEDGED;
    survivor.knowBadSince(other.badSince);
    survivor.raise(other.severity, at);
    take(survivor, taken, other);
    for (Told told : List.copyOf(other.told)) {
      if (told.active()) {
        handOver(survivor, other, told, reason);
      }
    }
    // Who was called for a ticket has not been called for the page.
    List<EscalationProgress> called =
        other.severity == survivor.severity ? other.escalations : List.of();
    for (EscalationProgress progress : called) {
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
    String why = reason == null || reason.isBlank() ? "" : ": " + reason;
    survivor.note(
        at,
        "merged",
        actor,
        other.id + (reason == null ? " has the same cause" : " goes on here" + why));
    other.note(at, "merged", actor, "goes on as " + survivor.id + why);
    other.state = IncidentState.RESOLVED;
    other.resolvedAt = at;
    other.mergedInto = survivor.id;
  }

  /** What fires does, even when it ceased at a later time, from which the clock was set back. */
  private static boolean supersedes(Alert alert, Alert known) {
    return alert.firingNow() == known.firingNow()
        ? known.updatedAt().isBefore(alert.updatedAt())
        : alert.firingNow();
  }

  /**
   * What nobody knew of yet is as far as the merged one is; what was taken as less than the merged
   * one is taken by whoever took that. Whoever took a ticket has not taken the page.
   */
  private static void take(IncidentDraft survivor, boolean taken, IncidentDraft other) {
    boolean asMuch = other.severity == survivor.severity;
    if (other.state == IncidentState.ACKNOWLEDGED) {
      boolean nobodyKnew = survivor.state == IncidentState.PENDING;
      if (asMuch && (nobodyKnew || (taken && survivor.state != IncidentState.ACKNOWLEDGED))) {
        survivor.takeFrom(other);
      } else if (nobodyKnew && other.told.stream().anyMatch(Told::active)) {
        survivor.state = IncidentState.OPEN;
      }
    } else if (other.state == IncidentState.OPEN && survivor.state == IncidentState.PENDING) {
      survivor.state = IncidentState.OPEN;
    }
  }

  /**
   * A receiver that knows both is told that the merged one is over. One that knows only the merged
   * one goes on hearing of it under the key it knows: neither a second page nor a lost one.
   */
  private void handOver(
      IncidentDraft survivor, IncidentDraft other, Told told, @Nullable String reason) {
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
              told.digest(),
              told.risenAt()));
      other.setTold(told.over(at));
    } else if (known.get().dedupKey().equals(told.dedupKey())) {
      other.setTold(told.over(at));
    } else {
      String why = reason == null ? ", which has the same cause" : ", by hand";
      storm.end(other, told, "goes on as " + survivor.id + why, true);
    }
  }
}
