package dev.tidemark.engine.definition;

import dev.tidemark.engine.definition.BudgetWindow.Calendar;
import dev.tidemark.engine.definition.BudgetWindow.Rolling;
import dev.tidemark.engine.definition.BudgetWindow.Unit;
import dev.tidemark.engine.definition.Objective.Subject;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.model.Target;
import java.math.BigDecimal;
import java.time.DateTimeException;
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

/**
 * Reads documents of OpenSLO v1. Objectives may refer to indicators and sources in other files, so
 * all documents are collected first. Unknown members are warnings here, because public files have
 * them; what Tidemark adds to OpenSLO stands in annotations that begin with {@code tidemark.dev/}:
 * {@code owner}, {@code domain}, {@code runbook} and {@code dataset} (the node of the lineage graph
 * that suffers; otherwise it is the service). Not thread-safe.
 *
 * <p>Source: OpenSLO specification v1, github.com/OpenSLO/OpenSLO.
 */
final class OpenSloParser {
  static final String VERSION = "openslo/v1";
  static final Set<String> KINDS =
      Set.of(
          "SLO",
          "SLI",
          "Service",
          "DataSource",
          "AlertPolicy",
          "AlertCondition",
          "AlertNotificationTarget");
  static final Set<String> SPEC =
      Set.of(
          "description",
          "service",
          "indicator",
          "indicatorRef",
          "timeWindow",
          "budgetingMethod",
          "objectives",
          "alertPolicies");
  static final Set<String> OBJECTIVE =
      Set.of(
          "displayName",
          "op",
          "value",
          "target",
          "targetPercent",
          "timeSliceTarget",
          "timeSliceWindow");
  private static final Set<String> METHODS = Set.of("Occurrences", "Timeslices", "RatioTimeslices");
  private static final Map<String, Unit> CALENDAR =
      Map.of(
          "1d", Unit.DAY, "1w", Unit.WEEK, "1M", Unit.MONTH, "1Q", Unit.QUARTER, "1Y", Unit.YEAR);

  private final List<YamlNode> slos = new ArrayList<>();
  private final Map<String, YamlNode> indicators = new LinkedHashMap<>();
  private final Map<String, YamlNode> dataSources = new LinkedHashMap<>();
  private final OpenSloAlerts alerts = new OpenSloAlerts();

  /** Keeps a document that has metadata.name and spec. */
  void add(String kind, String name, YamlNode document) {
    YamlNode spec = document.find("spec").orElseThrow();
    switch (kind) {
      case "SLO" -> slos.add(document);
      case "SLI" -> indicators.put(name, spec);
      case "DataSource" -> dataSources.put(name, spec);
      case "Service" -> spec.warnsOfUnknown(Set.of("description"));
      default -> alerts.add(kind, name, spec);
    }
  }

  /** The collected SLO documents, in order. */
  List<YamlNode> slos() {
    return slos;
  }

  /** Warns of what no SLO refers to, once all have been read. */
  void warnOfUnused() {
    alerts.warnOfUnused();
  }

  /** Reads the objectives of one SLO; leaves out, after complaints, what cannot be read. */
  List<Objective> read(YamlNode document) {
    YamlNode metadata = document.find("metadata").orElseThrow();
    YamlNode spec = document.find("spec").orElseThrow();
    String name = metadata.text("name").orElseThrow();
    spec.warnsOfUnknown(SPEC);
    Optional<String> service = spec.required("service");
    Optional<String> method = method(spec);
    Optional<BudgetWindow> window = window(spec);
    Optional<YamlNode> indicator = indicator(spec);
    List<YamlNode> elements = spec.elements("objectives");
    if (elements.isEmpty()) {
      spec.error("an SLO needs 'objectives', such as [{target: 0.995}]");
    }
    List<Objective> read = new ArrayList<>();
    for (int i = 0; i < elements.size(); i++) {
      YamlNode element = elements.get(i);
      element.warnsOfUnknown(OBJECTIVE);
      // Each is read although the next is wrong, so that all complaints come in one go.
      Optional<Target> target = target(element);
      Optional<Duration> slice = slice(element);
      Optional<Sli.Budgeting> budgeting = method.flatMap(word -> budgeting(word, element));
      Optional<Sli> sli =
          indicator.flatMap(
              found ->
                  new OpenSloIndicator(dataSources)
                      .read(
                          found,
                          budgeting.orElseGet(Sli.Budgeting.Occurrences::new),
                          OpenSloIndicator.limit(element)));
      if (service.isPresent()
          && window.isPresent()
          && target.isPresent()
          && slice.isPresent()
          && budgeting.isPresent()
          && sli.isPresent()) {
        String id = elements.size() == 1 ? name : name + "-" + slug(element, i + 1);
        read.add(
            objective(
                metadata,
                spec,
                service.get(),
                element,
                id,
                sli.get(),
                target.get(),
                window.get(),
                slice.get()));
      }
    }
    return read;
  }

