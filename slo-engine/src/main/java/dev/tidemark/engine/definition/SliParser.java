package dev.tidemark.engine.definition;

import dev.tidemark.engine.definition.Objective.Subject;
import dev.tidemark.engine.definition.Sli.Budgeting;
import dev.tidemark.engine.model.Target;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what is measured: the part of an objective that differs from kind to kind. */
final class SliParser {
  /** A kind of objective: its own settings, and the target when the owner names none. */
  record Kind(Set<String> keys, String target, String title) {}

  static final Map<String, Kind> KINDS = new LinkedHashMap<>();

  static {
    KINDS.put("runs", new Kind(Set.of("pipeline"), "99.9%", "Runs of "));
    KINDS.put("freshness", new Kind(Set.of("within"), "99.5%", "Freshness of "));
    KINDS.put("arrival", new Kind(ArrivalParser.KEYS, "99.5%", "Arrival of "));
    KINDS.put("lag", new Kind(Set.of("below"), "95%", "Processing lag of "));
    KINDS.put("completeness", new Kind(Set.of("atLeast", "per"), "99%", "Completeness of "));
    KINDS.put("validity", new Kind(Set.of(), "99.9%", "Validity of "));
    KINDS.put("duplicates", new Kind(Set.of(), "99.9%", "Duplicates in "));
    KINDS.put("queries", new Kind(Set.of(), "99.9%", "Queries of "));
    KINDS.put("schema", new Kind(Set.of(), "100%", "Schema of "));
    KINDS.put("cost", new Kind(Set.of("below", "perUnit", "per"), "95%", "Cost of "));
    KINDS.put("backfill", new Kind(Set.of("within"), "90%", "Backfills of "));
    KINDS.put("catalog", new Kind(Set.of(), "95%", "Catalog entries of "));
    KINDS.put("access", new Kind(Set.of(), "99.9%", "Access to "));
    KINDS.put("reads", new Kind(Set.of("below"), "95%", "Reads of "));
    KINDS.put(
        "heartbeat", new Kind(Set.of("connector", "every", "grace"), "99.9%", "Heartbeat of "));
    KINDS.put("drift", new Kind(Set.of("feature", "method", "below"), "99%", "Drift of "));
    KINDS.put("queue", new Kind(Set.of("below"), "95%", "Queue of "));
    KINDS.put("checks", new Kind(Set.of("check"), "99%", "Checks of "));
    KINDS.put("latency", new Kind(Set.of("metric", "below"), "95%", "Latency of "));
    KINDS.put(
        "ratio",
        new Kind(Set.of("good", "bad", "total", "method", "sliceTarget"), "99%", "Ratio of "));
    KINDS.put(
        "threshold", new Kind(Set.of("metric", "where", "below", "above"), "99%", "Level of "));
    KINDS.put("composite", new Kind(CompositeParser.KEYS, "99%", "All of "));
  }

  private static final Map<String, Duration> PERIODS =
      Map.of("hour", Duration.ofHours(1), "day", Duration.ofDays(1));

  private static final Map<String, Double> UNITS = Map.of("TB", 1e12, "GB", 1e9, "run", 1.0);

  private final Subject subject;
  private final YamlNode spec;
  private final Shared shared;

  SliParser(Subject subject, YamlNode spec, Shared shared) {
    this.subject = subject;
    this.spec = spec;
    this.shared = shared;
  }

  /** Reads it, or returns empty after complaints. */
  Optional<Sli> parse(String kind, YamlNode body, ZoneId zone) {
    return switch (kind) {
      case "freshness" ->
          ObjectiveParser.needed(body, "within")
              .map(within -> new Sli.Freshness(about("tidemark.watermark"), within));
      case "arrival" ->
          new ArrivalParser(shared)
              .read(body, about("tidemark.watermark"), zone)
              .map(Sli.class::cast);
      case "heartbeat" -> heartbeat(body);
      case "completeness" -> completeness(body, zone);
      case "runs" -> runs(body);
      case "checks" -> body.required("check").map(check -> checks("checks", check, false));
      case "queries" -> Optional.of(checks("queries", "query", false));
      case "schema" -> Optional.of(checks("schema", "schema", false));
      case "access" -> Optional.of(checks("access", "access", false));
      case "catalog" -> Optional.of(checks("catalog", "catalog", true));
      case "validity" -> Optional.of(share("validity", "rejected"));
      case "duplicates" -> Optional.of(share("duplicates", "duplicate"));
      case "drift" -> drift(body);
      case "cost" -> cost(body);
      case "backfill" ->
          ObjectiveParser.needed(body, "within")
              .map(
                  within ->
                      latency(
                          "backfill",
                          about("tidemark.run.duration", "run.type", "backfill"),
                          within));
      case "lag" -> below("lag", body, "tidemark.processing.lag");
      case "reads" -> below("reads", body, "tidemark.read.latency");
      case "queue" -> below("queue", body, "tidemark.queue.age");
      case "ratio" -> ratio(body);
      case "threshold" -> threshold(body);
      case "composite" -> CompositeParser.read(this, body, zone);
      default -> below("latency", body, body.text("metric").orElse("tidemark.processing.lag"));
    };
  }

