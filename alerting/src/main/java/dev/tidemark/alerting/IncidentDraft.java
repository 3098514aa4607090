package dev.tidemark.alerting;

import dev.tidemark.alerting.escalation.EscalationProgress;
import java.time.Duration;
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
  private static final int DIGESTS_KEPT = 50;
  private static final Duration LATELY = Duration.ofSeconds(5);

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
  @Nullable Taken taken;
  final List<Episode> episodes;
  private int leftOut;
  final Set<String> digests;
  Instant badSince;

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
    taken = from.taken();
    if (taken == null && state == IncidentState.ACKNOWLEDGED) {
      // A document of an older version does not say as what it was taken.
      taken = new Taken(causeKey, List.of());
    }
    episodes = new ArrayList<>(from.episodes());
    leftOut = from.leftOut();
    digests = new LinkedHashSet<>(from.digests());
    badSince = from.badSince();
  }

  /** Opens a new incident for its first alert. */
  IncidentDraft(String id, Alert first, Instant at) {
    original = null;
    this.id = id;
    dedupKey = Incident.dedupKeyOf(id);
    openedAt = at;
    revision = 1;
    causeKey = first.causeKey();
    cause = first.cause();
    title = titleOf(first);
    severity = first.severity();
    state = IncidentState.PENDING;
    alerts = new ArrayList<>(List.of(first));
    episodeAt = began(first, at);
    timeline = new ArrayList<>();
    told = new ArrayList<>();
    escalations = new ArrayList<>();
    owed = new ArrayList<>();
    content = 1;
    apart = new LinkedHashSet<>();
    episodes = new ArrayList<>();
    digests = new LinkedHashSet<>();
    badSince = first.since();
    note(at, "opened", TimelineEntry.TIDEMARK, describe(first));
  }

  /**
   * In a storm it is some time until everything that came has been looked at; the wait for others
   * began when the alert came. What is told much later, after a restart perhaps, begins its wait
   * when it is told.
   */
  private static Instant began(Alert first, Instant at) {
    Instant decided = earlier(first.updatedAt(), at);
    return decided.isBefore(at.minus(LATELY)) ? at : decided;
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
    if (alert.firingNow()) {
      knowBadSince(alert.since());
    }
    Integer place = places().putIfAbsent(alert.fingerprint(), alerts.size());
    if (place == null) {
      alerts.add(alert);
    } else if (!alert.saysTheSameAs(alerts.get(place))) {
      alerts.set(place, alert);
    }
  }

  /** Keeps the earliest: an alert's own moves on when the data was good in between. */
  void knowBadSince(Instant since) {
    badSince = since.isBefore(badSince) ? since : badSince;
  }

  /** Takes the alert out; what remains is titled anew and is news to those who were told. */
  void remove(String fingerprint) {
    boolean first = alert(fingerprint).filter(one -> one.since().equals(badSince)).isPresent();
    alerts.removeIf(alert -> alert.fingerprint().equals(fingerprint));
    places = null;
    gave = true;
    content++;
    if (first) {
      badSince = alerts.stream().map(Alert::since).min(Instant::compareTo).orElse(badSince);
    }
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
    leftOut = Timeline.trim(timeline, leftOut);
  }

  /**
   * Takes the higher severity over. Whoever took the ticket has not taken the page, and whoever was
   * called for it is called anew.
   */
  void raise(Severity now, Instant at) {
    if (now.compareTo(severity) <= 0) {
      return;
    }
    severity = now;
    note(at, "severity", TimelineEntry.TIDEMARK, "now a " + severity.label());
    untake(at, "it was taken as a ticket and is now a page");
  }

  /** Whoever took it has not taken what it is now; escalations begin anew. */
  void untake(Instant at, String reason) {
    escalations.clear();
    if (state == IncidentState.ACKNOWLEDGED) {
      note(at, "untaken", TimelineEntry.TIDEMARK, reason);
      state = told.stream().anyMatch(Told::active) ? IncidentState.OPEN : IncidentState.PENDING;
      acknowledgedAt = null;
      acknowledgedBy = null;
      taken = null;
    }
  }

  /** Whoever has taken the other one has this one. */
  void takeFrom(IncidentDraft other) {
    state = other.state;
    acknowledgedAt = other.acknowledgedAt;
    acknowledgedBy = other.acknowledgedBy;
    taken = other.taken;
  }

  /** Begins a new episode; the last one is kept. */
  void beginAnew(Instant at, Severity now) {
    episodes.add(Episode.last(build(at)));
    if (episodes.size() > Episode.KEPT) {
      episodes.remove(0);
    }
    state = IncidentState.PENDING;
    severity = now;
    episodeAt = at;
    acknowledgedAt = null;
    acknowledgedBy = null;
    taken = null;
    recoveringSince = null;
    resolvedAt = null;
    resolvedBy = null;
    suppressedBy = null;
    escalations.clear();
  }

  /** What lies ahead, because the clock was set back, counts as now: waits begin anew. */
  void notAhead(Instant now) {
    episodeAt = earlier(episodeAt, now);
    Instant since = recoveringSince;
    recoveringSince = since == null ? null : earlier(since, now);
    told.replaceAll(one -> one.at().isAfter(now) ? one.toldAt(now) : one);
    escalations.replaceAll(
        one ->
            new EscalationProgress(
                one.escalation(), earlier(one.began(), now), earlier(one.at(), now), one.done()));
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  /** Returns the labels that it is routed by: its lead alert's, its severity and its cause. */
  Map<String, String> routingLabels() {
    Alert lead = lead();
    Map<String, String> labels = lead.newRoutingLabels();
    if (!lead.labels().containsKey("severity")) {
      labels.put("severity", severity.label());
    }
    labels.put("urgency", severity.label());
    labels.put("cause", causeKey.substring(causeKey.indexOf(':') + 1));
    labels.put("cause_type", causeKey.substring(0, causeKey.indexOf(':')));
    return labels;
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
    taken = null;
    episodes.clear();
    digests.clear();
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
        flapping,
        taken,
        episodes,
        leftOut,
        digests.stream().skip(Math.max(0, digests.size() - DIGESTS_KEPT)).toList(),
        badSince);
  }
}
