package dev.tidemark.engine.definition;

import dev.tidemark.engine.definition.BudgetWindow.Calendar;
import dev.tidemark.engine.definition.BudgetWindow.Rolling;
import dev.tidemark.engine.definition.BudgetWindow.Unit;
import dev.tidemark.engine.definition.Objective.Subject;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.model.Target;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads one element of {@code objectives}. Not thread-safe. */
final class ObjectiveParser {
  static final Map<String, Set<String>> KEYS =
      Map.of(
          "freshness", Set.of("within"),
          "completeness", Set.of("atLeast", "per"),
          "heartbeat", Set.of("connector", "every", "grace"),
          "runs", Set.of("pipeline"),
          "drift", Set.of("feature", "method", "below"),
          "checks", Set.of("check"),
          "latency", Set.of("metric", "below"));
  static final Set<String> COMMON =
      Set.of(
          "name",
          "target",
          "window",
          "timeZone",
          "runbook",
          "labels",
          "noData",
          "allowedLateness",
          "timeSlice");
  private static final Map<String, String> TARGETS =
      Map.of(
          "freshness", "99.5%",
          "completeness", "99%",
          "heartbeat", "99.9%",
          "runs", "99.9%",
          "drift", "99%",
          "checks", "99%",
          "latency", "95%");

  private final Subject subject;
  private final YamlNode metadata;
  private final YamlNode spec;
  private final Map<String, String> ownLabels;

  ObjectiveParser(
      Subject subject, YamlNode metadata, YamlNode spec, Map<String, String> ownLabels) {
    this.subject = subject;
    this.metadata = metadata;
    this.spec = spec;
    this.ownLabels = ownLabels;
  }

  /** Reads it, or returns empty after complaints. */
  Optional<Objective> parse(YamlNode element) {
    List<String> kinds = element.keys();
    if (kinds.size() != 1) {
      element.error(
          "an objective is one of "
              + String.join(", ", KEYS.keySet().stream().sorted().toList())
              + ", with its settings behind it");
      return Optional.empty();
    }
    String kind = kinds.get(0);
    if (!KEYS.containsKey(kind)) {
      element.error(
          "'" + kind + "' is no kind of objective" + YamlNode.suggestion(kind, KEYS.keySet()));
      return Optional.empty();
    }
    YamlNode body = element.find(kind).orElseThrow();
    Set<String> known = new java.util.TreeSet<>(COMMON);
    known.addAll(KEYS.getOrDefault(kind, Set.of()));
    body.onlyKnows(known);
    Optional<Target> target = target(body, kind);
    ZoneId zone = zone(body);
    Optional<BudgetWindow> window = window(body, zone);
    Optional<Sli> sli = sli(kind, body, zone);
    if (target.isEmpty() || window.isEmpty() || sli.isEmpty()) {
      return Optional.empty();
    }
    String connector = kind.equals("heartbeat") ? body.text("connector").orElse("") : "";
    Subject about = connector.isEmpty() ? subject : new Subject(Subject.Type.CONNECTOR, connector);
    String id = body.text("name").orElse(subject.name() + "-" + kind);
    Map<String, String> labels = labels(body, kind, id, connector);
    List<BurnRateCondition> conditions =
        BurnPolicies.defaults(window.get().nominal(), target.get());
    if (conditions.isEmpty()) {
      body.warn(
          "at this target and window no burn rate can ever alert; lengthen the window or raise the target");
    }
    return Optional.of(
        new Objective(
            new ObjectiveId(id),
            displayName(kind, connector),
            about,
            spec.text("owner").orElse(""),
            spec.text("domain").orElse(""),
            sli.get(),
            target.get(),
            window.get(),
            slice(body, sli.get()),
            noData(body),
            duration(body, "allowedLateness").orElse(Duration.ofHours(1)),
            conditions,
            labels,
            body.text("runbook").or(() -> spec.text("runbook")).orElse(""),
            element.place()));
  }

  private String displayName(String kind, String connector) {
    String name = metadata.text("displayName").orElse(subject.name());
    return switch (kind) {
      case "freshness" -> "Freshness of " + name;
      case "completeness" -> "Completeness of " + name;
      case "heartbeat" -> "Heartbeat of " + connector;
      case "runs" -> "Runs of " + name;
      case "drift" -> "Drift of " + name;
      case "checks" -> "Checks of " + name;
      default -> "Latency of " + name;
    };
  }

