package dev.tidemark.alerting.route;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads routes, when everything that they name is known. */
final class RouteReading {
  static final Set<String> FIELDS =
      Set.of(
          "receiver",
          "receivers",
          "escalation",
          "matchers",
          "continue",
          "groupWait",
          "groupInterval",
          "repeatInterval",
          "muteTimeIntervals",
          "activeTimeIntervals",
          "routes");

  private final Known known;
  private final List<String> problems;

  RouteReading(Known known, List<String> problems) {
    this.known = known;
    this.problems = problems;
  }

  Route read(List<RouteParser.Document> documents) {
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
      Route read = route(roots.get(0).fields(problems), fallback);
      // A broken root must not leave anybody untold: what it says wrongly goes to the console.
      root = read == null ? fallback : read;
    }
    List<Route> children = new ArrayList<>(root.routes());
    for (RouteParser.Document document : others) {
      Route child = route(document.fields(problems), root);
      if (child != null) {
        children.add(child);
      }
    }
    return new Route(List.of(), root.receivers(), false, root.timing(), root.quiet(), children);
  }

  private @Nullable Route route(Fields fields, Route parent) {
    int before = problems.size();
    fields.onlyKnown(
        FIELDS,
        Map.of(
            "groupBy",
            "incidents are grouped by root cause",
            "group_by",
            "incidents are grouped by root cause"));
    List<Address> named = new ArrayList<>();
    boolean usable = true;
    for (String field : List.of("receivers", "receiver")) {
      for (String text : fields.texts(field)) {
        Address address = Address.parse(text);
        named.add(address);
        usable &= known.usable(address, fields, field);
      }
    }
    String escalation = fields.text("escalation");
    if (escalation != null) {
      Address address = new Address(Address.Kind.ESCALATION, escalation);
      named.add(address);
      usable &= known.usable(address, fields, "escalation");
    }
    List<Matcher> matchers = InhibitionReading.matchers(fields, "matchers");
    Route.Timing timing =
        new Route.Timing(
            fields.duration("groupWait", parent.timing().groupWait()),
            fields.duration("groupInterval", parent.timing().groupInterval()),
            atLeastMinute(fields, parent.timing().repeatInterval()));
    boolean continues = fields.flag("continue", false);
    Quiet quiet =
        new Quiet(intervals(fields, "muteTimeIntervals"), intervals(fields, "activeTimeIntervals"));
    // What cannot tell everybody whom it names leaves the telling to the route above it.
    if (problems.size() > before || !usable) {
      return null;
    }
    List<String> names = named.stream().map(Address::toString).toList();
    Route here =
        new Route(
            matchers,
            names.isEmpty() ? parent.receivers() : names,
            continues,
            timing,
            quiet,
            List.of());
    List<Route> children = new ArrayList<>();
    for (Fields child : fields.children("routes")) {
      Route read = route(child, here);
      if (read != null) {
        children.add(read);
      }
    }
    return new Route(matchers, here.receivers(), continues, timing, quiet, children);
  }

  private List<TimeInterval> intervals(Fields fields, String field) {
    List<TimeInterval> intervals = new ArrayList<>();
    for (String name : fields.texts(field)) {
      TimeInterval interval = known.intervals.get(name);
      if (known.found("TimeInterval", name, fields, field) && interval != null) {
        intervals.add(interval);
      }
    }
    return intervals;
  }

  private static Duration atLeastMinute(Fields fields, Duration parent) {
    Duration repeat = fields.duration("repeatInterval", parent);
    if (repeat.compareTo(Duration.ofMinutes(1)) < 0) {
      fields.problem("repeatInterval", "must be at least 1m, or people are told all the time");
    }
    return repeat;
  }
}
