package dev.tidemark.engine.definition;

import dev.tidemark.engine.definition.Objective.Subject;
import dev.tidemark.engine.definition.OpenSloAlerts.Alerting;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.model.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads one SLO of OpenSLO. Objectives that share an indicator become one each; objectives with an
 * indicator of their own become a composite, which alerts, and one each, which do not. Not
 * thread-safe.
 */
final class OpenSloReader {
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

  private final OpenSloParser all;
  private final OpenSloAlerts alerts;
  private final YamlNode metadata;
  private final YamlNode spec;
  private final OpenSloAnnotations annotations;
  private final String name;

  /** An element with what it measures. */
  private record Measured(OpenSloObjective objective, Sli sli, String id, String title) {}

  OpenSloReader(OpenSloParser all, OpenSloAlerts alerts, YamlNode document) {
    this.all = all;
    this.alerts = alerts;
    this.metadata = document.find("metadata").orElseThrow();
    this.spec = document.find("spec").orElseThrow();
    this.annotations = new OpenSloAnnotations(metadata);
    this.name = metadata.text("name").orElseThrow();
  }

  /** Reads it; leaves out, after complaints, what cannot be read. */
  List<Objective> read() {
    spec.specKnows(SPEC);
    OpenSloRules.description(spec);
    OpenSloRules.needs(spec, "service", "the SLO's name is taken");
    String service = spec.text("service").orElse(name);
    all.serviceIsKnown(spec, service);
    Optional<String> method = OpenSloObjective.method(spec);
    List<BudgetWindow> windows = OpenSloWindow.read(spec);
    List<YamlNode> elements = spec.elements("objectives");
    if (elements.isEmpty()) {
      spec.error("an SLO needs 'objectives', such as [{target: 0.995}]");
    }
    boolean composite = elements.stream().anyMatch(OpenSloParser::hasIndicator);
    Optional<YamlNode> shared = shared(elements, composite);
    List<Measured> measured = new ArrayList<>();
    for (int i = 0; i < elements.size(); i++) {
      YamlNode element = elements.get(i);
      // Each is read although the next is wrong, so that all complaints come in one go.
      Optional<OpenSloObjective> objective =
          OpenSloObjective.read(element, method.orElse("Occurrences"));
      Optional<YamlNode> indicator =
          OpenSloParser.hasIndicator(element) ? all.indicator(element) : shared;
      Optional<Sli> sli =
          indicator.flatMap(
              found ->
                  sli(
                      found,
                      element,
                      objective
                          .map(OpenSloObjective::budgeting)
                          .orElseGet(Sli.Budgeting.Occurrences::new)));
      objective.ifPresent(
          read ->
              windows.forEach(
                  window -> OpenSloWindow.refuseLocalDays(element, read.slice(), window)));
      if (objective.isPresent() && sli.isPresent() && method.isPresent() && !windows.isEmpty()) {
        String slug = objective.get().slug(i + 1);
        measured.add(
            new Measured(
                objective.get(),
                sli.get(),
                elements.size() == 1 ? name : name + "-" + slug,
                element.text("displayName").orElse(elements.size() == 1 ? "" : slug)));
      }
    }
    if (!composite || elements.size() == 1) {
      warnOfWeights(elements);
      return measured.stream()
          .map(one -> objective(service, windows, one, alertingOf(one, windows)))
          .toList();
    }
    return measured.size() == elements.size()
        ? composite(service, windows, measured, method.orElseThrow())
        : List.of();
  }

  /** The indicator of the whole SLO, which objectives without one of their own take. */
  private Optional<YamlNode> shared(List<YamlNode> elements, boolean composite) {
    boolean here = OpenSloParser.hasIndicator(spec);
    if (!composite) {
      return all.indicator(spec);
    }
    if (here) {
      spec.find("indicator")
          .or(() -> spec.find("indicatorRef"))
          .orElse(spec)
          .breaks(
              "an indicator stands either here or in every objective; here it serves those that"
                  + " have none");
      return all.indicator(spec);
    }
    for (YamlNode element : elements) {
      if (!OpenSloParser.hasIndicator(element)) {
        element.error(
            "the objectives of a composite need an 'indicator' or 'indicatorRef' each, and this one"
                + " has none");
      }
    }
    return Optional.empty();
  }

  private Optional<Sli> sli(YamlNode indicator, YamlNode element, Sli.Budgeting budgeting) {
    boolean threshold = indicator.find("thresholdMetric").isPresent();
    if (!threshold && (element.find("op").isPresent() || element.find("value").isPresent())) {
      element
          .find("op")
          .or(() -> element.find("value"))
          .orElse(element)
          .warn("'op' and 'value' compare a thresholdMetric; with a ratioMetric they say nothing");
    }
    if (threshold
        && spec.elements("objectives").size() > 1
        && !OpenSloParser.hasIndicator(element)) {
      spec.find("objectives")
          .orElse(spec)
          .breaks(
              "an SLO over a thresholdMetric has one objective; each is read as one of its own");
    }
    return all.metrics()
        .read(indicator, budgeting, threshold ? OpenSloIndicator.limit(element) : Optional.empty());
  }