  private Map<String, String> labels(YamlNode body, String kind, String id, String connector) {
    Map<String, String> labels = new LinkedHashMap<>(ownLabels);
    labels.putAll(body.textMap("labels"));
    labels.put("objective", id);
    labels.put("sli", kind);
    labels.put(subject.type().name().toLowerCase(Locale.ROOT), subject.name());
    spec.text("producedBy").ifPresent(pipeline -> labels.put("pipeline", pipeline));
    spec.text("owner").ifPresent(owner -> labels.put("owner", owner));
    spec.text("domain").ifPresent(domain -> labels.put("domain", domain));
    if (!connector.isEmpty()) {
      labels.put("connector", connector);
    }
    return labels;
  }

  private Optional<Sli> sli(String kind, YamlNode body, ZoneId zone) {
    Map<String, Set<String>> dataset = Map.of("dataset", Set.of(subject.name()));
    return switch (kind) {
      case "freshness" ->
          needed(body, "within")
              .map(
                  within -> new Sli.Freshness(new Selector("tidemark.watermark", dataset), within));
      case "heartbeat" -> heartbeat(body);
      case "completeness" -> completeness(body, zone);
      case "runs" -> runs(body);
      case "checks" ->
          body.required("check")
              .map(
                  check ->
                      new Sli.Ratio(
                          "checks",
                          new Selector(
                              "tidemark.check",
                              Map.of(
                                  "dataset", Set.of(subject.name()),
                                  "check", Set.of(check),
                                  "outcome", Set.of("success"))),
                          false,
                          new Selector(
                              "tidemark.check",
                              Map.of("dataset", Set.of(subject.name()), "check", Set.of(check))),
                          new Sli.Budgeting.Occurrences()));
      case "drift" -> drift(body);
      default ->
          needed(body, "below")
              .map(
                  below ->
                      new Sli.Latency(
                          "latency",
                          new Selector(
                              body.text("metric").orElse("tidemark.processing.lag"), dataset),
                          below.toMillis() / 1e3,
                          new Sli.Budgeting.Occurrences()));
    };
  }

  private Optional<Sli> heartbeat(YamlNode body) {
    Optional<String> connector = body.required("connector");
    Optional<Duration> every = needed(body, "every");
    if (connector.isEmpty() || every.isEmpty()) {
      return Optional.empty();
    }
    // A rolling restart misses one beat; that is no death.
    Duration grace = duration(body, "grace").orElse(every.get());
    return Optional.of(
        new Sli.Heartbeat(
            new Selector("tidemark.heartbeat", Map.of("connector", Set.of(connector.get()))),
            every.get(),
            grace));
  }

  private Optional<Sli> completeness(YamlNode body, ZoneId zone) {
    Optional<String> text = body.required("atLeast");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    double atLeast;
    try {
      atLeast = Target.parse(text.get()).ratio();
    } catch (IllegalArgumentException e) {
      body.find("atLeast").orElse(body).error("atLeast: " + e.getMessage());
      return Optional.empty();
    }
    Optional<Duration> per = period(body);
    return per.map(
        length ->
            new Sli.Completeness(records("observed"), records("expected"), atLeast, length, zone));
  }

  private Selector records(String outcome) {
    return new Selector(
        "tidemark.records", Map.of("dataset", Set.of(subject.name()), "outcome", Set.of(outcome)));
  }

  private Optional<Duration> period(YamlNode body) {
    String per = body.text("per").orElse("day");
    Optional<Duration> length =
        switch (per) {
          case "hour" -> Optional.of(Duration.ofHours(1));
          case "day" -> Optional.of(Duration.ofDays(1));
          case "week" -> Optional.of(Duration.ofDays(7));
          default -> Durations.parse(per);
        };
    if (length.isEmpty()) {
      body.find("per")
          .orElse(body)
          .error("'" + per + "' is no period; write hour, day, week or a duration such as 15m");
    }
    return length;
  }

