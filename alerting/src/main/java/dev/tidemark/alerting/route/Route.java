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
 * @param receivers names of receivers, {@code schedule:NAME} or {@code escalation:NAME}
 * @param continues whether the siblings after this one are tried too
 * @param timing how long to wait and how often to speak
 * @param quiet when nothing is said; of this route only, not of its children
 * @param routes children
 */
public record Route(
    List<Matcher> matchers,
    List<String> receivers,
    boolean continues,
    Timing timing,
    Quiet quiet,
    List<Route> routes) {
  public Route {
    matchers = List.copyOf(matchers);
    receivers = List.copyOf(receivers);
    routes = List.copyOf(routes);
  }

  /** Never quiet. */
  public Route(
      List<Matcher> matchers,
      List<String> receivers,
      boolean continues,
      Timing timing,
      List<Route> routes) {
    this(matchers, receivers, continues, timing, Quiet.NEVER, routes);
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
   * Who is to be told, and when.
   *
   * @param receiver its name, {@code schedule:NAME} or {@code escalation:NAME}
   * @param timing of the route that chose it
   * @param quiet of that route
   */
  public record Target(String receiver, Timing timing, Quiet quiet) {
    /** Returns the receiver's name as what it means. */
    public Address address() {
      return Address.parse(receiver);
    }
  }

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
      receivers.forEach(receiver -> found.add(new Target(receiver, timing, quiet)));
    }
    return found.build();
  }

  /** Returns this route and all below it. */
  Stream<Route> withChildren() {
    return Stream.concat(Stream.of(this), routes.stream().flatMap(Route::withChildren));
  }
}
