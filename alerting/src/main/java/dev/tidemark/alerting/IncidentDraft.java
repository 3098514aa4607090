package dev.tidemark.alerting;

import dev.tidemark.alerting.escalation.EscalationProgress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An incident while one transition changes it. Not thread-safe, never leaves the transition. */
final class IncidentDraft {
  private static final int TIMELINE_KEPT = 200;

  final @Nullable Incident original;
  final String id;
  final String dedupKey;
  final Instant openedAt;
  private final long revision;
  String causeKey;
  @Nullable Cause cause;
  String title;
  Severity severity;
  IncidentState state;
  List<Alert> alerts;
  Instant episodeAt;
  @Nullable Instant acknowledgedAt;
  @Nullable String acknowledgedBy;
  @Nullable Instant recoveringSince;
  @Nullable Instant resolvedAt;
  @Nullable String resolvedBy;
  @Nullable String mergedInto;
  @Nullable SuppressedBy suppressedBy;
  List<TimelineEntry> timeline;
  List<Told> told;
  List<EscalationProgress> escalations;
  List<Owed> owed;
  long content;
  final Set<String> apart;
  @Nullable Flapping flapping;

  /** Whether a digest of this transition is named after it. */
  boolean leads;

  /** Whether it owes the end of a digest in this transition. */
  boolean endsDigest;

  /** Whether an alert has left it in this transition. */
  boolean gave;

  private @Nullable Map<String, Integer> places;

  IncidentDraft(Incident from) {
    original = from;
    id = from.id();
    dedupKey = from.dedupKey();
    openedAt = from.openedAt();
    revision = from.revision() + 1;
    causeKey = from.causeKey();
    cause = from.cause();
    title = from.title();
    severity = from.severity();
    state = from.state();
    alerts = new ArrayList<>(from.alerts());
    episodeAt = from.episodeAt();
    acknowledgedAt = from.acknowledgedAt();
    acknowledgedBy = from.acknowledgedBy();
    recoveringSince = from.recoveringSince();
    resolvedAt = from.resolvedAt();
    resolvedBy = from.resolvedBy();
    mergedInto = from.mergedInto();
    suppressedBy = from.suppressedBy();
    timeline = new ArrayList<>(from.timeline());
    told = new ArrayList<>(from.told());
    escalations = new ArrayList<>(from.escalations());
    owed = new ArrayList<>(from.owed());
    content = from.content();
    apart = new LinkedHashSet<>(from.apart());
    flapping = from.flapping();
  }

  /** Opens a new incident for its first alert. */
  IncidentDraft(String id, Alert first, Instant at) {
    original = null;
    this.id = id;
    dedupKey = "tidemark/" + id;
    openedAt = at;
    revision = 1;
    causeKey = first.causeKey();
    cause = first.cause();
    title = titleOf(first);
    severity = first.severity();
    state = IncidentState.PENDING;
    alerts = new ArrayList<>(List.of(first));
    episodeAt = at;
    timeline = new ArrayList<>();
    told = new ArrayList<>();
    escalations = new ArrayList<>();
    owed = new ArrayList<>();
    content = 1;
    apart = new LinkedHashSet<>();
    note(at, "opened", TimelineEntry.TIDEMARK, describe(first));
  }

  boolean open() {
    return state != IncidentState.RESOLVED;
  }

  boolean firing() {
    return alerts.stream().anyMatch(Alert::firingNow);
  }

  boolean flaps() {
    Flapping known = flapping;
    return known != null && known.now();
  }

  Alert lead() {
    return LeadAlert.of(alerts, causeKey);
  }

  Optional<Alert> alert(String fingerprint) {
    Integer place = places().get(fingerprint);
    return place == null ? Optional.empty() : Optional.of(alerts.get(place));
  }

  /** Places stay while alerts are only added or replaced. */
  private Map<String, Integer> places() {
    Map<String, Integer> known = places;
    if (known == null) {
      known = new HashMap<>();
      for (int i = 0; i < alerts.size(); i++) {
        known.put(alerts.get(i).fingerprint(), i);
      }
      places = known;
    }
    return known;
  }

  /** Puts the alert in the place of the one with its fingerprint, or at the end. */
  void put(Alert alert) {
    Integer place = places().putIfAbsent(alert.fingerprint(), alerts.size());
    if (place == null) {
      alerts.add(alert);
    } else if (!alert.saysTheSameAs(alerts.get(place))) {
      alerts.set(place, alert);
    }
  }

