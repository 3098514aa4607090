package dev.tidemark.engine.definition;

import dev.tidemark.engine.definition.BurnRateCondition.Severity;
import dev.tidemark.engine.model.Target;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads {@code alerting} of an objective, and warns of conditions that cannot work. Stateless. */
final class AlertingParser {
  static final Set<String> KEYS = Set.of("conditions", "minEvents", "confidence");
  static final Set<String> CONDITION =
      Set.of("long", "short", "factor", "budget", "severity", "coverage", "during", "after");
  static final Set<String> HOURS = Set.of("days", "from", "to", "timeZone");
  private static final double TOLERANCE = 1e-9;

  private AlertingParser() {}

  /**
   * Reads the conditions; those that are usual when there are none.
   *
   * @param most what a condition does that does not say it
   */
  static List<BurnRateCondition> conditions(
      YamlNode body, Duration window, Target target, Duration slice, ZoneId zone, Severity most) {
    Optional<YamlNode> alerting = body.find("alerting");
    return alerting.isEmpty()
        ? usual(body, window, target, most)
        : own(alerting.get(), window, target, slice, zone, most);
  }

  /** Our conditions, with a warning when there is none that could ever hold. */
  static List<BurnRateCondition> usual(YamlNode at, Duration window, Target target, Severity most) {
    List<BurnRateCondition> usual =
        BurnPolicies.defaults(window, target).stream()
            .map(condition -> condition.atMost(most))
            .toList();
    if (usual.isEmpty()) {
      at.warn(
          "at this target and window no burn rate can ever alert; lengthen the window or raise"
              + " the target");
    }
    return usual;
  }

  /** Reads what stands behind {@code alerting}; the usual conditions when it names none. */
  static List<BurnRateCondition> own(
      YamlNode alerting,
      Duration window,
      Target target,
      Duration slice,
      ZoneId zone,
      Severity most) {
    alerting.onlyKnows(KEYS);
    if (alerting.find("conditions").isEmpty()) {
      return usual(alerting, window, target, most);
    }
    List<BurnRateCondition> conditions = new ArrayList<>();
    for (YamlNode element : alerting.elements("conditions")) {
      condition(element, window, zone, most)
          .ifPresent(
              condition -> {
                warnOf(element, condition, window, target, slice);
                conditions.add(condition);
              });
    }
    return conditions;
  }

  private static Optional<BurnRateCondition> condition(
      YamlNode node, Duration window, ZoneId zone, Severity most) {
    node.onlyKnows(CONDITION);
    Optional<Duration> longWindow = ObjectiveParser.needed(node, "long");
    Optional<Duration> shortWindow =
        node.find("short").isPresent()
            ? ObjectiveParser.duration(node, "short")
            : longWindow.map(length -> length.dividedBy(12));
    Optional<Double> factor = longWindow.flatMap(length -> factor(node, window, length));
    String severity = node.text("severity").orElse(most.name()).toUpperCase(Locale.ROOT);
    if (!severity.equals("PAGE") && !severity.equals("TICKET")) {
      node.find("severity").orElse(node).error("severity is page or ticket");
      return Optional.empty();
    }
    Optional<ActiveHours> hours = Optional.empty();
    if (node.find("during").isPresent()) {
      hours = hours(node, zone);
      if (hours.isEmpty()) {
        return Optional.empty();
      }
    }
    double coverage = ratio(node, "coverage", 0);
    if (longWindow.isEmpty() || shortWindow.isEmpty() || factor.isEmpty()) {
      return Optional.empty();
    }
    if (shortWindow.get().compareTo(longWindow.get()) > 0) {
      node.find("short").orElse(node).error("the short window is longer than the long one");
      return Optional.empty();
    }
    return Optional.of(
        new BurnRateCondition(
            longWindow.get(),
            shortWindow.get(),
            factor.get(),
            Severity.valueOf(severity),
            coverage,
            hours,
            ObjectiveParser.duration(node, "after").orElse(Duration.ZERO)));
  }

