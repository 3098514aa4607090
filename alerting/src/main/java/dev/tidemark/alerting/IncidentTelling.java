package dev.tidemark.alerting;

import dev.tidemark.alerting.escalation.Escalation;
import dev.tidemark.alerting.escalation.EscalationProgress;
import dev.tidemark.alerting.route.Address;
import dev.tidemark.alerting.route.Route;
import dev.tidemark.alerting.route.Routes;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Decides who is told what, now, about one incident that fires. Not thread-safe. */
final class IncidentTelling {
  private final IncidentDraft draft;
  private final Routes routes;
  private final IncidentSettings settings;
  private final StormControl storm;
  private final Instant at;

  /** Whom this decision is through with, whom quiet routes name, and whom it told something. */
  private final Set<String> looked = new HashSet<>();

  private final Set<String> hushed = new HashSet<>();

  private final Map<String, String> spokenTo = new LinkedHashMap<>();

  IncidentTelling(
      IncidentDraft draft,
      Routes routes,
      IncidentSettings settings,
      StormControl storm,
      Instant at) {
    this.draft = draft;
    this.routes = routes;
    this.settings = settings;
    this.storm = storm;
    this.at = at;
  }

  void tell() {
    List<Route.Target> targets = routes.targets(draft.routingLabels(), at);
    untakeForOthers(targets);
    for (Route.Target target : targets) {
      Address address = target.address();
      if (address.kind() != Address.Kind.ESCALATION) {
        boolean quiet = target.quiet().at(at);
        String via = address.kind() == Address.Kind.SCHEDULE ? target.receiver() : null;
        for (String receiver : onCall(target.receiver())) {
          if (quiet) {
            hushed.add(receiver);
          } else if (looked.add(receiver)) {
            tell(receiver, via, target.timing());
          }
        }
      }
    }
    for (Route.Target target : targets) {
      if (target.address().kind() == Address.Kind.ESCALATION && !target.quiet().at(at)) {
        Escalation escalation = routes.escalations().get(target.address().name());
        if (escalation != null) {
          escalate(escalation, target);
        }
      }
    }
    // Who was told and is not routed to any more, because the cause moved, still hears the rest.
    // Who was told because of being on call or being called hears no more than the end.
    for (Told told : List.copyOf(draft.told)) {
      if (told.active()
          && told.via() == null
          && !hushed.contains(told.receiver())
          && looked.add(told.receiver())
          && !rise(told)) {
        update(told, Route.Timing.DEFAULT, true);
      }
    }
    if (!spokenTo.isEmpty()) {
      draft.note(at, "notified", TimelineEntry.TIDEMARK, String.join(", ", spokenTo.values()));
    }
  }

  /**
   * The cause turned out to be another one, of which others are told than those who knew of it when
   * somebody took it: nobody has taken it for them.
   */
  private void untakeForOthers(List<Route.Target> targets) {
    Taken taken = draft.taken;
    if (taken == null || taken.causeKey().equals(draft.causeKey)) {
      return;
    }
    List<Route.Target> others =
        targets.stream()
            .filter(target -> !taken.told().contains(target.receiver()) && !knows(target))
            .toList();
    String now =
        others.stream()
            .filter(target -> !target.quiet().at(at))
            .map(Route.Target::receiver)
            .collect(Collectors.joining(" and "));
    if (!now.isEmpty()) {
      draft.untake(
          at,
          draft.acknowledgedBy
              + " took it as that of "
              + taken.causeKey()
              + "; it is that of "
              + draft.causeKey
              + ", which "
              + now
              + " is told of");
    } else if (others.isEmpty()) {
      draft.taken = new Taken(draft.causeKey, taken.told());
    }
  }

  private boolean knows(Route.Target target) {
    String name = target.receiver();
    return active(name)
        || draft.told.stream().anyMatch(told -> told.active() && name.equals(told.via()))
        || (target.address().kind() == Address.Kind.SCHEDULE
            && onCall(name).stream().anyMatch(this::active));
  }

  private Set<String> onCall(String receiver) {
    Set<String> told = routes.told(List.of(receiver), at);
    return told.isEmpty() ? routes.nobodyOnCall(at) : told;
  }

  private void tell(String receiver, @Nullable String via, Route.Timing timing) {
    Optional<Told> known = draft.told(receiver);
    Optional<Told> active = known.filter(Told::active);
    if (active.isPresent()) {
      if (!rise(active.get())) {
        update(active.get(), timing, true);
      }
      return;
    }
    boolean taken = draft.state == IncidentState.ACKNOWLEDGED;
    // Whoever comes on call later is not told what somebody else has taken.
    if ((taken && via != null) || at.isBefore(due(timing, known))) {
      return;
    }
    if (taken) {
      first(
          receiver,
          NotificationKind.ACKNOWLEDGED,
          null,
          "taken by " + draft.acknowledgedBy + " before anybody was called here");
    } else if (!storm.waits(receiver)) {
      trigger(receiver, via, why(known));
    }
  }

  private String why(Optional<Told> known) {
    Flapping flapping = draft.flapping;
    if (flapping != null && flapping.now()) {
      return flapping.describe(settings);
    }
    return known.isPresent() ? "it came back" : "new";
  }

  /** After group wait; what came back no sooner than the group interval after the last word. */
  private Instant due(Route.Timing timing, Optional<Told> known) {
    Instant due = draft.episodeAt.plus(timing.groupWait());
    if (known.isPresent()) {
      Instant spaced = known.get().at().plus(timing.groupInterval());
      due = spaced.isAfter(due) ? spaced : due;
    }
    return due;
  }