  private Objective objective(
      YamlNode metadata,
      YamlNode spec,
      String service,
      YamlNode element,
      String id,
      Sli sli,
      Target target,
      BudgetWindow window,
      Duration slice) {
    Map<String, String> annotations = metadata.textMap("annotations");
    String dataset = annotations.getOrDefault("tidemark.dev/dataset", "");
    String owner = annotations.getOrDefault("tidemark.dev/owner", "");
    String domain = annotations.getOrDefault("tidemark.dev/domain", "");
    Map<String, String> labels = new LinkedHashMap<>();
    metadata
        .find("labels")
        .ifPresent(
            own ->
                own.keys().forEach(key -> labels.put(key, String.join(",", own.oneOrMore(key)))));
    labels.put("objective", id);
    labels.put("sli", sli.kind());
    labels.put("service", service);
    putUnlessEmpty(labels, "dataset", dataset);
    putUnlessEmpty(labels, "owner", owner);
    putUnlessEmpty(labels, "domain", domain);
    List<BurnRateCondition> conditions =
        alerts.conditions(spec, element, window.nominal(), target, slice);
    String displayName = metadata.text("displayName").orElse(id);
    return new Objective(
        new ObjectiveId(id),
        element.text("displayName").map(own -> displayName + ": " + own).orElse(displayName),
        dataset.isEmpty()
            ? new Subject(Subject.Type.SERVICE, service)
            : new Subject(Subject.Type.DATASET, dataset),
        owner,
        domain,
        sli,
        target,
        window,
        slice,
        NoDataPolicy.IGNORED,
        Duration.ofHours(1),
        conditions,
        labels,
        annotations.getOrDefault("tidemark.dev/runbook", ""),
        element.place());
  }

  private Optional<YamlNode> indicator(YamlNode spec) {
    Optional<YamlNode> inline = spec.find("indicator");
    Optional<String> reference = spec.text("indicatorRef");
    if (inline.isPresent() == reference.isPresent()) {
      spec.error("an SLO needs either 'indicator' or 'indicatorRef'");
      return Optional.empty();
    }
    if (inline.isPresent()) {
      inline.get().warnsOfUnknown(Set.of("metadata", "spec", "apiVersion", "kind"));
      if (inline.get().find("spec").isEmpty()) {
        inline.get().error("an indicator needs 'spec'");
      }
      return inline.get().find("spec");
    }
    YamlNode named = indicators.get(reference.orElseThrow());
    if (named == null) {
      spec.find("indicatorRef")
          .orElse(spec)
          .error(
              "there is no SLI '"
                  + reference.orElseThrow()
                  + "'"
                  + YamlNode.suggestion(reference.orElseThrow(), indicators.keySet()));
    }
    return Optional.ofNullable(named);
  }

  private static Optional<Target> target(YamlNode element) {
    Optional<String> ratio = element.text("target");
    Optional<String> percent = element.text("targetPercent");
    if (ratio.isPresent() == percent.isPresent()) {
      element.error("an objective needs either 'target' (0.995) or 'targetPercent' (99.5)");
      return Optional.empty();
    }
    YamlNode at = element.find(ratio.isPresent() ? "target" : "targetPercent").orElse(element);
    try {
      BigDecimal hundredths =
          ratio
              .map(text -> new BigDecimal(text.trim()).movePointRight(2))
              .orElseGet(() -> new BigDecimal(percent.orElseThrow().trim()));
      if (hundredths.compareTo(BigDecimal.valueOf(100)) >= 0) {
        at.error("a target is below 1 (100 %), so that there is a budget");
        return Optional.empty();
      }
      return Optional.of(Target.parse(hundredths.stripTrailingZeros().toPlainString() + "%"));
    } catch (NumberFormatException e) {
      at.error(
          "a target is a number such as 0.995, not '" + ratio.or(() -> percent).orElse("") + "'");
    } catch (IllegalArgumentException e) {
      at.error(String.valueOf(e.getMessage()));
    }
    return Optional.empty();
  }

  private static Optional<String> method(YamlNode spec) {
    Optional<String> method = spec.required("budgetingMethod");
    if (method.isPresent() && !METHODS.contains(method.get())) {
      spec.find("budgetingMethod")
          .orElse(spec)
          .error(
              "budgetingMethod '"
                  + method.get()
                  + "' is not known"
                  + YamlNode.suggestion(method.get(), METHODS));
      return Optional.empty();
    }
    return method;
  }

