package dev.tidemark.alerting;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which incident an alert belongs to, and which one it belongs to no longer. */
final class IncidentSplits {
  private final Instant at;

  IncidentSplits(Instant at) {
    this.at = at;
  }

  /** Whether the alert has the incident's cause, as far as lineage says. */
  static boolean related(IncidentDraft draft, Alert alert) {
    return draft.alert(alert.fingerprint()).isPresent()
        || related(draft.alerts, draft.causeKey, alert);
  }

  private static boolean related(List<Alert> alerts, String draftsCause, Alert alert) {
    String causeKey = alert.causeKey();
    if (draftsCause.equals(causeKey)
        || alerts.stream().anyMatch(known -> known.datasetKey().equals(causeKey))) {
      return true;
    }
    Cause cause = alert.cause();
    if (cause != null && cause.path().contains(draftsCause)) {
      return true;
    }
    boolean blamesItself = causeKey.equals(alert.datasetKey());
    return blamesItself && IncidentDraft.pathKeys(alerts).contains(causeKey);
  }

  /**
   * Whether lineage shows that an alert of the incident has another cause than the rest of it. Only
   * a certain cause upstream shows that: a dataset that blames itself while its incident recovers
   * has merely lost its cause, and a guess may be another one with the next signal. Where nothing
   * else fires, the incident's cause has moved, and the alert stays.
   *
   * @param latest what was said of other alerts at the same time, by fingerprint
   */
  static boolean shows(IncidentDraft draft, Alert alert, Map<String, Alert> latest) {
    Optional<Alert> known = draft.alert(alert.fingerprint()).filter(Alert::firingNow);
    Cause cause = alert.cause();
    if (known.isEmpty()
        || cause == null
        || !cause.certain()
        || cause.key().equals(alert.datasetKey())
        || cause.key().equals(known.get().causeKey())) {
      return false;
    }
    List<Alert> rest =
        draft.alerts.stream()
            .filter(one -> !one.fingerprint().equals(alert.fingerprint()))
            .map(one -> latest.getOrDefault(one.fingerprint(), one))
            .toList();
    if (rest.stream().noneMatch(Alert::firingNow)) {
      return false;
    }
    String restsCause = CauseChoice.of(rest, draft.causeKey).causeKey();
    boolean blamed = rest.stream().anyMatch(one -> one.causeKey().equals(alert.datasetKey()));
    return !blamed && !related(rest, restsCause, alert);
  }

  /**
   * Those that have the alert before those that do not, and where it fires before where it did.
   * Mergers in this order never part an alert from itself: what takes in the incident that has it
   * is from then on kept from whatever that one was kept from.
   */
  static List<IncidentDraft> homesFirst(List<IncidentDraft> oldestFirst, Alert alert) {
    return oldestFirst.stream()
        .sorted(Comparator.comparing(draft -> distance(draft, alert.fingerprint())))
        .toList();
  }

  private static int distance(IncidentDraft draft, String fingerprint) {
    return draft.alert(fingerprint).map(known -> known.firingNow() ? 0 : 1).orElse(2);
  }

  /** The oldest, unless the alert is in one that a person keeps apart from that. */
  static IncidentDraft preferred(List<IncidentDraft> oldestFirst, Alert alert) {
    IncidentDraft oldest = oldestFirst.get(0);
    IncidentDraft home = homesFirst(oldestFirst, alert).get(0);
    return home.alert(alert.fingerprint()).isPresent() && home.keptFrom(oldest) ? home : oldest;
  }

  /**
   * Tells a split of which only the taking half was saved from a merger.
   *
   * @return which of the two has to give the alert; null when both are to be merged
   */
  static @Nullable IncidentDraft halfSaved(
      IncidentDraft one, IncidentDraft other, String fingerprint) {
    if (one.keptFrom(other)) {
      IncidentDraft gives = one.apart.contains(other.id) ? other : one;
      // Of what a person merged by moving all of it, nothing would be left.
      return holds(gives == one ? other : one, gives.alerts) ? null : gives;
    }
    Instant ones = one.alert(fingerprint).orElseThrow().updatedAt();
    Instant others = other.alert(fingerprint).orElseThrow().updatedAt();
    if (ones.equals(others)) {
      return null;
    }
    IncidentDraft older = ones.isBefore(others) ? one : other;
    IncidentDraft newer = older == one ? other : one;
    // Of a merger, the survivor has all that the other one has.
    return holds(newer, older.alerts.stream().filter(Alert::firingNow).toList()) ? null : older;
  }

  private static boolean holds(IncidentDraft draft, List<Alert> alerts) {
    return alerts.stream().allMatch(alert -> draft.alert(alert.fingerprint()).isPresent());
  }

  void note(IncidentDraft from, IncidentDraft to, Alert alert, String actor, String reason) {
    String what = IncidentDraft.describe(alert);
    String why = reason.isBlank() ? "" : ": " + reason;
    from.note(at, "split", actor, what + " goes on in " + to.id + why);
    to.note(at, "split", actor, what + " was in " + from.id + why);
  }
}