  /** Takes the alert out; what remains is titled anew and is news to those who were told. */
  void remove(String fingerprint) {
    alerts.removeIf(alert -> alert.fingerprint().equals(fingerprint));
    places = null;
    gave = true;
    content++;
  }

  boolean keptFrom(IncidentDraft other) {
    return apart.contains(other.id) || other.apart.contains(id);
  }

  /** Returns the keys of the nodes on the ways from causes to alerts. */
  static Set<String> pathKeys(List<Alert> alerts) {
    Set<String> keys = new LinkedHashSet<>();
    for (Alert alert : alerts) {
      Cause known = alert.cause();
      if (known != null) {
        keys.addAll(known.path());
      }
    }
    return keys;
  }

  Optional<Told> told(String receiver) {
    return told.stream().filter(one -> one.receiver().equals(receiver)).findFirst();
  }

  void setTold(Told now) {
    told.removeIf(one -> one.receiver().equals(now.receiver()));
    told.add(now);
  }

  Optional<EscalationProgress> escalation(String name) {
    return escalations.stream().filter(one -> one.escalation().equals(name)).findFirst();
  }

  void setEscalation(EscalationProgress now) {
    escalations.removeIf(one -> one.escalation().equals(now.escalation()));
    escalations.add(now);
  }

  void owe(String receiver, NotificationKind kind, String key, String note, Instant at) {
    owed.add(new Owed(revision, receiver, kind, key, note, at, null));
  }

  /** Owes its part of a digest. */
  void owe(
      String receiver, NotificationKind kind, String key, String note, Instant at, String digest) {
    owed.add(new Owed(revision, receiver, kind, key, note, at, digest));
  }

  /** Returns a name that no other incident's and no other transition's is like. */
  String mark() {
    return id + "-" + revision;
  }

  void note(Instant at, String what, String actor, String reason) {
    timeline.add(new TimelineEntry(at, what, actor, reason));
    if (timeline.size() > TIMELINE_KEPT) {
      // The first entry says how it began; the ones after it are the least missed.
      timeline.remove(1);
    }
  }

  /** Takes the higher severity over. */
  void raise(Severity now, Instant at) {
    if (now.compareTo(severity) <= 0) {
      return;
    }
    severity = now;
    note(at, "severity", TimelineEntry.TIDEMARK, "now a " + severity.label());
    // Who was told of the ticket is told of the rise, which unties it; here nobody was.
    if (told.stream().noneMatch(Told::active) && state == IncidentState.ACKNOWLEDGED) {
      untake(at, IncidentState.PENDING, "it was taken as a ticket and is now a page");
    }
  }

  /** Whoever took it has not taken what it is now. */
  void untake(Instant at, IncidentState now, String reason) {
    if (state == IncidentState.ACKNOWLEDGED) {
      note(at, "untaken", TimelineEntry.TIDEMARK, reason);
    }
    state = now;
    acknowledgedAt = null;
    acknowledgedBy = null;
  }

  static String titleOf(Alert alert) {
    String summary = alert.annotations().get("summary");
    return summary != null ? summary : alert.dataset() + ": " + alert.objective();
  }

  static String describe(Alert alert) {
    return alert.objective() + " of " + alert.dataset() + " (" + alert.severity().label() + ")";
  }

  Incident withoutOwed() {
    owed = List.of();
    return build(revision - 1, original == null ? openedAt : original.updatedAt());
  }

  /** Returns the document without what is nobody's business outside. */
  Incident forReceivers() {
    timeline = List.of();
    told = List.of();
    escalations = List.of();
    return withoutOwed();
  }

  /** Returns the new document, or the original when nothing changed. */
  Incident build(Instant at) {
    Incident from = original;
    if (from != null && build(from.revision(), from.updatedAt()).equals(from)) {
      return from;
    }
    return build(revision, at);
  }

  private Incident build(long number, Instant updatedAt) {
    return new Incident(
        id,
        dedupKey,
        causeKey,
        cause,
        title,
        severity,
        state,
        alerts,
        openedAt,
        episodeAt,
        updatedAt,
        acknowledgedAt,
        acknowledgedBy,
        recoveringSince,
        resolvedAt,
        resolvedBy,
        mergedInto,
        suppressedBy,
        timeline,
        told,
        escalations,
        owed,
        number,
        content,
        List.copyOf(apart),
        flapping);
  }
}