  /** Series of a metric that speak of the subject. */
  private Selector about(String metric, String... more) {
    Map<String, Set<String>> wanted = new HashMap<>();
    wanted.put(
        subject.type() == Subject.Type.PIPELINE ? "service.name" : "dataset",
        Set.of(subject.name()));
    for (int i = 0; i + 1 < more.length; i += 2) {
      wanted.put(more[i], Set.of(more[i + 1]));
    }
    return new Selector(metric, wanted);
  }

  private Optional<Sli> below(String kind, YamlNode body, String metric) {
    return ObjectiveParser.needed(body, "below").map(limit -> latency(kind, about(metric), limit));
  }

  private static Sli latency(String kind, Selector histogram, Duration limit) {
    return new Sli.Latency(kind, histogram, limit.toMillis() / 1e3, new Budgeting.Occurrences());
  }

  private Sli checks(String kind, String check, boolean anywhere) {
    String metric = "tidemark.check";
    Selector good =
        anywhere
            ? new Selector(metric, Map.of("check", Set.of(check), "outcome", Set.of("success")))
            : about(metric, "check", check, "outcome", "success");
    Selector total =
        anywhere
            ? new Selector(metric, Map.of("check", Set.of(check)))
            : about(metric, "check", check);
    return new Sli.Ratio(kind, good, false, total, new Budgeting.Occurrences());
  }

  private Sli share(String kind, String badOutcome) {
    return new Sli.Ratio(
        kind,
        about("tidemark.records", "outcome", badOutcome),
        true,
        about("tidemark.records", "outcome", "observed"),
        new Budgeting.Occurrences());
  }

  /** Reads a time of day, or complains. */
  static Optional<LocalTime> time(YamlNode body, String key, String text) {
    try {
      return Optional.of(LocalTime.parse(text));
    } catch (DateTimeException e) {
      body.find(key)
          .orElse(body)
          .error("'" + text + "' is no time of day; write one in quotes such as \"06:00\"");
      return Optional.empty();
    }
  }

  /** Reads days of the week: {@code business-days}, {@code every-day} or a list of names. */
  static Set<DayOfWeek> days(YamlNode body, String key) {
    Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    if (body.find(key).isEmpty()) {
      return EnumSet.allOf(DayOfWeek.class);
    }
    for (String word : body.oneOrMore(key)) {
      switch (word.toLowerCase(Locale.ROOT)) {
        case "business-days" -> days.addAll(ActiveHours.BUSINESS_DAYS);
        case "every-day" -> days.addAll(EnumSet.allOf(DayOfWeek.class));
        default -> {
          Optional<DayOfWeek> day = day(word);
          day.ifPresent(days::add);
          if (day.isEmpty()) {
            body.find(key)
                .orElse(body)
                .error(
                    "'"
                        + word
                        + "' is no day; write business-days, every-day, or mon, tue and so on");
          }
        }
      }
    }
    return days;
  }

  private static Optional<DayOfWeek> day(String word) {
    for (DayOfWeek day : DayOfWeek.values()) {
      if (day.name().equalsIgnoreCase(word) || day.name().substring(0, 3).equalsIgnoreCase(word)) {
        return Optional.of(day);
      }
    }
    return Optional.empty();
  }

  private Optional<Sli> heartbeat(YamlNode body) {
    Optional<String> connector = body.required("connector");
    Optional<Duration> every = ObjectiveParser.needed(body, "every");
    if (connector.isEmpty() || every.isEmpty()) {
      return Optional.empty();
    }
    // A rolling restart misses one beat; that is no death.
    Duration grace = ObjectiveParser.duration(body, "grace").orElse(every.get());
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
    return period(body, "day")
        .map(
            length ->
                new Sli.Completeness(
                    about("tidemark.records", "outcome", "observed"),
                    about("tidemark.records", "outcome", "expected"),
                    atLeast,
                    length,
                    zone));
  }

