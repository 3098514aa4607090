package dev.tidemark.alerting.route;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tree of routes and the receivers that it names. Immutable.
 *
 * @param root matches everything
 * @param receivers by name
 */
public record Routes(Route root, Map<String, Receiver> receivers) {
  /** Name of the receiver that is there when nothing is configured. */
  public static final String CONSOLE = "console";

  public Routes {
    receivers = Map.copyOf(receivers);
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

  /** Returns who is told about these labels, each receiver once, the first mention wins. */
  public List<Route.Target> targets(Map<String, String> labels) {
    Map<String, Route.Target> first = new LinkedHashMap<>();
    root.targets(labels).forEach(target -> first.putIfAbsent(target.receiver(), target));
    return new ArrayList<>(first.values());
  }

  /** Whether the receiver wants to hear that an incident is over; an unknown one does. */
  public boolean sendsResolved(String receiver) {
    Receiver known = receivers.get(receiver);
    return known == null || known.sendResolved();
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
