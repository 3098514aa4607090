package dev.tidemark.engine.definition;

import dev.tidemark.engine.definition.BudgetWindow.Calendar;
import dev.tidemark.engine.definition.BudgetWindow.Rolling;
import dev.tidemark.engine.definition.BudgetWindow.Unit;
import dev.tidemark.engine.definition.Objective.Subject;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.model.Target;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads one element of {@code objectives}. Not thread-safe. */
final class ObjectiveParser {
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
          "timeSlice",
          "expectedEvents",
          "budgetVolume",
          "roster",
          "alerting");
  private final Subject subject;
  private final YamlNode metadata;
  private final YamlNode spec;
  private final Map<String, String> ownLabels;

  /** How late signals may be for all objectives of the document. */
  private final Optional<Duration> lateness;

  private final Shared shared;

  ObjectiveParser(
      Subject subject,
      YamlNode metadata,
      YamlNode spec,
      Map<String, String> ownLabels,
      Optional<Duration> lateness,
      Shared shared) {
    this.subject = subject;
    this.metadata = metadata;
    this.spec = spec;
    this.ownLabels = ownLabels;
    this.lateness = lateness;
    this.shared = shared;
  }

  /** Reads it, or returns empty after complaints. */
  Optional<Objective> parse(YamlNode element) {
    List<String> kinds = element.keys();
    if (kinds.size() != 1) {
      element.error(
          "an objective is one of "
              + String.join(", ", SliParser.KINDS.keySet())
              + ", with its settings behind it");
      return Optional.empty();
    }
    String kind = kinds.get(0);
    if (!SliParser.KINDS.containsKey(kind)) {
      element.error(
          "'"
              + kind
              + "' is no kind of objective"
              + YamlNode.suggestion(kind, SliParser.KINDS.keySet()));
      return Optional.empty();
    }
    YamlNode body = element.find(kind).orElseThrow();
    Set<String> known = new java.util.TreeSet<>(COMMON);
    SliParser.Kind form = SliParser.KINDS.get(kind);
    known.addAll(form.keys());
    body.onlyKnows(known);
    body.find("runbook").ifPresent(ValueLint::runbook);
    Optional<Target> target = target(body, form.target());
    ZoneId zone = zone(body);
    List<BudgetWindow> windows = windows(body, zone);
    Optional<Sli> sli = new SliParser(subject, spec, shared).parse(kind, body, zone);
    if (target.isEmpty() || windows.isEmpty() || sli.isEmpty()) {
      return Optional.empty();
    }
    String connector = kind.equals("heartbeat") ? body.text("connector").orElse("") : "";
    Subject about = connector.isEmpty() ? subject : new Subject(Subject.Type.CONNECTOR, connector);
    String id = body.text("name").orElse(subject.name() + "-" + kind);
    Map<String, String> labels = labels(body, kind, id, connector);
    Duration slice = slice(body, sli.get());
    Roster roster = RosterParser.read(body, kind);
    SilenceLint.check(body, sli.get(), roster);
    utcDays(body, slice, zone);
    Duration window = windows.get(0).nominal();
    if (slice.compareTo(window) > 0) {
      body.find("window")
          .orElse(body)
          .warn("the window is shorter than one slice of " + slice.toMinutes() + " min");
    }
    List<BurnRateCondition> conditions =
        AlertingParser.conditions(
            body, window, target.get(), slice, zone, Urgency.most(kind, labels));
    return Optional.of(
        new Objective(
            new ObjectiveId(id),
            form.title()
                + (connector.isEmpty()
                    ? metadata.text("displayName").orElse(subject.name())
                    : connector),
            about,
            spec.text("owner").orElse(""),
            spec.text("domain").orElse(""),
            sli.get(),
            target.get(),
            windows.get(0),
            windows.subList(1, windows.size()),
            volume(body, sli.get()),
            slice,
            noData(body, kind),
            roster,
            lateness(body, sli.get()),
            conditions,
            AlertingParser.guard(body),
            labels,
            body.text("runbook").or(() -> spec.text("runbook")).orElse(""),
            element.place()));
  }

  /** The objective's own, else that of its dataset, else what the sources declare. */
  private AllowedLateness lateness(YamlNode body, Sli sli) {
    return duration(body, "allowedLateness")
        .or(() -> lateness)
        .map(AllowedLateness::of)
        .orElseGet(() -> shared.lateness(sli.selectors()));
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

  private Optional<Target> target(YamlNode body, String preset) {
    String text = body.text("target").orElse(preset);
    try {
      return Optional.of(Target.parse(text));
    } catch (IllegalArgumentException e) {
      body.find("target").orElse(body).error(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private static ZoneId zone(YamlNode body) {
    return body.text("timeZone")
        .flatMap(text -> CalendarParser.zone(body, text))
        .orElse(ZoneId.of("UTC"));
  }

  private static List<BudgetWindow> windows(YamlNode body, ZoneId zone) {
    List<String> texts = body.oneOrMore("window");
    List<BudgetWindow> windows = new ArrayList<>();
    for (String text : texts.isEmpty() ? List.of("30d") : texts) {
      Optional<BudgetWindow> window = window(text, zone);
      window.ifPresent(windows::add);
      if (window.isEmpty()) {
        body.find("window")
            .orElse(body)
            .error(
                "'"
                    + text
                    + "' is no window; write a duration up to 366d such as 30d, or day, week,"
                    + " month, quarter, year");
        return List.of();
      }
    }
    return windows;
  }

  private static Optional<BudgetWindow> window(String text, ZoneId zone) {
    for (Unit unit : Unit.values()) {
      if (unit.name().equalsIgnoreCase(text)) {
        return Optional.of(new Calendar(unit, zone));
      }
    }
    return Durations.parse(text)
        .filter(length -> length.compareTo(Duration.ofDays(366)) <= 0)
        .map(length -> new Rolling(length, text));
  }

  /** Events that the whole window is expected to hold, 0 when the budget is of what was seen. */
  private static double volume(YamlNode body, Sli sli) {
    double events = expectedEvents(body);
    Optional<YamlNode> said = body.find("budgetVolume");
    String word = body.text("budgetVolume").orElse("");
    if (sli.isSliced()) {
      said.or(() -> body.find("expectedEvents"))
          .ifPresent(
              node ->
                  node.warn(
                      "this objective counts slices of time: its budget is a share of the window's"
                          + " time, whatever the volume"));
      return events;
    }
    if (said.isPresent() && !Set.of("expected", "seen").contains(word)) {
      said.get()
          .error(
              "budgetVolume is expected or seen, not '"
                  + word
                  + "'"
                  + YamlNode.suggestion(word, Set.of("expected", "seen")));
    } else if (word.equals("expected") && events == 0) {
      said.orElse(body).error("budgetVolume: expected needs expectedEvents, such as 1000000");
    } else if (word.equals("seen") && events > 0) {
      said.orElse(body)
          .error(
              "budgetVolume: seen takes what was seen; leave out expectedEvents, or say expected");
    }
    return events;
  }

  private static double expectedEvents(YamlNode body) {
    Optional<String> text = body.text("expectedEvents");
    if (text.isEmpty()) {
      return 0;
    }
    try {
      double events = Double.parseDouble(text.get());
      if (events > 0) {
        return events;
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number that is not above zero.
    }
    body.find("expectedEvents")
        .orElse(body)
        .error("'" + text.get() + "' is no number of events in a whole window, such as 1000000");
    return 0;
  }

  /** Days of other zones have 23 to 25 hours, which slices cannot: they would be wrong twice. */
  private static void utcDays(YamlNode body, Duration slice, ZoneId zone) {
    if (slice.compareTo(Duration.ofDays(1)) >= 0 && !zone.normalized().equals(ZoneOffset.UTC)) {
      body.find("timeZone")
          .orElse(body)
          .error(
              "days are judged from midnight to midnight in UTC, not in "
                  + zone
                  + "; leave timeZone out, or judge shorter periods such as 'per: hour'");
    }
  }

  /** One minute, a whole period for completeness, and finer where the promise is finer. */
  private static Duration slice(YamlNode body, Sli sli) {
    Optional<Duration> own = duration(body, "timeSlice");
    if (own.isPresent()) {
      return own.get();
    }
    return slice(sli);
  }

  private static Duration slice(Sli sli) {
    if (sli instanceof Sli.Completeness completeness) {
      return completeness.per();
    }
    if (sli instanceof Sli.Quotient quotient) {
      return quotient.per();
    }
    if (sli instanceof Sli.Composite composite) {
      return composite.components().stream()
          .map(component -> slice(component.sli()))
          .min(Duration::compareTo)
          .orElse(Duration.ofMinutes(1));
    }
    Duration limit =
        sli instanceof Sli.Freshness freshness
            ? freshness.within()
            : sli instanceof Sli.Heartbeat heartbeat ? heartbeat.every() : Duration.ofMinutes(1);
    return limit.compareTo(Duration.ofMinutes(1)) < 0
        ? Duration.ofSeconds(Math.max(1, limit.toSeconds() / 2))
        : Duration.ofMinutes(1);
  }

  /** Nobody reports that no anomaly was found; other silences say nothing. */
  private static NoDataPolicy noData(YamlNode body, String kind) {
    String text = body.text("noData").orElse(kind.equals("access") ? "good" : "ignored");
    for (NoDataPolicy policy : NoDataPolicy.values()) {
      if (policy.text().equalsIgnoreCase(text)) {
        return policy;
      }
    }
    body.find("noData")
        .orElse(body)
        .error("noData is good, bad, ignored or frozen, not '" + text + "'");
    return NoDataPolicy.IGNORED;
  }

  /** Reads a duration that has to be there, or complains. */
  static Optional<Duration> needed(YamlNode body, String key) {
    return body.required(key).isEmpty() ? Optional.empty() : duration(body, key);
  }

  /** Reads a duration, or complains when it is none. */
  static Optional<Duration> duration(YamlNode body, String key) {
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