  private static Optional<Duration> period(YamlNode body, String preset) {
    String per = body.text("per").orElse(preset);
    Optional<Duration> length =
        Optional.ofNullable(PERIODS.get(per)).or(() -> Durations.parse(per));
    if (length.isEmpty() && !per.equals("week")) {
      body.find("per")
          .orElse(body)
          .error("'" + per + "' is no period; write hour, day or a duration such as 15m");
    } else if (length.isEmpty() || length.get().compareTo(Duration.ofDays(1)) > 0) {
      body.find("per")
          .orElse(body)
          .error(
              "'"
                  + per
                  + "' is longer than a day, and would not begin where the calendar's week or month"
                  + " does; write day, and judge the weeks by the window");
      return Optional.empty();
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
            new Budgeting.Occurrences()));
  }

  private Optional<Sli> drift(YamlNode body) {
    Optional<String> feature = body.required("feature");
    Optional<Double> below = number(body, "below");
    if (feature.isEmpty() || below.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Sli.Threshold(
            "drift",
            about(
                "tidemark.drift",
                "feature",
                feature.get(),
                "method",
                body.text("method").orElse("psi")),
            Sli.Comparison.LTE,
            below.get()));
  }

  private Optional<Sli> cost(YamlNode body) {
    Optional<Double> below = number(body, "below");
    String unit = body.text("perUnit").orElse("TB");
    Double size = UNITS.get(unit);
    if (size == null) {
      body.find("perUnit")
          .orElse(body)
          .error("cost is per TB, GB or run" + YamlNode.suggestion(unit, UNITS.keySet()));
    }
    Optional<Duration> per = period(body, "day");
    if (below.isEmpty() || size == null || per.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Sli.Quotient(
            "cost",
            about("tidemark.cost"),
            about(unit.equals("run") ? "tidemark.runs" : "tidemark.bytes"),
            size,
            below.get(),
            per.get()));
  }

  private Optional<Sli> ratio(YamlNode body) {
    boolean isBad = body.find("bad").isPresent();
    if (isBad == body.find("good").isPresent()) {
      body.error("ratio needs either 'good' or 'bad', and 'total'");
      return Optional.empty();
    }
    Optional<Selector> share = body.find(isBad ? "bad" : "good").flatMap(SliParser::selector);
    Optional<Selector> total = body.find("total").flatMap(SliParser::selector);
    if (body.find("total").isEmpty()) {
      body.error("ratio needs 'total': {metric: NAME, where: {ATTRIBUTE: VALUE}}");
    }
    Optional<Budgeting> method = method(body);
    if (share.isEmpty() || total.isEmpty() || method.isEmpty()) {
      return Optional.empty();
    }
    SelectorLint.ratio(body, share.get(), total.get());
    return Optional.of(new Sli.Ratio("ratio", share.get(), isBad, total.get(), method.get()));
  }

  private static Optional<Budgeting> method(YamlNode body) {
    String text = body.text("method").orElse("occurrences");
    return switch (text) {
      case "occurrences" -> Optional.of(new Budgeting.Occurrences());
      case "ratioTimeslices" -> Optional.of(new Budgeting.RatioTimeslices());
      case "timeslices" -> timeslices(body);
      default -> {
        Set<String> known = Set.of("occurrences", "timeslices", "ratioTimeslices");
        body.find("method")
            .orElse(body)
            .error("'" + text + "' is no method" + YamlNode.suggestion(text, known));
        yield Optional.empty();
      }
    };
  }

  private static Optional<Budgeting> timeslices(YamlNode body) {
    Optional<String> target = body.required("sliceTarget");
    try {
      return target.map(wanted -> new Budgeting.Timeslices(Target.parse(wanted).ratio()));
    } catch (IllegalArgumentException e) {
      body.find("sliceTarget").orElse(body).error(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private Optional<Sli> threshold(YamlNode body) {
    Optional<String> metric = body.required("metric");
    boolean above = body.find("above").isPresent();
    if (above == body.find("below").isPresent()) {
      body.error("threshold needs either 'below' or 'above'");
      return Optional.empty();
    }
    Optional<Double> limit = number(body, above ? "above" : "below");
    if (metric.isEmpty() || limit.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Sli.Threshold(
            "threshold",
            new Selector(metric.get(), where(body)),
            above ? Sli.Comparison.GTE : Sli.Comparison.LTE,
            limit.get()));
  }

  private static Optional<Selector> selector(YamlNode node) {
    node.onlyKnows(Set.of("metric", "where"));
    return node.required("metric").map(metric -> new Selector(metric, where(node)));
  }

  private static Map<String, Set<String>> where(YamlNode node) {
    Map<String, Set<String>> wanted = new HashMap<>();
    node.find("where")
        .ifPresent(
            where -> {
              SelectorLint.selector(where);
              where.keys().forEach(key -> wanted.put(key, Set.copyOf(where.oneOrMore(key))));
            });
    return wanted;
  }

  private static Optional<Double> number(YamlNode body, String key) {
    Optional<String> text = body.required(key);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Double.parseDouble(text.get()));
    } catch (NumberFormatException e) {
      body.find(key).orElse(body).error("'" + text.get() + "' is not a number such as 0.25");
      return Optional.empty();
    }
  }
}