  private static Optional<Sli.Budgeting> budgeting(String method, YamlNode element) {
    return switch (method) {
      case "Occurrences" -> Optional.of(new Sli.Budgeting.Occurrences());
      case "RatioTimeslices" -> Optional.of(new Sli.Budgeting.RatioTimeslices());
      default -> timeslices(element);
    };
  }

  private static Optional<Sli.Budgeting> timeslices(YamlNode element) {
    Optional<String> text = element.required("timeSliceTarget");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      double target = Double.parseDouble(text.get());
      if (target > 0 && target <= 1) {
        return Optional.of(new Sli.Budgeting.Timeslices(target));
      }
    } catch (NumberFormatException e) {
      // Told below, as any other value out of range.
    }
    element
        .find("timeSliceTarget")
        .orElse(element)
        .error("timeSliceTarget is above 0 and at most 1, not '" + text.get() + "'");
    return Optional.empty();
  }

  private static Optional<Duration> slice(YamlNode element) {
    Optional<String> text = element.text("timeSliceWindow");
    if (text.isEmpty()) {
      return Optional.of(Duration.ofMinutes(1));
    }
    YamlNode at = element.find("timeSliceWindow").orElse(element);
    String shorthand = text.get();
    if (shorthand.matches("\\d{1,6}")) {
      at.warn("a timeSliceWindow without a unit is read as minutes; write " + shorthand + "m");
      shorthand += "m";
    }
    Optional<Duration> length = Durations.parseOpenSlo(shorthand);
    if (length.isEmpty()) {
      at.error("'" + text.get() + "' is no duration; write one such as 1m or 1h");
    }
    return length;
  }

  private static Optional<BudgetWindow> window(YamlNode spec) {
    List<YamlNode> windows = spec.elements("timeWindow");
    if (windows.size() != 1) {
      spec.error("an SLO needs one 'timeWindow', such as [{duration: 30d, isRolling: true}]");
      return Optional.empty();
    }
    YamlNode window = windows.get(0);
    window.warnsOfUnknown(Set.of("duration", "isRolling", "calendar"));
    Optional<String> text = window.required("duration");
    Optional<YamlNode> calendar = window.find("calendar");
    boolean rolling = window.text("isRolling").map("true"::equals).orElseGet(calendar::isEmpty);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (rolling != calendar.isEmpty()) {
      window.error(
          rolling
              ? "a rolling window has no 'calendar'"
              : "a window that does not roll needs 'calendar' with startTime and timeZone");
      return Optional.empty();
    }
    return rolling ? rolling(window, text.get()) : calendar(window, text.get(), calendar.get());
  }

  private static Optional<BudgetWindow> rolling(YamlNode window, String text) {
    Optional<Duration> length = Durations.parseOpenSlo(text);
    if (length.isEmpty() || length.get().compareTo(Duration.ofDays(366)) > 0) {
      window
          .find("duration")
          .orElse(window)
          .error(
              "'" + text + "' is no window of at most a year; write one such as 28d, 4w, 1M or 1Q");
      return Optional.empty();
    }
    return Optional.of(new Rolling(length.get(), text));
  }

  private static Optional<BudgetWindow> calendar(YamlNode window, String text, YamlNode calendar) {
    calendar.warnsOfUnknown(Set.of("startTime", "timeZone"));
    Unit unit = CALENDAR.get(text);
    if (unit == null) {
      window
          .find("duration")
          .orElse(window)
          .error("a calendar window is 1d, 1w, 1M, 1Q or 1Y, not '" + text + "'");
      return Optional.empty();
    }
    ZoneId zone = ZoneOffset.UTC;
    String name = calendar.text("timeZone").orElse("UTC");
    try {
      zone = ZoneId.of(name);
    } catch (DateTimeException e) {
      calendar
          .find("timeZone")
          .orElse(calendar)
          .error("'" + name + "' is no time zone; write one such as Europe/Warsaw");
    }
    return Optional.of(new Calendar(unit, zone));
  }

  private static String slug(YamlNode element, int number) {
    String words =
        element
            .text("displayName")
            .orElse("")
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]+", "-")
            .replaceAll("^-|-$", "");
    return words.isEmpty() ? Integer.toString(number) : words;
  }

  private static void putUnlessEmpty(Map<String, String> labels, String key, String value) {
    if (!value.isEmpty()) {
      labels.put(key, value);
    }
  }
}
