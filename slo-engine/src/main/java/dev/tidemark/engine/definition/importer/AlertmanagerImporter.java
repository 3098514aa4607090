package dev.tidemark.engine.definition.importer;

import dev.tidemark.engine.definition.YamlNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Turns an {@code alertmanager.yml} into our receivers, routes, time intervals and inhibitions. The
 * tree of routes stays a tree. Not thread-safe.
 *
 * <p>Source: Alertmanager's documentation, "Configuration".
 */
final class AlertmanagerImporter {
  private static final String BY_CAUSE =
      "incidents are grouped by their root cause, found in the lineage";

  /** Aliases of YAML can make a tree that never ends. */
  private static final int MOST_ROUTES = 30;

  private static final Duration LONGEST = Duration.ofDays(366);
  private static final Set<String> GLOBAL =
      Set.of(
          "smtp_from",
          "smtp_smarthost",
          "smtp_auth_username",
          "smtp_auth_password",
          "smtp_auth_password_file",
          "smtp_require_tls",
          "slack_api_url",
          "slack_api_url_file",
          "pagerduty_url",
          "opsgenie_api_key",
          "opsgenie_api_key_file");

  private final Output output;

  AlertmanagerImporter(Output output) {
    this.output = output;
  }

  void read(YamlNode document) {
    int told = output.mark();
    Optional<YamlNode> route = document.find("route");
    if (route.isEmpty() || document.find("receivers").isEmpty()) {
      document.error("an alertmanager.yml has 'route' and 'receivers'");
      output.lost(told);
      return;
    }
    Losses.others(
        document,
        Set.of(
            "global",
            "route",
            "receivers",
            "inhibit_rules",
            "time_intervals",
            "mute_time_intervals"),
        Map.of("templates", "messages are put together from the incident, there are no templates"));
    document
        .find("global")
        .ifPresent(
            global ->
                Losses.others(
                    global,
                    GLOBAL,
                    Map.of(
                        "resolve_timeout", "an incident ends when nothing has fired for 2 minutes",
                        "opsgenie_api_url", "the service's usual address is used",
                        "http_config", "proxies and certificates are those of the Java machine")));
    output.lost(told);
    // Without 'global' there are no defaults; the document itself has no member of their names.
    AlertmanagerReceivers receivers =
        new AlertmanagerReceivers(output, document.find("global").orElse(document));
    receivers.read(document.elements("receivers"));
    int before = output.mark();
    route(route.get(), receivers, 0)
        .ifPresentOrElse(
            spec -> output.write(before, Output.ours("Route", "everything", spec)),
            () -> output.lost(before));
    AlertmanagerTimes times = new AlertmanagerTimes(output);
    document.elements("time_intervals").forEach(times::read);
    document.elements("mute_time_intervals").forEach(times::read);
    List<YamlNode> rules = document.elements("inhibit_rules");
    for (int i = 0; i < rules.size(); i++) {
      inhibition(rules.get(i), i + 1);
    }
  }

  private Optional<Map<String, Object>> route(
      YamlNode route, AlertmanagerReceivers receivers, int depth) {
    if (depth > MOST_ROUTES) {
      route.error("routes inside of so many routes are left out");
      return Optional.empty();
    }
    Losses.others(
        route,
        Set.of(
            "receiver",
            "matchers",
            "match",
            "match_re",
            "continue",
            "group_wait",
            "group_interval",
            "repeat_interval",
            "mute_time_intervals",
            "active_time_intervals",
            "routes"),
        Map.of("group_by", BY_CAUSE));
    Optional<List<String>> matchers = AlertmanagerMatchers.read(route, "");
    Optional<List<String>> told = receivers(route, receivers);
    if (matchers.isEmpty() || told.isEmpty()) {
      route.error("this route and all below it are left out: what it takes goes to its parent");
      return Optional.empty();
    }
    Map<String, Object> spec = new LinkedHashMap<>();
    if (depth == 0 && !matchers.get().isEmpty()) {
      route.warn("the first route takes everything, so its matchers are not carried");
    } else if (!matchers.get().isEmpty()) {
      spec.put("matchers", matchers.get());
    }
    if (told.get().size() == 1) {
      spec.put("receiver", told.get().get(0));
    } else if (!told.get().isEmpty()) {
      spec.put("receivers", told.get());
    }
    duration(route, "group_wait", Duration.ZERO, "groupWait", spec);
    duration(route, "group_interval", Duration.ZERO, "groupInterval", spec);
    duration(route, "repeat_interval", Duration.ofMinutes(1), "repeatInterval", spec);
    if (route.text("continue").filter("true"::equals).isPresent()) {
      spec.put("continue", true);
    }
    list(route, "mute_time_intervals", "muteTimeIntervals", spec);
    list(route, "active_time_intervals", "activeTimeIntervals", spec);
    List<Object> children = new ArrayList<>();
    for (YamlNode child : route.elements("routes")) {
      route(child, receivers, depth + 1).ifPresent(children::add);
    }
    if (!children.isEmpty()) {
      spec.put("routes", children);
    }
    return Optional.of(spec);
  }

  private static Optional<List<String>> receivers(YamlNode route, AlertmanagerReceivers receivers) {
    Optional<String> theirs = route.text("receiver");
    if (theirs.isEmpty()) {
      return Optional.of(List.of());
    }
    List<String> ours = receivers.ours(theirs.get());
    if (ours.isEmpty()) {
      route
          .find("receiver")
          .orElse(route)
          .error("there is no receiver '" + theirs.get() + "' in this file");
      return Optional.empty();
    }
    return Optional.of(ours);
  }

  private static void duration(
      YamlNode route, String key, Duration least, String ours, Map<String, Object> spec) {
    Optional<String> text = route.text(key);
    if (text.isEmpty()) {
      return;
    }
    YamlNode at = route.find(key).orElse(route);
    Optional<Duration> read = PromDuration.parse(text.get());
    if (read.isEmpty()) {
      at.error("'" + text.get() + "' is no duration, so the parent's is taken");
      return;
    }
    Duration taken = read.get();
    if (taken.compareTo(least) < 0) {
      taken = least;
    } else if (taken.compareTo(LONGEST) > 0) {
      taken = LONGEST;
    }
    if (!taken.equals(read.get())) {
      at.warn("here it is " + PromDuration.text(taken) + ", the nearest that is allowed");
    }
    spec.put(ours, PromDuration.text(taken));
  }

  static void list(YamlNode map, String theirs, String ours, Map<String, Object> spec) {
    List<String> texts = map.oneOrMore(theirs);
    if (!texts.isEmpty()) {
      spec.put(ours, texts);
    }
  }

  private void inhibition(YamlNode rule, int number) {
    int told = output.mark();
    Losses.others(
        rule,
        Set.of(
            "name",
            "source_matchers",
            "source_match",
            "source_match_re",
            "target_matchers",
            "target_match",
            "target_match_re",
            "equal"));
    Optional<List<String>> source = AlertmanagerMatchers.read(rule, "source_");
    Optional<List<String>> target = AlertmanagerMatchers.read(rule, "target_");
    if (source.isEmpty() || target.isEmpty()) {
      rule.error("this inhibition is left out; what it kept quiet is told");
      output.lost(told);
      return;
    }
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("sourceMatchers", source.get());
    spec.put("targetMatchers", target.get());
    list(rule, "equal", "equal", spec);
    output.write(
        told, Output.ours("Inhibition", rule.text("name").orElse("inhibition-" + number), spec));
  }
}
