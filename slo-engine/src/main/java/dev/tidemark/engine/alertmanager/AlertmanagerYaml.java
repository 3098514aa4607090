package dev.tidemark.engine.alertmanager;

import dev.tidemark.alerting.route.Matcher;
import dev.tidemark.alerting.route.Route;
import dev.tidemark.alerting.route.Routes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * The routes in force as an {@code alertmanager.yml}, for {@code amtool config routes}. Receivers
 * are named only: how they are reached is nobody's business, and may be secret.
 */
final class AlertmanagerYaml {
  private AlertmanagerYaml() {}

  static String of(Routes routes) {
    Map<String, Object> file = new LinkedHashMap<>();
    // At the root Alertmanager wants a single receiver and no matchers.
    Map<String, Object> root = new LinkedHashMap<>();
    String fallback =
        routes.root().receivers().isEmpty()
            ? routes.receivers().keySet().stream().sorted().findFirst().orElse(Routes.CONSOLE)
            : routes.root().receivers().get(0);
    root.put("receiver", fallback);
    timing(root, routes.root().timing());
    List<Object> children = new ArrayList<>();
    routes.root().routes().forEach(route -> children.addAll(route(route)));
    if (routes.root().receivers().size() > 1) {
      routes
          .root()
          .receivers()
          .forEach(
              receiver -> children.add(node(List.of(), receiver, true, routes.root().timing())));
    }
    if (!children.isEmpty()) {
      root.put("routes", children);
    }
    file.put("route", root);
    List<Object> receivers = new ArrayList<>();
    Set<String> names = new TreeSet<>(routes.receivers().keySet());
    // Schedules and escalations stand where Alertmanager knows receivers only.
    names.add(fallback);
    named(routes.root(), names);
    names.forEach(name -> receivers.add(Map.of("name", name)));
    file.put("receivers", receivers);
    return new Dump(DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build())
        .dumpToString(file);
  }

  private static void named(Route route, Set<String> names) {
    names.addAll(route.receivers());
    route.routes().forEach(child -> named(child, names));
  }

  /** A route of several receivers becomes one for each, all but the last with {@code continue}. */
  private static List<Object> route(Route route) {
    List<Object> nodes = new ArrayList<>();
    List<String> receivers = route.receivers();
    for (int i = 0; i < receivers.size(); i++) {
      boolean last = i == receivers.size() - 1;
      Map<String, Object> node =
          node(route.matchers(), receivers.get(i), !last || route.continues(), route.timing());
      List<Object> children = new ArrayList<>();
      route.routes().forEach(child -> children.addAll(route(child)));
      if (last && !children.isEmpty()) {
        node.put("routes", children);
      }
      nodes.add(node);
    }
    return nodes;
  }

  private static Map<String, Object> node(
      List<Matcher> matchers, String receiver, boolean continues, Route.Timing timing) {
    Map<String, Object> node = new LinkedHashMap<>();
    node.put("receiver", receiver);
    if (!matchers.isEmpty()) {
      node.put("matchers", matchers.stream().map(Matcher::toString).toList());
    }
    if (continues) {
      node.put("continue", true);
    }
    timing(node, timing);
    return node;
  }

  private static void timing(Map<String, Object> node, Route.Timing timing) {
    node.put("group_wait", words(timing.groupWait()));
    node.put("group_interval", words(timing.groupInterval()));
    node.put("repeat_interval", words(timing.repeatInterval()));
  }

  /** In Prometheus' units; Alertmanager refuses an interval of nothing. */
  private static String words(Duration duration) {
    return Math.max(1, duration.toMillis()) + "ms";
  }
}
