package dev.tidemark.alerting;

import dev.tidemark.alerting.route.Routes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
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

  private static final int LAST = 3;

  private final Map<String, IncidentDraft> drafts = new LinkedHashMap<>();
  private final IncidentIndex index = new IncidentIndex();
  private final Set<IncidentDraft> touched = new LinkedHashSet<>();
  private final IncidentSplits splits;
  private final IncidentMergers mergers;
  private final StormControl storm;

  /** What this transition was told, by fingerprint. */
  private final Map<String, Alert> latest = new LinkedHashMap<>();

  private final IncidentSettings settings;
  private final Set<String> spentIds;
  private final Instant at;

  IncidentTransition(IncidentBook book, Routes routes, IncidentSettings settings, Instant at) {
    this.settings = settings;
    this.spentIds = book.spentIds();
    this.storm = new StormControl(drafts.values(), routes, at);
    this.at = at;
    this.splits = new IncidentSplits(at);
    this.mergers = new IncidentMergers(drafts, storm, at);
    for (Incident one : book.incidents().values()) {
      IncidentDraft draft = new IncidentDraft(one);
      if (draft.open()) {
        draft.notAhead(at);
      }
      drafts.put(one.id(), draft);
    }
  }

  StormControl storm() {
    return storm;
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
    mergeSameCause();
  }

  /** Incidents that turn out to have the same cause are one, unless a person parted them. */
  private void mergeSameCause() {
    Map<String, IncidentDraft> owners = new LinkedHashMap<>();
    for (IncidentDraft draft : openDrafts()) {
      if (draft.firing()) {
        IncidentDraft owner = owners.putIfAbsent(draft.causeKey, draft);
        if (owner != null && !draft.keptFrom(owner)) {
          merge(owner, draft);
          findCause(owner);
        }
      }
    }
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
    List<IncidentDraft> left = leave(alert);
    IncidentDraft target = place(alert);
    for (IncidentDraft old : left) {
      splits.note(old, target, alert, TimelineEntry.TIDEMARK, "its cause is " + alert.causeKey());
    }
  }

  /** Takes the alert out of incidents with whose cause it turns out to have nothing to do. */
  private List<IncidentDraft> leave(Alert alert) {
    List<IncidentDraft> left =
        index.having(alert.fingerprint()).stream()
            .filter(draft -> draft.open() && IncidentSplits.shows(draft, alert, latest))
            .toList();
    for (IncidentDraft draft : left) {
      draft.remove(alert.fingerprint());
      findCause(draft);
    }
    return left;
  }

  /** Joins, reopens or opens an incident. */
  private IncidentDraft place(Alert alert) {
    List<IncidentDraft> related =
        index.perhapsRelated(alert).stream()
            .filter(draft -> draft.open() && IncidentSplits.related(draft, alert))
            .sorted(OLDEST)
            .toList();
    if (!related.isEmpty()) {
      IncidentDraft target = IncidentSplits.preferred(related, alert);
      for (IncidentDraft other : IncidentSplits.homesFirst(related, alert)) {
        // Asked for each anew: a merger may have brought what the others are kept from.
        if (other != target && !other.keptFrom(target)) {
          merge(target, other);
        }
      }
      join(target, alert);
      return target;
    }
    Optional<IncidentDraft> earlier = reopenable(alert);
    if (earlier.isPresent()) {
      reopen(earlier.get(), alert);
      return earlier.get();
    }
    return open(alert);
  }

  private IncidentDraft open(Alert alert) {
    String id =
        IncidentIds.create(
            alert.causeKey(), at, one -> drafts.containsKey(one) || spentIds.contains(one));
    IncidentDraft opened = new IncidentDraft(id, alert, at);
    drafts.put(id, opened);
    index.add(opened);
    return opened;
  }

  /**
   * A person moves alerts that fire into another open incident, or into one of their own. What is
   * parted so stays apart, whatever lineage says.
   */
  void splitOff(IncidentEvent.SplitOff event) {
    IncidentDraft from = openDraft(event.incidentId()).orElse(null);
    String into = event.into();
    IncidentDraft target = into == null ? null : openDraft(into).orElse(null);
    if (from == null || from == target || (into != null && target == null)) {
      return;
    }
    List<Alert> moving =
        from.alerts.stream()
            .filter(
                alert -> alert.firingNow() && event.fingerprints().contains(alert.fingerprint()))
            .toList();
    boolean all = moving.size() == from.alerts.size();
    if (moving.isEmpty() || (all && target == null)) {
      return;
    }
    if (all && target != null) {
      merge(target, from, event.actor(), event.reason());
      return;
    }
    IncidentDraft to = target == null ? ofTheirOwn(from, moving) : target;
    for (Alert alert : moving) {
      from.remove(alert.fingerprint());
      if (to.alert(alert.fingerprint()).filter(Alert::firingNow).isEmpty()) {
        to.content++;
        to.put(alert);
      }
      to.raise(alert.severity(), at);
      splits.note(from, to, alert, event.actor(), event.reason());
    }
    from.apart.add(to.id);
    to.apart.add(from.id);
    findCause(from);
    findCause(to);
    mergeSameCause();
  }

  /** A new one, unless there is one of the same cause. */
  private IncidentDraft ofTheirOwn(IncidentDraft from, List<Alert> moving) {
    String causeKey = CauseChoice.of(moving, from.causeKey).causeKey();
    return openDrafts().stream()
        .filter(draft -> draft != from && draft.firing() && draft.causeKey.equals(causeKey))
        .findFirst()
        .orElseGet(() -> open(LeadAlert.of(moving, from.causeKey)));
  }

  /** A person makes two incidents one. */
  void merge(IncidentEvent.Merge event) {
    IncidentDraft from = openDraft(event.incidentId()).orElse(null);
    IncidentDraft target = openDraft(event.into()).orElse(null);
    if (from != null && target != null && from != target) {
      merge(target, from, event.actor(), event.reason());
    }
  }

  /** What was parted by hand can be put together by hand. */
  private void merge(IncidentDraft target, IncidentDraft from, String actor, String reason) {
    from.apart.remove(target.id);
    target.apart.remove(from.id);
    mergers.merge(target, from, actor, reason);
    index.add(target);
    findCause(target);
  }

  /** What a person ended stays quiet until it has ceased and fires anew. */
  private boolean endedByHand(Alert alert) {
    return index.having(alert.fingerprint()).stream()
        .filter(draft -> !draft.open() && draft.resolvedBy != null)
        .flatMap(draft -> draft.alert(alert.fingerprint()).stream())
        .anyMatch(known -> known.firingNow() && !alert.startsAt().isAfter(known.startsAt()));
  }

  private Optional<IncidentDraft> reopenable(Alert alert) {
    return index.perhapsRelated(alert).stream()
        .filter(draft -> !draft.open() && draft.mergedInto == null)
        .filter(draft -> withinReopenWindow(draft))
        // What a person ended and still fires there must not come back with something new.
        .filter(draft -> draft.resolvedBy == null || !draft.firing())
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
    draft.beginAnew(at, alert.severity());
    draft.notAhead(at);
    draft.badSince = alert.since();
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
    draft.raise(alert.severity(), at);
    if (alert.causeKey().equals(draft.causeKey)) {
      // The cause stays; with which evidence is found once, after all alerts.
      touched.add(draft);
    } else {
      findCause(draft);
    }
  }

  private void findCause(IncidentDraft draft) {
    Alert chosen = CauseChoice.of(draft.alerts, draft.causeKey);
    if (!chosen.causeKey().equals(draft.causeKey)) {
      String before = draft.causeKey;
      draft.causeKey = chosen.causeKey();
      index.add(draft);
      draft.content++;
      draft.note(
          at,
          "cause",
          TimelineEntry.TIDEMARK,
          "the cause is taken to be "
              + words(draft.causeKey)
              + ", no longer "
              + words(before)
              + why(chosen));
      draft.title = IncidentDraft.titleOf(LeadAlert.of(draft.alerts, draft.causeKey));
    } else if (draft.gave) {
      draft.title = IncidentDraft.titleOf(LeadAlert.of(draft.alerts, draft.causeKey));
    }
    draft.cause = chosen.cause();
  }

  private static String words(String causeKey) {
    return causeKey.replaceFirst(":", " ");
  }

  private static String why(Alert alert) {
    Cause cause = alert.cause();
    return cause == null || cause.evidence().isEmpty() ? "" : ": " + cause.evidence().get(0);
  }

  /** A crash between saving the halves of a merger or a split leaves both; this finishes it. */
  void mend() {
    Map<String, IncidentDraft> owners = new LinkedHashMap<>();
    for (IncidentDraft draft : openDrafts()) {
      for (Alert alert : List.copyOf(draft.alerts)) {
        IncidentDraft owner = alert.firingNow() ? owners.get(alert.fingerprint()) : null;
        if (owner != null && owner != draft) {
          IncidentDraft gives = IncidentSplits.halfSaved(owner, draft, alert.fingerprint());
          if (gives == null) {
            merge(owner, draft);
            findCause(owner);
            owner.alerts.forEach(one -> owners.put(one.fingerprint(), owner));
            break;
          }
          IncidentDraft keeps = gives == owner ? draft : owner;
          gives.remove(alert.fingerprint());
          findCause(gives);
          splits.note(gives, keeps, alert, TimelineEntry.TIDEMARK, "it had left before");
          owners.put(alert.fingerprint(), keeps);
        } else if (alert.firingNow()) {
          owners.put(alert.fingerprint(), draft);
        }
      }
    }
    for (IncidentDraft draft : openDrafts()) {
      tookOver(draft)
          .ifPresent(
              other -> {
                merge(draft, other);
                findCause(draft);
              });
    }
  }

  /**
   * The open incident whose key an incident goes on under without having taken it in, because only
   * one half of their merger was saved. Nothing of it need fire any more.
   */
  private Optional<IncidentDraft> tookOver(IncidentDraft draft) {
    return draft.told.stream()
        .filter(told -> told.active() && told.digest() == null)
        .filter(told -> !told.dedupKey().equals(draft.dedupKey))
        .flatMap(
            told ->
                openDrafts().stream()
                    .filter(other -> other != draft && other.dedupKey.equals(told.dedupKey()))
                    .filter(other -> other.told(told.receiver()).filter(Told::active).isPresent()))
        .findFirst();
  }

  private void merge(IncidentDraft survivor, IncidentDraft other) {
    mergers.merge(survivor, other, TimelineEntry.TIDEMARK, null);
    index.add(survivor);
  }

  IncidentLogic.Outcome finish() {
    List<Incident> kept = new ArrayList<>();
    List<String> gone = new ArrayList<>();
    List<List<Incident>> changed = new ArrayList<>();
    for (int rank = 0; rank <= LAST; rank++) {
      changed.add(new ArrayList<>());
    }
    for (IncidentDraft draft : drafts.values()) {
      Incident now = draft.build(at);
      Incident before = draft.original;
      if (before == null || now.revision() > before.revision()) {
        changed.get(rank(draft)).add(now);
      }
      boolean watched = draft.resolvedBy != null && draft.firing();
      if (draft.open() || withinReopenWindow(draft) || watched) {
        kept.add(now);
      } else {
        gone.add(now.id());
      }
    }
    return new IncidentLogic.Outcome(
        IncidentBook.after(kept, spentIds(gone)), changed.stream().flatMap(List::stream).toList());
  }

  private Set<String> spentIds(List<String> gone) {
    if (gone.isEmpty()) {
      return spentIds;
    }
    Set<String> spent = new HashSet<>(spentIds);
    spent.addAll(gone);
    spent.removeIf(id -> IncidentIds.isOfThePast(id, at));
    return spent;
  }

  /**
   * When a crash leaves some of the changes unsaved, it must be the later of these. Whoever takes
   * an alert in goes before whoever gives it: it is then in two incidents, which is mended, rather
   * than in none. Whoever names a digest goes first, so that no later one has its name; whoever
   * says its end goes last, so that what is said to be over is; whoever does both goes first,
   * because an end said twice is no page lost.
   */
  private static int rank(IncidentDraft draft) {
    if (draft.endsDigest && !draft.leads) {
      return LAST;
    }
    if (draft.gave || draft.mergedInto != null) {
      return 2;
    }
    return draft.leads ? 0 : 1;
  }
}
