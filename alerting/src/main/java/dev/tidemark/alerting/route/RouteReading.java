package dev.tidemark.alerting.route;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One reading of all documents: collects every problem instead of stopping at the first. */
final class RouteReading {
  private static final Set<String> ROUTE_FIELDS =
      Set.of(
          "receiver",
          "receivers",
          "matchers",
          "continue",
          "groupWait",
          "groupInterval",
          "repeatInterval",
          "routes");

  private final SecretResolver secrets;
  private final List<String> problems = new ArrayList<>();
  private final Map<String, Receiver> receivers = new LinkedHashMap<>();

  RouteReading(SecretResolver secrets) {
    this.secrets = secrets;
  }

  RouteParser.Result read(List<RouteParser.Document> documents) {
    readReceivers(documents);
    Route root = readRoutes(documents);
    Map<String, Receiver> all = new LinkedHashMap<>(Routes.console().receivers());
    all.putAll(receivers);
    return new RouteParser.Result(new Routes(root, all), problems);
  }

  private void readReceivers(List<RouteParser.Document> documents) {
    for (RouteParser.Document document : documents) {
      if (document.kind().equals("Receiver")) {
        Fields fields = new Fields(document.spec(), document.place(), "spec", problems);
        Receiver receiver = new ReceiverReading(secrets).read(document.name(), fields);
        if (receiver != null && receivers.putIfAbsent(receiver.name(), receiver) != null) {
          problems.add(
              document.place()
                  + ": a receiver named '"
                  + receiver.name()
                  + "' exists already; rename one of them");
        }
      } else if (!document.kind().equals("Route")) {
        problems.add(
            document.place() + ": kind '" + document.kind() + "' is neither Route nor Receiver");
      }
    }
  }

  private Route readRoutes(List<RouteParser.Document> documents) {
    Route fallback = Routes.console().root();
    List<RouteParser.Document> roots = new ArrayList<>();
    List<RouteParser.Document> others = new ArrayList<>();
    for (RouteParser.Document document : documents) {
      if (document.kind().equals("Route")) {
        (document.spec().get("matchers") == null ? roots : others).add(document);
      }
    }
    for (int i = 1; i < roots.size(); i++) {
      problems.add(
          roots.get(i).place()
              + ": only one route may be without matchers, and '"
              + roots.get(0).name()
              + "' at "
              + roots.get(0).place()
              + " is it; add matchers");
    }
    Route root = fallback;
    if (!roots.isEmpty()) {
      Route read = readRoute(fields(roots.get(0)), fallback);
      // A broken root must not leave anybody untold: what it says wrongly goes to the console.
      root = read == null ? fallback : read;
    }
    List<Route> children = new ArrayList<>(root.routes());
    for (RouteParser.Document document : others) {
      Route child = readRoute(fields(document), root);
      if (child != null) {
        children.add(child);
      }
    }
    return new Route(List.of(), root.receivers(), false, root.timing(), children);
  }

  private Fields fields(RouteParser.Document document) {
    return new Fields(document.spec(), document.place(), "spec", problems);
  }

  private @Nullable Route readRoute(Fields fields, Route parent) {
    int before = problems.size();
    fields.onlyKnown(
        ROUTE_FIELDS,
        Map.of(
            "groupBy",
            "incidents are grouped by root cause",
            "group_by",
            "incidents are grouped by root cause"));
    List<String> names = new ArrayList<>(fields.texts("receivers"));
    String single = fields.text("receiver");
    if (single != null) {
      names.add(single);
    }
    for (String name : names) {
      if (!receivers.containsKey(name) && !name.equals(Routes.CONSOLE)) {
        fields.problem(
            single == null ? "receivers" : "receiver",
            "there is no receiver '" + name + "'; known are " + known());
      }
    }
    List<Matcher> matchers = new ArrayList<>();
    for (String text : fields.texts("matchers")) {
      try {
        matchers.add(Matcher.parse(text));
      } catch (IllegalArgumentException e) {
        fields.problem("matchers", String.valueOf(e.getMessage()));
      }
    }
    Route.Timing timing =
        new Route.Timing(
            fields.duration("groupWait", parent.timing().groupWait()),
            fields.duration("groupInterval", parent.timing().groupInterval()),
            atLeastMinute(fields, parent.timing().repeatInterval()));
    boolean continues = fields.flag("continue", false);
    if (problems.size() > before) {
      return null;
    }
    Route here =
        new Route(
            matchers, names.isEmpty() ? parent.receivers() : names, continues, timing, List.of());
    List<Route> children = new ArrayList<>();
    for (Fields child : fields.children("routes")) {
      Route read = readRoute(child, here);
      if (read != null) {
        children.add(read);
      }
    }
    return new Route(matchers, here.receivers(), continues, timing, children);
  }

  private static Duration atLeastMinute(Fields fields, Duration parent) {
    Duration repeat = fields.duration("repeatInterval", parent);
    if (repeat.compareTo(Duration.ofMinutes(1)) < 0) {
      fields.problem("repeatInterval", "must be at least 1m, or people are told all the time");
    }
    return repeat;
  }

  private String known() {
    List<String> names = new ArrayList<>(receivers.keySet());
    if (!names.contains(Routes.CONSOLE)) {
      names.add(Routes.CONSOLE);
    }
    return String.join(", ", names);
  }
}
