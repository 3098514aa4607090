package dev.tidemark.alerting;

import dev.tidemark.alerting.route.Routes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The face of this module: alerts come in, incidents are kept, notifications go to the outbox.
 *
 * <p>Thread-safe; every call may block on the stores, so none belongs on an event loop. No clock
 * and no thread of its own: time comes with each call.
 *
 * <p><b>Crashes.</b> A transition is saved as one document that contains the notifications it
 * decided ({@link Incident#owed()}); then these are put into the outbox under ids made of incident,
 * revision and receiver. After a restart the constructor puts whatever the saved incidents owe into
 * the outbox again, where known ids change nothing. So a notification is neither lost between the
 * two steps nor sent for a transition that was never saved.
 *
 * <p><b>Stores that fail.</b> A call throws what the store threw. The transition is not forgotten:
 * it stays in memory, and the next call, {@link #tick} included, saves it first. Repeating the
 * failed call is harmless.
 */
public final class Alerting {
  /** How far back resolved incidents are loaded at start. */
  private static final Duration RESTORED = Duration.ofDays(7);

  /** What resolved incidents owe is looked after for so long; later it would be no news. */
  private static final Duration OWED = Duration.ofDays(1);

  private static final int RESTORED_LIMIT = 10_000;

  /** In a storm the first are on their way to people while the others are still being saved. */
  private static final int SAVED_TOGETHER = 100;

  private final IncidentStore store;
  private final Outbox outbox;
  private final Silences silences;
  private final IncidentLogic logic;
  private final NotificationMaker notifications;

  private Routes routes;
  private IncidentBook book;
  private final Map<String, Incident> unsaved = new LinkedHashMap<>();
  private final Map<String, Incident> unsent = new LinkedHashMap<>();

  /**
   * Restores what the store has.
   *
   * @param baseUrl address of the pages, such as {@code https://tidemark.example.org}
   * @param runbookTitles title of a runbook by its id, null when there is no such runbook
   * @param at now
   */
  public Alerting(
      IncidentStore store,
      Outbox outbox,
      Silences silences,
      Routes routes,
      IncidentSettings settings,
      String baseUrl,
      Function<String, @Nullable String> runbookTitles,
      Instant at) {
    this.store = store;
    this.outbox = outbox;
    this.silences = silences;
    this.routes = routes;
    this.logic = new IncidentLogic(settings);
    this.notifications = new NotificationMaker(baseUrl, runbookTitles);
    List<Incident> known = new ArrayList<>(store.open());
    known.addAll(
        store.list(
            new IncidentQuery(
                Set.of(IncidentState.RESOLVED), at.minus(RESTORED), null, RESTORED_LIMIT)));
    this.book = IncidentBook.of(known);
    Instant recent = at.minus(OWED);
    known.stream()
        .filter(incident -> incident.open() || !incident.updatedAt().isBefore(recent))
        .forEach(incident -> unsent.put(incident.id(), incident));
    flush();
  }

  /** Puts other routes in force, from the next decision on. */
  public synchronized void routes(Routes changed) {
    routes = changed;
  }

  /** Returns the routes in force. */
  public synchronized Routes routes() {
    return routes;
  }

  /** Returns the silences, for listing and changing. */
  public Silences silences() {
    return silences;
  }

  /**
   * Takes alerts that began, changed or ceased to fire. The order within the list does not matter.
   *
   * @return the incidents that changed
   */
  public synchronized List<Incident> onAlerts(List<Alert> changes, Instant at) {
    return apply(new IncidentEvent.AlertsChanged(changes), at);
  }

  /** Lets time pass: group wait, hold, repeats, ends of silences. Returns what changed. */
  public synchronized List<Incident> tick(Instant at) {
    return apply(new IncidentEvent.Tick(), at);
  }

  /** Somebody takes an incident. Returns it; empty when it is unknown or over. */
  public synchronized Optional<Incident> acknowledge(
      String id, String actor, String reason, Instant at) {
    return byHand(id, new IncidentEvent.Acknowledge(id, actor, reason), at);
  }

  /**
   * Somebody ends an incident. What still fires in it stays quiet until it has ceased and fires
   * anew. Returns it; empty when it is unknown or over.
   */
  public synchronized Optional<Incident> resolve(
      String id, String actor, String reason, Instant at) {
    return byHand(id, new IncidentEvent.Resolve(id, actor, reason), at);
  }

  /**
   * Somebody moves alerts that fire out of an incident, because they have nothing to do with it.
   * They are told of anew, as a new incident or as part of the other one, and stay apart.
   *
   * @param into id of an open incident; null for a new one
   * @return where they are now; empty when an incident is unknown or over, or nothing was moved
   */
  public synchronized Optional<Incident> splitOff(
      String id,
      Set<String> fingerprints,
      @Nullable String into,
      String actor,
      String reason,
      Instant at) {
    return apply(new IncidentEvent.SplitOff(id, fingerprints, into, actor, reason), at).stream()
        .filter(one -> !one.id().equals(id) && one.mergedInto() == null)
        .filter(
            one ->
                one.alerts().stream().anyMatch(alert -> fingerprints.contains(alert.fingerprint())))
        .findFirst();
  }

  /**
   * Somebody makes two open incidents one: the first goes on in the other. What was parted by hand
   * is put together by this.
   *
   * @param into id of the incident that stays
   * @return the one that stays; empty when one of them is unknown or over, or both are the same
   */
  public synchronized Optional<Incident> merge(
      String id, String into, String actor, String reason, Instant at) {
    List<Incident> changed = apply(new IncidentEvent.Merge(id, into, actor, reason), at);
    boolean merged =
        changed.stream().anyMatch(one -> one.id().equals(id) && into.equals(one.mergedInto()));
    return changed.stream().filter(one -> merged && one.id().equals(into)).findFirst();
  }

  /**
   * Puts a line into an incident's timeline: somebody did something about it, such as a silence.
   * Returns the incident; empty when it is unknown or over.
   *
   * @param what a short word, as in {@link TimelineEntry#what()}
   */
  public synchronized Optional<Incident> note(
      String id, String what, String actor, String reason, Instant at) {
    return byHand(id, new IncidentEvent.Note(id, what, actor, reason), at);
  }

  /** Returns what is not resolved, oldest first. */
  public synchronized List<Incident> openIncidents() {
    return book.open();
  }

  /** Finds any incident, old ones in the store. */
  public synchronized Optional<Incident> find(String id) {
    return book.find(id).or(() -> store.find(id));
  }

  /** Returns the incidents that changed last, in whatever state. */
  public List<Incident> recent(int limit) {
    return store.list(IncidentQuery.recent(limit));
  }

  private Optional<Incident> byHand(String id, IncidentEvent event, Instant at) {
    if (book.find(id).filter(Incident::open).isEmpty()) {
      return Optional.empty();
    }
    List<Incident> changed = apply(event, at);
    return changed.stream().filter(one -> one.id().equals(id)).findFirst().or(() -> book.find(id));
  }

  private List<Incident> apply(IncidentEvent event, Instant at) {
    IncidentLogic.Outcome outcome = logic.apply(book, event, routes, silences.active(at), at);
    book = outcome.book();
    outcome.changed().forEach(incident -> unsaved.put(incident.id(), incident));
    flush();
    return outcome.changed();
  }

  /** Saves before it sends; what fails is done again with the next call. */
  private void flush() {
    List<Incident> sent = new ArrayList<>();
    try {
      send(sent);
      while (!unsaved.isEmpty()) {
        List<Incident> next = List.copyOf(unsaved.values());
        if (next.stream().noneMatch(Alerting::owesToDigest)) {
          next = next.subList(0, Math.min(SAVED_TOGETHER, next.size()));
        }
        store.saveAll(next);
        for (Incident saved : next) {
          unsaved.remove(saved.id());
          unsent.put(saved.id(), saved);
        }
        send(sent);
      }
    } finally {
      book = book.sent(sent);
    }
  }

  /** What goes into one digest has to be there at once. */
  private static boolean owesToDigest(Incident incident) {
    return incident.owed().stream().anyMatch(owed -> owed.digest() != null);
  }

  private void send(List<Incident> sent) {
    List<OutboxEntry> entries = decided(unsent.values());
    if (!entries.isEmpty()) {
      outbox.enqueue(entries);
    }
    sent.addAll(unsent.values());
    unsent.clear();
  }

  /** In the order of deciding; what goes into one digest is one entry, where its first part is. */
  private List<OutboxEntry> decided(Collection<Incident> incidents) {
    Map<String, List<Incident>> digests = new HashMap<>();
    for (Incident incident : incidents) {
      for (Owed owed : incident.owed()) {
        if (owed.digest() != null) {
          digests.computeIfAbsent(owed.digest(), id -> new ArrayList<>()).add(incident);
        }
      }
    }
    List<OutboxEntry> entries = new ArrayList<>();
    for (Incident incident : incidents) {
      for (Owed owed : incident.owed()) {
        if (owed.digest() == null) {
          entries.add(OutboxEntry.of(notifications.make(incident, owed)));
          continue;
        }
        List<Incident> parts = digests.remove(owed.digest());
        if (parts != null) {
          entries.add(OutboxEntry.of(notifications.digest(parts(incident, owed, parts), owed)));
        }
      }
    }
    return entries;
  }

  /** What is said of a digest as a whole is said once, so the rest of it is looked up. */
  private Collection<Incident> parts(Incident incident, Owed owed, List<Incident> owing) {
    boolean whole =
        owed.kind() == NotificationKind.RESOLVED || owed.kind() == NotificationKind.ACKNOWLEDGED;
    if (!whole) {
      return owing;
    }
    Told told = told(incident, owed);
    // Who has left it is told of elsewhere; when all have, it is about all that it was about.
    boolean left = told == null;
    Instant from = told == null || told.firstAt() == null ? incident.openedAt() : told.firstAt();
    Map<String, Incident> parts = new LinkedHashMap<>();
    for (Incident one :
        store.list(
            new IncidentQuery(EnumSet.allOf(IncidentState.class), from, null, RESTORED_LIMIT))) {
      if (left ? one.digests().contains(owed.dedupKey()) : told(one, owed) != null) {
        parts.put(one.id(), one);
      }
    }
    owing.forEach(one -> parts.put(one.id(), one));
    return parts.values();
  }

  private static @Nullable Told told(Incident incident, Owed owed) {
    return incident.told().stream()
        .filter(told -> told.receiver().equals(owed.receiver()))
        .filter(told -> owed.dedupKey().equals(told.digest()))
        .findFirst()
        .orElse(null);
  }
}