  private void trigger(String receiver, @Nullable String via, String note) {
    String digest = storm.digest(receiver, draft);
    if (digest == null) {
      first(receiver, NotificationKind.TRIGGERED, via, note);
    } else {
      draft.setTold(
          new Told(
              receiver, digest, at, draft.severity, draft.content, true, via, at, digest, null));
      spokenTo.put(receiver, receiver + " (by a digest: " + note + ")");
      storm.owe(draft, receiver, NotificationKind.TRIGGERED, digest, storm.why(receiver));
    }
    if (draft.state == IncidentState.PENDING) {
      draft.state = IncidentState.OPEN;
    }
  }

  /** What somebody has taken as a page meanwhile is no rise any more. */
  private boolean rise(Told told) {
    if (draft.severity.compareTo(told.severity()) <= 0
        || draft.state == IncidentState.ACKNOWLEDGED) {
      return false;
    }
    String note = "it was a ticket and is now a page";
    String receiver = told.receiver();
    String left = told.digest();
    String digest = storm.rise(receiver, draft, left != null);
    String key = left == null ? told.dedupKey() : digest == null ? draft.dedupKey : digest;
    again(
        told.risen(at, draft.severity, draft.content, key, digest),
        NotificationKind.ESCALATED,
        note);
    if (digest != null) {
      spokenTo.put(receiver, receiver + " (by a digest: " + note + ")");
    }
    if (left != null) {
      storm.left(draft, receiver, left, routes.sendsResolved(receiver));
    }
    return true;
  }

  private void update(Told told, Route.Timing timing, boolean repeats) {
    // What flaps was said to flap, and a digest is no place for single news.
    if (draft.content > told.content()
        && !draft.flaps()
        && told.digest() == null
        && !at.isBefore(told.at().plus(timing.groupInterval()))) {
      again(told, NotificationKind.UPDATED, "more is known about the same cause");
    } else if (repeats
        && draft.state == IncidentState.OPEN
        && !at.isBefore(told.at().plus(timing.repeatInterval()))) {
      again(told, NotificationKind.REPEATED, "nobody has taken it");
    }
  }

  private void escalate(Escalation escalation, Route.Target target) {
    List<Told> called =
        draft.told.stream().filter(told -> target.receiver().equals(told.via())).toList();
    Optional<EscalationProgress> progress = draft.escalation(escalation.name());
    boolean active = called.stream().anyMatch(Told::active);
    if (draft.state != IncidentState.ACKNOWLEDGED
        && progress.isEmpty()
        && !active
        && at.isBefore(due(target.timing(), called.stream().max(Comparator.comparing(Told::at))))) {
      return;
    }
    for (Told told : called) {
      if (told.active() && looked.add(told.receiver()) && rise(told)) {
        progress = draft.escalation(escalation.name());
      }
    }
    if (draft.state != IncidentState.ACKNOWLEDGED) {
      call(escalation, target.receiver(), progress);
    }
    for (Told told : called) {
      if (told.active() && !spokenTo.containsKey(told.receiver())) {
        update(told, target.timing(), false);
      }
    }
  }

  private void call(Escalation escalation, String via, Optional<EscalationProgress> known) {
    EscalationProgress progress =
        known.orElseGet(() -> EscalationProgress.begin(escalation.name(), at));
    Optional<Escalation.Call> due = escalation.due(progress, false, at);
    if (due.isEmpty()) {
      draft.setEscalation(progress);
      return;
    }
    Set<String> receivers = routes.told(due.get().told(), at);
    String words = due.get().words();
    if (receivers.isEmpty()) {
      words += ", nobody is on call for it";
      String last = escalation.lastResort();
      receivers = last == null ? Set.of() : routes.told(List.of(last), at);
      receivers = receivers.isEmpty() ? routes.nobodyOnCall(at) : receivers;
    }
    if (receivers.stream().anyMatch(receiver -> !active(receiver) && storm.waits(receiver))) {
      return;
    }
    draft.setEscalation(progress.called(at));
    Duration waited = Duration.between(progress.began(), at);
    boolean first = progress.done() == 0 && waited.isZero();
    if (!first) {
      words = "not acknowledged for " + plain(waited) + ", " + words;
      draft.note(at, "escalated", TimelineEntry.TIDEMARK, escalation.name() + ": " + words);
    }
    for (String receiver : receivers) {
      if (!spokenTo.containsKey(receiver)) {
        call(receiver, via, first, words);
      }
    }
  }

  private void call(String receiver, String via, boolean first, String words) {
    Optional<Told> told = draft.told(receiver);
    if (told.filter(Told::active).isPresent()) {
      again(told.get(), NotificationKind.REPEATED, words);
    } else {
      trigger(receiver, via, first ? why(told) + ", " + words : words);
    }
  }

  private static String plain(Duration waited) {
    if (waited.toMinutes() < 1) {
      return waited.toSeconds() + " s";
    }
    return waited.toHours() < 3 ? waited.toMinutes() + " min" : waited.toHours() + " h";
  }

  private boolean active(String receiver) {
    return draft.told(receiver).filter(Told::active).isPresent();
  }

  private void first(String receiver, NotificationKind kind, @Nullable String via, String note) {
    again(
        new Told(
            receiver, draft.dedupKey, at, draft.severity, draft.content, true, via, at, null, null),
        kind,
        note);
  }

  private void again(Told told, NotificationKind kind, String note) {
    String receiver = told.receiver();
    draft.setTold(told.again(at, draft.severity, draft.content));
    if (told.digest() == null) {
      draft.owe(receiver, kind, told.dedupKey(), note, at);
    } else {
      storm.owe(draft, receiver, kind, told.dedupKey(), note);
    }
    spokenTo.put(
        receiver, receiver + " (" + kind.name().toLowerCase(Locale.ROOT) + ": " + note + ")");
  }
}