  private Optional<Sli> runs(YamlNode body) {
    String pipeline =
        body.text("pipeline")
            .or(() -> spec.text("producedBy"))
            .orElse(subject.type() == Subject.Type.PIPELINE ? subject.name() : "");
    if (pipeline.isEmpty()) {
      body.error("runs needs 'pipeline' here, or 'producedBy' in the dataset's spec");
      return Optional.empty();
    }
    return Optional.of(
        new Sli.Ratio(
            "runs",
            new Selector(
                "tidemark.runs",
                Map.of("service.name", Set.of(pipeline), "outcome", Set.of("success"))),
            false,
            new Selector("tidemark.runs", Map.of("service.name", Set.of(pipeline))),
            new Sli.Budgeting.Occurrences()));
  }

  private Optional<Sli> drift(YamlNode body) {
    Optional<String> feature = body.required("feature");
    Optional<String> below = body.required("below");
    if (feature.isEmpty() || below.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Sli.Threshold(
              "drift",
              new Selector(
                  "tidemark.drift",
                  Map.of(
                      "dataset", Set.of(subject.name()),
                      "feature", Set.of(feature.get()),
                      "method", Set.of(body.text("method").orElse("psi")))),
              Sli.Comparison.LTE,
              Double.parseDouble(below.get())));
    } catch (NumberFormatException e) {
      body.find("below").orElse(body).error("'" + below.get() + "' is not a number such as 0.25");
      return Optional.empty();
    }
  }

  private Optional<Target> target(YamlNode body, String kind) {
    String text = body.text("target").orElse(TARGETS.getOrDefault(kind, "99%"));
    try {
      return Optional.of(Target.parse(text));
    } catch (IllegalArgumentException e) {
      body.find("target").orElse(body).error(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private ZoneId zone(YamlNode body) {
    String text = body.text("timeZone").orElse("UTC");
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      body.find("timeZone")
          .orElse(body)
          .error("'" + text + "' is no time zone; write one such as Europe/Warsaw");
      return ZoneOffset.UTC;
    }
  }

  private Optional<BudgetWindow> window(YamlNode body, ZoneId zone) {
    String text = body.text("window").orElse("30d");
    for (Unit unit : Unit.values()) {
      if (unit.name().equalsIgnoreCase(text)) {
        body.find("window")
            .orElse(body)
            .warn(
                "a calendar window is judged as a rolling one of "
                    + new Calendar(unit, zone).nominal().toDays()
                    + " days so far; write a duration such as 30d to say so");
        return Optional.of(new Calendar(unit, zone));
      }
    }
    Optional<Duration> length = Durations.parse(text);
    if (length.isEmpty() || length.get().compareTo(Duration.ofDays(366)) > 0) {
      body.find("window")
          .orElse(body)
          .error(
              "'"
                  + text
                  + "' is no window; write a duration such as 30d, or day, week, month, quarter, year");
      return Optional.empty();
    }
    return Optional.of(new Rolling(length.get(), text));
  }

  /** One minute, a whole period for completeness, and finer where the promise is finer. */
  private static Duration slice(YamlNode body, Sli sli) {
    Optional<Duration> own = duration(body, "timeSlice");
    if (own.isPresent()) {
      return own.get();
    }
    if (sli instanceof Sli.Completeness completeness) {
      return completeness.per();
    }
    Duration limit =
        sli instanceof Sli.Freshness freshness
            ? freshness.within()
            : sli instanceof Sli.Heartbeat heartbeat ? heartbeat.every() : Duration.ofMinutes(1);
    return limit.compareTo(Duration.ofMinutes(1)) < 0
        ? Duration.ofSeconds(Math.max(1, limit.toSeconds() / 2))
        : Duration.ofMinutes(1);
  }

  private static NoDataPolicy noData(YamlNode body) {
    String text = body.text("noData").orElse("ignored");
    for (NoDataPolicy policy : NoDataPolicy.values()) {
      if (policy.name().equalsIgnoreCase(text)) {
        return policy;
      }
    }
    body.find("noData").orElse(body).error("noData is good, bad or ignored, not '" + text + "'");
    return NoDataPolicy.IGNORED;
  }

  private static Optional<Duration> needed(YamlNode body, String key) {
    return body.required(key).isEmpty() ? Optional.empty() : duration(body, key);
  }

  private static Optional<Duration> duration(YamlNode body, String key) {
    Optional<String> text = body.text(key);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Optional<Duration> duration = Durations.parse(text.get());
    if (duration.isEmpty()) {
      body.find(key)
          .orElse(body)
          .error(
              "'"
                  + text.get()
                  + "' is no duration; write a whole number with ms, s, m, h, d or w, such as 5m");
    }
    return duration;
  }
}