  private static void warnOfWeights(List<YamlNode> elements) {
    for (YamlNode element : elements) {
      element
          .find("compositeWeight")
          .ifPresent(
              at ->
                  at.breaks(
                      "a weight says nothing here: a composite has several objectives with an"
                          + " indicator each"));
    }
  }

  private Alerting alertingOf(Measured one, List<BudgetWindow> windows) {
    return alerts.of(
        spec,
        annotations,
        one.objective().element(),
        windows.get(0),
        one.objective().target(),
        one.objective().slice());
  }

  private List<Objective> composite(
      String service, List<BudgetWindow> windows, List<Measured> measured, String method) {
    Sli.Combination combination = OpenSloObjective.combination(method);
    YamlNode at = spec.find("objectives").orElse(spec);
    Duration slice =
        measured.stream()
            .map(one -> one.objective().slice())
            .max(Comparator.naturalOrder())
            .orElseThrow();
    List<Sli.Component> components = new ArrayList<>();
    for (Measured one : measured) {
      OpenSloObjective objective = one.objective();
      if (!objective.slice().equals(slice)) {
        objective
            .element()
            .warn(
                "objectives of a composite are judged over the same slices; the longest"
                    + " timeSliceWindow of them is taken");
      }
      if (combination == Sli.Combination.ANY_BAD && objective.weight() != 1) {
        objective
            .element()
            .find("compositeWeight")
            .orElse(objective.element())
            .warn("with Timeslices any bad slice is bad for the composite, whatever it weighs");
      }
      components.add(
          new Sli.Component(one.title(), one.sli(), objective.target(), objective.weight()));
    }
    // A step that is over its budget must not be hidden by a laxer one.
    Target target =
        annotations
            .compositeTarget()
            .orElseGet(
                () ->
                    measured.stream()
                        .map(one -> one.objective().target())
                        .max(Comparator.comparingDouble(Target::ratio))
                        .orElseThrow());
    List<Objective> objectives = new ArrayList<>();
    Alerting alerting = alerts.of(spec, annotations, at, windows.get(0), target, slice);
    objectives.add(
        objective(
            name,
            metadata.text("displayName").orElse(name),
            service,
            windows,
            new Sli.Composite(components, combination),
            target,
            slice,
            alerting,
            Map.of(),
            at));
    for (Measured one : measured) {
      objectives.add(
          objective(
              one.id(),
              metadata.text("displayName").orElse(name) + ": " + one.title(),
              service,
              windows,
              one.sli(),
              one.objective().target(),
              one.objective().slice(),
              new Alerting(List.of(), alerting.guard(), alerting.silenceIsBad()),
              Map.of("composite", name),
              one.objective().element()));
    }
    return objectives;
  }

  private Objective objective(
      String service, List<BudgetWindow> windows, Measured one, Alerting alerting) {
    String displayName = metadata.text("displayName").orElse(one.id());
    return objective(
        one.id(),
        one.objective()
            .element()
            .text("displayName")
            .map(own -> displayName + ": " + own)
            .orElse(displayName),
        service,
        windows,
        one.sli(),
        one.objective().target(),
        one.objective().slice(),
        alerting,
        Map.of(),
        one.objective().element());
  }

  private Objective objective(
      String id,
      String displayName,
      String service,
      List<BudgetWindow> windows,
      Sli sli,
      Target target,
      Duration slice,
      Alerting alerting,
      Map<String, String> more,
      YamlNode at) {
    String dataset = annotations.dataset();
    Map<String, String> labels = new LinkedHashMap<>();
    metadata
        .find("labels")
        .ifPresent(
            own ->
                own.keys().stream()
                    .filter(key -> !own.find(key).orElse(own).isMap())
                    .forEach(key -> labels.put(key, String.join(",", own.oneOrMore(key)))));
    labels.put("objective", id);
    labels.put("sli", sli.kind());
    labels.put("service", service);
    labels.putAll(more);
    putUnlessEmpty(labels, "dataset", dataset);
    putUnlessEmpty(labels, "owner", annotations.owner());
    putUnlessEmpty(labels, "domain", annotations.domain());
    putUnlessEmpty(labels, "tier", annotations.tier());
    return new Objective(
        new ObjectiveId(id),
        displayName,
        dataset.isEmpty()
            ? new Subject(Subject.Type.SERVICE, service)
            : new Subject(Subject.Type.DATASET, dataset),
        annotations.owner(),
        annotations.domain(),
        sli,
        target,
        windows.get(0),
        windows.subList(1, windows.size()),
        0,
        slice,
        annotations
            .noData()
            .orElse(alerting.silenceIsBad() ? NoDataPolicy.BAD : NoDataPolicy.IGNORED),
        Roster.NONE,
        AllowedLateness.DEFAULT,
        alerting.conditions(),
        alerting.guard(),
        labels,
        annotations.runbook(),
        at.place());
  }

  private static void putUnlessEmpty(Map<String, String> labels, String key, String value) {
    if (!value.isEmpty()) {
      labels.put(key, value);
    }
  }
}
