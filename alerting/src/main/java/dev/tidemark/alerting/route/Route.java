package dev.tidemark.alerting.route;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One rule of the tree: labels that match go to the first child that matches too, else to the
 * receivers named here.
 *
 * @param matchers all must match; empty matches everything
 * @param receivers names of receivers
 * @param continues whether the siblings after this one are tried too
 * @param timing how long to wait and how often to speak
 * @param routes children
 */
public record Route(
    List<Matcher> matchers,
    List<String> receivers,
    boolean continues,
    Timing timing,
    List<Route> routes) {
  public Route {
    matchers = List.copyOf(matchers);
    receivers = List.copyOf(receivers);
    routes = List.copyOf(routes);
  }

  /**
   * How long to wait and how often to speak.
   *
   * @param groupWait how long other symptoms are waited for before the first word
   * @param groupInterval least time between two words about the same incident, a page or its end
   *     excepted
   * @param repeatInterval after how long an incident that nobody has taken is said again
   */
  public record Timing(Duration groupWait, Duration groupInterval, Duration repeatInterval) {
    /** 30 seconds, 5 minutes, 4 hours: as in Alertmanager. */
    public static final Timing DEFAULT =
        new Timing(Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofHours(4));
  }

  /**
   * A receiver to be told, and when.
   *
   * @param receiver its name
   * @param timing of the route that chose it
   */
  public record Target(String receiver, Timing timing) {}

  /** Returns the receivers for these labels, in the tree's order; empty when they do not match. */
  Stream<Target> targets(Map<String, String> labels) {
    if (!matchers.stream().allMatch(matcher -> matcher.matches(labels))) {
      return Stream.empty();
    }
    Stream.Builder<Target> found = Stream.builder();
    boolean matched = false;
    for (Route child : routes) {
      List<Target> targets = child.targets(labels).toList();
      if (!targets.isEmpty()) {
        matched = true;
        targets.forEach(found::add);
        if (!child.continues) {
          break;
        }
      }
    }
    if (!matched) {
      receivers.forEach(receiver -> found.add(new Target(receiver, timing)));
    }
    return found.build();
  }

  /** Returns this route and all below it. */
  Stream<Route> withChildren() {
    return Stream.concat(Stream.of(this), routes.stream().flatMap(Route::withChildren));
  }
}
