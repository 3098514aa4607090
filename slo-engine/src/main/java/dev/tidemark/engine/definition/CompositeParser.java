package dev.tidemark.engine.definition;

import dev.tidemark.engine.definition.Sli.Budgeting;
import dev.tidemark.engine.definition.Sli.Combination;
import dev.tidemark.engine.model.Target;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code composite}: several kinds of objective as one, such as {@code {of: [{freshness:
 * {within: 5m}}, {validity: {weight: 2}}]}}. Without {@code method} a slice is bad if it is bad for
 * any of them. Stateless.
 */
final class CompositeParser {
  static final Set<String> KEYS = Set.of("of", "method");

  /** Their verdict comes once per period, not per slice. */
  private static final Set<String> PERIODIC = Set.of("completeness", "cost", "composite");

  /** A composite's method says how counts of its components are judged. */
  private static final Set<String> SAID_BY_COMPOSITE = Set.of("method", "sliceTarget");

  private static final Map<String, Combination> METHODS =
      Map.of(
          "timeslices", Combination.ANY_BAD,
          "ratioTimeslices", Combination.SHORTFALLS_ADD,
          "occurrences", Combination.BURN_RATES_ADD);

  private CompositeParser() {}

  /** Reads it, or returns empty after complaints. */
  static Optional<Sli> read(SliParser kinds, YamlNode body, ZoneId zone) {
    String method = body.text("method").orElse("timeslices");
    Combination combination = METHODS.get(method);
    if (combination == null) {
      body.find("method")
          .orElse(body)
          .error(
              "'"
                  + method
                  + "' is no way to combine objectives"
                  + YamlNode.suggestion(method, METHODS.keySet()));
    }
    List<YamlNode> elements = body.elements("of");
    if (elements.size() < 2) {
      body.error("composite needs 'of' with at least two, such as [{runs: {}}, {validity: {}}]");
    }
    List<Sli.Component> components = new ArrayList<>();
    for (YamlNode element : elements) {
      component(kinds, element, zone, combination).ifPresent(components::add);
    }
    return combination == null || elements.size() < 2 || components.size() < elements.size()
        ? Optional.empty()
        : Optional.of(new Sli.Composite(components, combination));
  }

  private static Optional<Sli.Component> component(
      SliParser kinds, YamlNode element, ZoneId zone, @Nullable Combination combination) {
    Set<String> known = new TreeSet<>(SliParser.KINDS.keySet());
    known.removeAll(PERIODIC);
    String kind = element.keys().size() == 1 ? element.keys().get(0) : "";
    SliParser.Kind form = SliParser.KINDS.get(kind);
    if (form == null || !known.contains(kind)) {
      element.error(
          (PERIODIC.contains(kind)
                  ? "'" + kind + "' cannot be a part of a composite"
                  : "a part of a composite is one kind of objective with its settings behind it")
              + YamlNode.suggestion(kind, known));
      return Optional.empty();
    }
    YamlNode body = element.find(kind).orElse(element);
    Set<String> keys = new TreeSet<>(form.keys());
    keys.removeAll(SAID_BY_COMPOSITE);
    keys.addAll(Set.of("name", "target", "weight"));
    body.onlyKnows(keys);
    Optional<Target> target = target(body, form.target());
    Optional<Double> weight = weight(body);
    Optional<Sli> sli = kinds.parse(kind, body, zone);
    if (target.isEmpty() || weight.isEmpty() || sli.isEmpty() || combination == null) {
      return Optional.empty();
    }
    return Optional.of(
        new Sli.Component(
            body.text("name").orElse(kind),
            counted(sli.get(), combination, target.get()),
            target.get(),
            weight.get()));
  }

  /** Judges counts as the composite does: where any bad slice decides, by their own target. */
  private static Sli counted(Sli sli, Combination combination, Target target) {
    Budgeting budgeting =
        switch (combination) {
          case BURN_RATES_ADD -> new Budgeting.Occurrences();
          case ANY_BAD -> new Budgeting.Timeslices(target.ratio());
          case SHORTFALLS_ADD -> new Budgeting.RatioTimeslices();
        };
    if (sli instanceof Sli.Ratio ratio) {
      return new Sli.Ratio(ratio.kind(), ratio.good(), ratio.goodIsBad(), ratio.total(), budgeting);
    }
    return sli instanceof Sli.Latency latency
        ? new Sli.Latency(latency.kind(), latency.histogram(), latency.limitSeconds(), budgeting)
        : sli;
  }

  private static Optional<Target> target(YamlNode body, String preset) {
    try {
      return Optional.of(Target.parse(body.text("target").orElse(preset)));
    } catch (IllegalArgumentException e) {
      body.find("target").orElse(body).error(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private static Optional<Double> weight(YamlNode body) {
    return CompositeWeight.read(
        body, "weight", text -> "'" + text + "' is no weight: a number above 0, such as 2");
  }
}
