package dev.tidemark.engine.definition;

import dev.tidemark.engine.model.Target;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * One element of {@code objectives} of an SLO of OpenSLO: what stands there beside its indicator.
 *
 * @param element where it stands
 * @param target the share that must be good
 * @param slice length of a slice; a minute where nothing is said
 * @param budgeting how counts become budget
 * @param weight in a composite
 */
record OpenSloObjective(
    YamlNode element, Target target, Duration slice, Sli.Budgeting budgeting, double weight) {
  static final Set<String> MEMBERS =
      Set.of(
          "displayName",
          "op",
          "value",
          "target",
          "targetPercent",
          "timeSliceTarget",
          "timeSliceWindow",
          "indicator",
          "indicatorRef",
          "compositeWeight");
  private static final String OCCURRENCES = "Occurrences";
  private static final String TIMESLICES = "Timeslices";
  private static final String RATIO_TIMESLICES = "RatioTimeslices";
  private static final Set<String> METHODS = Set.of(OCCURRENCES, TIMESLICES, RATIO_TIMESLICES);

  /** Reads the budgeting method of an SLO; empty after a complaint. */
  static Optional<String> method(YamlNode spec) {
    Optional<String> found = spec.text("budgetingMethod");
    if (found.isEmpty()) {
      OpenSloRules.needs(
          spec, "budgetingMethod", OCCURRENCES + " is taken, where every event counts once");
      return Optional.of(OCCURRENCES);
    }
    YamlNode at = spec.find("budgetingMethod").orElse(spec);
    for (String method : METHODS) {
      if (method.equals(found.get())) {
        return found;
      }
      if (method.equalsIgnoreCase(found.get())) {
        at.breaks("budgetingMethod is written '" + method + "'");
        return Optional.of(method);
      }
    }
    at.error(
        "budgetingMethod '"
            + found.get()
            + "' is not known"
            + YamlNode.suggestion(found.get(), METHODS));
    return Optional.empty();
  }

  /** How slices of a composite's components become one. */
  static Sli.Combination combination(String method) {
    return switch (method) {
      case TIMESLICES -> Sli.Combination.ANY_BAD;
      case RATIO_TIMESLICES -> Sli.Combination.SHORTFALLS_ADD;
      default -> Sli.Combination.BURN_RATES_ADD;
    };
  }

  /** Reads all of it, so that all complaints come in one go; empty after one. */
  static Optional<OpenSloObjective> read(YamlNode element, String method) {
    element.specKnows(MEMBERS);
    Optional<Target> target = target(element);
    Optional<Duration> slice = slice(element, method);
    Optional<Sli.Budgeting> budgeting = budgeting(method, element, target);
    Optional<Double> weight = weight(element);
    if (target.isEmpty() || slice.isEmpty() || budgeting.isEmpty() || weight.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new OpenSloObjective(element, target.get(), slice.get(), budgeting.get(), weight.get()));
  }

  /** A word for it in ids and names: its display name, or its number. */
  String slug(int number) {
    String words =
        element
            .text("displayName")
            .orElse("")
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]+", "-")
            .replaceAll("^-|-$", "");
    return words.isEmpty() ? Integer.toString(number) : words;
  }

  private static Optional<Target> target(YamlNode element) {
    Optional<String> ratio = element.text("target");
    Optional<String> percent = element.text("targetPercent");
    if (ratio.isEmpty() && percent.isEmpty()) {
      element.error("an objective needs either 'target' (0.995) or 'targetPercent' (99.5)");
      return Optional.empty();
    }
    if (ratio.isPresent() && percent.isPresent()) {
      element
          .find("targetPercent")
          .orElse(element)
          .breaks("'targetPercent' stands beside 'target'; only 'target' is used");
    }
    YamlNode at = element.find(ratio.isPresent() ? "target" : "targetPercent").orElse(element);
    try {
      BigDecimal hundredths =
          ratio
              .map(text -> new BigDecimal(text.trim()).movePointRight(2))
              .orElseGet(() -> new BigDecimal(percent.orElseThrow().trim()));
      if (hundredths.compareTo(BigDecimal.valueOf(100)) >= 0) {
        at.error(
            "a target is below 1 (100 %), so that there is a budget"
                + (ratio.isPresent()
                        && hundredths.compareTo(BigDecimal.valueOf(10_000)) < 0
                        && hundredths.compareTo(BigDecimal.valueOf(100)) > 0
                    ? "; percentages are written as targetPercent"
                    : ""));
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

  private static Optional<Sli.Budgeting> budgeting(
      String method, YamlNode element, Optional<Target> target) {
    return switch (method) {
      case TIMESLICES -> timeslices(element, target);
      case RATIO_TIMESLICES -> Optional.of(new Sli.Budgeting.RatioTimeslices());
      default -> Optional.of(new Sli.Budgeting.Occurrences());
    };
  }

  private static Optional<Sli.Budgeting> timeslices(YamlNode element, Optional<Target> target) {
    Optional<String> text = element.text("timeSliceTarget");
    if (text.isEmpty()) {
      OpenSloRules.needs(
          element, "timeSliceTarget", "the objective's own target is taken for every slice");
      return target.map(own -> new Sli.Budgeting.Timeslices(own.ratio()));
    }
    try {
      double ratio = Double.parseDouble(text.get());
      if (ratio > 0 && ratio <= 1) {
        return Optional.of(new Sli.Budgeting.Timeslices(ratio));
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

  /** A number alone counts minutes, as the specification says. */
  private static Optional<Duration> slice(YamlNode element, String method) {
    Optional<String> text = element.text("timeSliceWindow");
    if (text.isEmpty()) {
      if (!method.equals(OCCURRENCES)) {
        OpenSloRules.needs(element, "timeSliceWindow", "a minute is taken");
      }
      return Optional.of(Duration.ofMinutes(1));
    }
    boolean minutes = text.get().matches("\\d{1,6}");
    Optional<Duration> length = Durations.parseOpenSlo(minutes ? text.get() + "m" : text.get());
    if (length.isEmpty()) {
      element
          .find("timeSliceWindow")
          .orElse(element)
          .error("'" + text.get() + "' is no duration; write one such as 1m or 1h");
    } else if (!minutes) {
      Durations.specReads(element, "timeSliceWindow");
    }
    return length;
  }

  private static Optional<Double> weight(YamlNode element) {
    return CompositeWeight.read(
        element,
        "compositeWeight",
        text -> "compositeWeight is a number above 0, not '" + text + "'");
  }
}