  private static Optional<Double> factor(YamlNode node, Duration window, Duration longWindow) {
    if (node.find("factor").isPresent() == node.find("budget").isPresent()) {
      node.error("a condition needs either 'factor' (such as 14.4) or 'budget' (such as 2%)");
      return Optional.empty();
    }
    if (node.find("budget").isPresent()) {
      double share = ratio(node, "budget", 0);
      return share <= 0
          ? Optional.empty()
          : Optional.of(share * window.toMillis() / longWindow.toMillis());
    }
    String text = node.text("factor").orElse("");
    try {
      double factor = Double.parseDouble(text);
      if (factor > 0) {
        return Optional.of(factor);
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number that is not above zero.
    }
    node.find("factor").orElse(node).error("'" + text + "' is no burn rate such as 14.4");
    return Optional.empty();
  }

  /** Warns of a condition that cannot work, at its place. */
  static void warnOf(
      YamlNode node, BurnRateCondition condition, Duration window, Target target, Duration slice) {
    double reachable = target.budgetRatio() <= 0 ? Double.MAX_VALUE : 1 / target.budgetRatio();
    YamlNode at =
        node.find("factor")
            .or(() -> node.find("budget"))
            .or(() -> node.find("threshold"))
            .orElse(node);
    if (condition.factor() > reachable + TOLERANCE) {
      at.warn(
          String.format(
              Locale.ROOT,
              "a burn rate of %.4g can never be reached at %s: everything bad is %.4g; lower it, or"
                  + " raise the target above %.2f %%",
              condition.factor(),
              target.text(),
              reachable,
              100 * (1 - 1 / condition.factor())));
    }
    if (condition.factor() < 1 - TOLERANCE) {
      at.warn(
          String.format(
              Locale.ROOT,
              "a burn rate of %.4g is below 1: this fires while the objective is on budget",
              condition.factor()));
    }
    if (condition.longWindow().compareTo(window) > 0) {
      node.find("long").orElse(node).warn("the long window is longer than the budget's window");
    }
    if (condition.shortWindow().compareTo(slice) < 0) {
      node.find("short")
          .orElse(node)
          .warn(
              "the short window is shorter than a slice of "
                  + slice.toMinutes()
                  + " min; a whole slice is taken instead");
    }
  }

  private static Optional<ActiveHours> hours(YamlNode node, ZoneId zone) {
    YamlNode during = node.find("during").orElse(node);
    if (during.keys().isEmpty()) {
      if (node.text("during").orElse("").equals("business-hours")) {
        return Optional.of(
            new ActiveHours(
                ActiveHours.BUSINESS_DAYS, LocalTime.of(8, 0), LocalTime.of(18, 0), zone));
      }
      during.error(
          "during is business-hours, or {days: business-days, from: \"08:00\", to: \"18:00\"}");
      return Optional.empty();
    }
    during.onlyKnows(HOURS);
    Set<DayOfWeek> days = SliParser.days(during, "days");
    Optional<LocalTime> from =
        during.required("from").flatMap(text -> SliParser.time(during, "from", text));
    Optional<LocalTime> to =
        during.required("to").flatMap(text -> SliParser.time(during, "to", text));
    ZoneId own = zone;
    Optional<String> named = during.text("timeZone");
    if (named.isPresent()) {
      try {
        own = ZoneId.of(named.get());
      } catch (DateTimeException e) {
        during.error("'" + named.get() + "' is no time zone; write one such as Europe/Warsaw");
        return Optional.empty();
      }
    }
    return from.isPresent() && to.isPresent() && !days.isEmpty()
        ? Optional.of(new ActiveHours(days, from.get(), to.get(), own))
        : Optional.empty();
  }

  /** Reads what keeps a handful of events from alerting. */
  static LowCountGuard guard(YamlNode body) {
    Optional<YamlNode> alerting = body.find("alerting");
    return alerting.isEmpty() ? LowCountGuard.DEFAULT : ownGuard(alerting.get());
  }

  /** Reads the guard out of what stands behind {@code alerting}. */
  static LowCountGuard ownGuard(YamlNode node) {
    double minEvents = 0;
    Optional<String> text = node.text("minEvents");
    if (text.isPresent()) {
      try {
        minEvents = Double.parseDouble(text.get());
      } catch (NumberFormatException e) {
        node.find("minEvents").orElse(node).error("'" + text.get() + "' is no number of events");
      }
    }
    return new LowCountGuard(
        minEvents, ratio(node, "confidence", LowCountGuard.DEFAULT.confidenceRatio()));
  }

  /** Reads a share from 0 to below or at 1. */
  private static double ratio(YamlNode node, String key, double preset) {
    Optional<String> text = node.text(key);
    if (text.isEmpty()) {
      return preset;
    }
    if (text.get().matches("0(\\.0*)?%?|none|off")) {
      return 0;
    }
    try {
      return Target.parse(text.get()).ratio();
    } catch (IllegalArgumentException e) {
      node.find(key).orElse(node).error("'" + text.get() + "' is no share such as 50%");
      return preset;
    }
  }
}
