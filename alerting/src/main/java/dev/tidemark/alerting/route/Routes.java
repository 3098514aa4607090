package dev.tidemark.alerting.route;

import dev.tidemark.alerting.escalation.Escalation;
import dev.tidemark.alerting.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tree of routes and everything that it names. Immutable.
 *
 * @param root matches everything
 * @param receivers by name
 * @param schedules by name
 * @param escalations by name
 * @param inhibitions in the order of their documents
 */
public record Routes(
    Route root,
    Map<String, Receiver> receivers,
    Map<String, Schedule> schedules,
    Map<String, Escalation> escalations,
    List<Inhibition> inhibitions) {
  /** Name of the receiver that is there when nothing is configured. */
  public static final String CONSOLE = "console";

  public Routes {
    receivers = Map.copyOf(receivers);
    schedules = Map.copyOf(schedules);
    escalations = Map.copyOf(escalations);
    inhibitions = List.copyOf(inhibitions);
  }

  /** Only routes and receivers. */
  public Routes(Route root, Map<String, Receiver> receivers) {
    this(root, receivers, Map.of(), Map.of(), List.of());
  }

  /** Everything goes to the console. */
  public static Routes console() {
    return console(Route.Timing.DEFAULT);
  }

  /** Everything goes to the console, with this timing. */
  public static Routes console(Route.Timing timing) {
    return new Routes(
        new Route(List.of(), List.of(CONSOLE), false, timing, List.of()),
        Map.of(CONSOLE, new Receiver(CONSOLE, new Receiver.Console(), true)));
  }

  /**
   * Returns who is told about these labels, each once: by the first route that names it and is not
   * quiet at that time, else by the first that names it. Those of quiet routes come last.
   */
  public List<Route.Target> targets(Map<String, String> labels, Instant at) {
    List<Route.Target> all = root.targets(labels).toList();
    Map<String, Route.Target> first = new LinkedHashMap<>();
    for (boolean quiet : new boolean[] {false, true}) {
      all.stream()
          .filter(target -> target.quiet().at(at) == quiet)
          .forEach(target -> first.putIfAbsent(target.receiver(), target));
    }
    return new ArrayList<>(first.values());
  }

  /**
   * Returns the receivers behind names as they stand in routes and steps; of a schedule, whoever is
   * on call then and is a receiver. Empty when nobody is.
   */
  public Set<String> told(List<String> names, Instant at) {
    Set<String> told = new LinkedHashSet<>();
    for (String name : names) {
      Address address = Address.parse(name);
      if (address.kind() == Address.Kind.RECEIVER) {
        told.add(address.name());
      } else if (address.kind() == Address.Kind.SCHEDULE) {
        Schedule schedule = schedules.get(address.name());
        if (schedule != null) {
          schedule.onCall(at).stream().filter(receivers::containsKey).forEach(told::add);
        }
      }
    }
    return told;
  }

  /** Returns who is told when nobody is on call: the root's receivers, the console without any. */
  public Set<String> nobodyOnCall(Instant at) {
    Set<String> told = told(root.receivers(), at);
    return told.isEmpty() ? Set.of(CONSOLE) : told;
  }

  /** Returns who stands in for receivers that cannot be reached, by their names. */
  public Map<String, Receiver.Fallback> fallbacks() {
    Map<String, Receiver.Fallback> fallbacks = new LinkedHashMap<>();
    receivers.forEach(
        (name, receiver) -> {
          Receiver.Fallback fallback = receiver.fallback();
          if (fallback != null) {
            fallbacks.put(name, fallback);
          }
        });
    return fallbacks;
  }

  /** Whether the receiver wants to hear that an incident is over; an unknown one does. */
  public boolean sendsResolved(String receiver) {
    Receiver known = receivers.get(receiver);
    return known == null || known.sendResolved();
  }

  /** Returns of how many new incidents a minute the receiver is told singly; 0 for no limit. */
  public int digestAbove(String receiver) {
    Receiver known = receivers.get(receiver);
    return known == null ? 0 : known.digestAbove();
  }

  /**
   * Returns after how long at most an incident is said again to a receiver; 4 h when no route does.
   */
  public Duration longestRepeat(String receiver) {
    return root.withChildren()
        .filter(route -> route.receivers().contains(receiver))
        .map(route -> route.timing().repeatInterval())
        .max(Duration::compareTo)
        .orElse(Route.Timing.DEFAULT.repeatInterval());
  }
}
