package dev.tidemark.alerting;

import dev.tidemark.alerting.route.Routes;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * The state machine of incidents: {@code (state, event, at) → (state, effects)}. Pure and
 * thread-safe; the same input always gives the same output.
 *
 * <ul>
 *   <li><b>One cause, one incident.</b> A firing alert joins an open incident that has it already,
 *       has the same cause, has an alert on the dataset that the alert blames, has its cause on the
 *       alert's way from a cause further upstream, or has the alert's dataset on the way to one of
 *       its own alerts. Several such incidents become one: the oldest keeps id and key.
 *   <li><b>Splits.</b> An alert whose certain cause turns out to be another one leaves for the
 *       incident of that cause, which its receivers hear of as of any other; so does what a person
 *       moves out, which then stays apart.
 *   <li><b>One page.</b> In each episode a receiver is told once ({@code TRIGGERED}) after group
 *       wait; after that it hears of a rise to page at once, of everything else at most once per
 *       group interval. A receiver that knows a merged incident under its own key keeps that key.
 *   <li><b>Taken.</b> While somebody has it, nobody is told anew, called or reminded; whom routes
 *       name from then on hears once who has it. Whoever took a ticket has not taken the page that
 *       it becomes: whom routes name for pages is told as of a new one, whoever was told of the
 *       ticket hears of the rise, escalations begin anew. In the same way, whoever took it as that
 *       of one cause has not taken it for those whom routes name only because another cause turns
 *       out; where everybody named knows of it already, it stays taken.
 *   <li><b>The end.</b> When nothing fires for the hold, the incident is resolved, and whoever was
 *       told of it is told so. The same trouble within the reopen window reopens it; receivers are
 *       told again once group interval has passed since they last were.
 *   <li><b>Suppressed.</b> While all that fires is silenced, planned or inhibited by another alert,
 *       nobody is told anything but the end. The same goes for what a route says while its time
 *       intervals keep it quiet; what was not said then is said afterwards, if it still is so.
 *   <li><b>Nobody answers.</b> An escalation goes from step to step until somebody takes the
 *       incident or it ends; each step tells whoever is on call then.
 *   <li><b>Clocks.</b> What lies ahead, because the clock was set back, counts as now: a wait that
 *       runs begins anew and nothing waits for the clock to catch up.
 *   <li><b>Storms.</b> Of more incidents than a receiver wants to be told of within a minute, the
 *       rest is told by one digest; see {@link StormControl}.
 * </ul>
 */
public final class IncidentLogic {
  private final IncidentSettings settings;

  /** Takes how incidents end and come back. */
  public IncidentLogic(IncidentSettings settings) {
    this.settings = settings;
  }

  /**
   * What an event leads to. The effects are what the changed incidents owe ({@link
   * Incident#owed()}).
   *
   * @param book the new state
   * @param changed incidents with a new revision, in the order in which they must be saved
   */
  public record Outcome(IncidentBook book, List<Incident> changed) {
    public Outcome {
      changed = List.copyOf(changed);
    }
  }

  /**
   * Applies one event.
   *
   * @param silences those in force at that time
   */
  public Outcome apply(
      IncidentBook book, IncidentEvent event, Routes routes, List<Silence> silences, Instant at) {
    IncidentTransition transition = new IncidentTransition(book, routes, settings, at);
    IncidentSpeech speech = new IncidentSpeech(routes, silences, settings, transition.storm(), at);
    if (book.restored()) {
      transition.mend();
    }
    if (event instanceof IncidentEvent.AlertsChanged changed) {
      transition.alertsChanged(changed.alerts());
    } else if (event instanceof IncidentEvent.Acknowledge acknowledge) {
      transition
          .openDraft(acknowledge.incidentId())
          .ifPresent(draft -> speech.acknowledge(draft, acknowledge.actor(), acknowledge.reason()));
    } else if (event instanceof IncidentEvent.Resolve resolve) {
      transition
          .openDraft(resolve.incidentId())
          .ifPresent(draft -> speech.resolveByHand(draft, resolve.actor(), resolve.reason()));
    } else if (event instanceof IncidentEvent.SplitOff split) {
      transition.splitOff(split);
    } else if (event instanceof IncidentEvent.Merge merge) {
      transition.merge(merge);
    } else if (event instanceof IncidentEvent.Note note) {
      transition
          .openDraft(note.incidentId())
          .ifPresent(draft -> draft.note(at, note.what(), note.actor(), note.reason()));
    }
    Inhibitor inhibitor =
        routes.inhibitions().isEmpty()
            ? Inhibitor.NONE
            : new Inhibitor(routes.inhibitions(), transition.firing());
    // The most severe first: they are told singly when there are too many at once.
    transition.openDrafts().stream()
        .sorted(Comparator.comparing((IncidentDraft draft) -> draft.severity).reversed())
        .forEach(draft -> speech.settle(draft, inhibitor));
    return transition.finish();
  }
}
