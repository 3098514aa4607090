package dev.tidemark.engine.definition;

import dev.tidemark.engine.model.Target;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/**
 * What is measured, and when it counts as good. The evaluator turns each into good and total per
 * bucket of event time.
 */
public sealed interface Sli {
  /** Whether what is counted are slices of time, not events. */
  default boolean isSliced() {
    if (this instanceof Ratio ratio) {
      return !(ratio.budgeting() instanceof Budgeting.Occurrences);
    }
    if (this instanceof Latency latency) {
      return !(latency.budgeting() instanceof Budgeting.Occurrences);
    }
    if (this instanceof Composite composite) {
      return composite.combination() != Combination.BURN_RATES_ADD;
    }
    return true;
  }

  /** A short word for people and labels, such as {@code freshness}. */
  String kind();

  /** The series that it is read from. */
  default List<Selector> selectors() {
    if (this instanceof Freshness freshness) {
      return List.of(freshness.watermark());
    }
    if (this instanceof Arrival arrival) {
      return List.of(arrival.watermark());
    }
    if (this instanceof Heartbeat heartbeat) {
      return List.of(heartbeat.beats());
    }
    if (this instanceof Ratio ratio) {
      return List.of(ratio.good(), ratio.total());
    }
    if (this instanceof Completeness completeness) {
      return List.of(completeness.observed(), completeness.expected());
    }
    if (this instanceof Quotient quotient) {
      return List.of(quotient.numerator(), quotient.denominator());
    }
    if (this instanceof Latency latency) {
      return List.of(latency.histogram());
    }
    if (this instanceof RawRatio raw) {
      return List.of(raw.ratio());
    }
    if (this instanceof Composite composite) {
      return composite.components().stream()
          .flatMap(component -> component.sli().selectors().stream())
          .distinct()
          .toList();
    }
    return List.of(((Threshold) this).gauge());
  }

  /**
   * A slice is good if, at its end, the newest watermark is at most {@code within} old. Silence
   * ages the watermark, so silence burns.
   *
   * @param watermark gauge of event times, s since the epoch; the maximum over series counts
   * @param within greatest age that is good
   */
  record Freshness(Selector watermark, Duration within) implements Sli {
    @Override
    public String kind() {
      return "freshness";
    }
  }

  /**
   * Freshness by a calendar: a slice is good if, at its end, the newest watermark has reached what
   * the last deadline asked for. Late data are bad from the deadline until they come.
   *
   * @param watermark gauge of event times, s since the epoch; the maximum over series counts
   * @param calendar the deadlines
   * @param ofMembers deadlines of members of the roster that have their own
   */
  record Arrival(
      Selector watermark, ArrivalCalendar calendar, Map<String, ArrivalCalendar> ofMembers)
      implements Sli {
    /** Copies the map. */
    public Arrival {
      ofMembers = Map.copyOf(ofMembers);
    }

    /** Returns the deadlines of a member of the roster, or of everybody together. */
    public ArrivalCalendar calendarOf(String member) {
      return ofMembers.getOrDefault(member, calendar);
    }

    @Override
    public String kind() {
      return "arrival";
    }
  }

  /**
   * A slice is good if, at its end, the newest beat is at most {@code every + grace} old.
   *
   * @param beats any point of a selected series is a beat at its event time
   * @param every the promised interval
   * @param grace how late a beat may be
   */
  record Heartbeat(Selector beats, Duration every, Duration grace) implements Sli {
    @Override
    public String kind() {
      return "heartbeat";
    }
  }

  /**
   * Good and total counted from sums (or histogram counts). Exactly one of good and bad is given by
   * {@code goodIsBad}: when true, {@code good} selects the bad events.
   *
   * @param kind {@code runs}, {@code ratio}, {@code checks} and the like
   */
  record Ratio(String kind, Selector good, boolean goodIsBad, Selector total, Budgeting budgeting)
      implements Sli {}

  /**
   * A period (hour, day) is good if observed / expected is at least {@code atLeastRatio} when it
   * has closed and the allowed lateness is over.
   */
  record Completeness(
      Selector observed, Selector expected, double atLeastRatio, Duration per, ZoneId zone)
      implements Sli {
    @Override
    public String kind() {
      return "completeness";
    }
  }

  /** Observations of a histogram that are at most {@code limit} are good; all count. */
  record Latency(String kind, Selector histogram, double limitSeconds, Budgeting budgeting)
      implements Sli {}

  /**
   * A period is good if numerator / denominator, each summed over it, is at most {@code limit}.
   * Money that was spent while nothing was done is bad.
   *
   * @param kind such as {@code cost}
   * @param numerator sums, such as money
   * @param denominator sums, such as bytes
   * @param unit how much of the denominator is one, such as 1e12 bytes
   * @param limit greatest quotient that is good
   * @param per length of the period
   */
  record Quotient(
      String kind,
      Selector numerator,
      Selector denominator,
      double unit,
      double limit,
      Duration per)
      implements Sli {}

  /** A slice is good if every selected gauge's newest value compares well with {@code value}. */
  record Threshold(String kind, Selector gauge, Comparison comparison, double value)
      implements Sli {}

  /**
   * A gauge that gives the ratio itself, 0 to 1. A slice's ratio is the mean of its values, every
   * series counting the same; values outside of 0 to 1 are no ratios and say nothing. There are no
   * events to count, so a slice is one unit of which the ratio is good; only Timeslices turn it
   * into all or nothing.
   *
   * @param ratio gauges
   * @param ratioIsFailure whether it is the share of bad events
   */
  record RawRatio(String kind, Selector ratio, boolean ratioIsFailure, Budgeting budgeting)
      implements Sli {}

  /**
   * Several indicators as one: a journey is as good as its steps. Slices of all components are
   * combined, so that the composite has a budget, windows and conditions like any other.
   *
   * <p>Source: OpenSLO specification v1, notes on composite SLOs.
   *
   * @param components at least one
   * @param combination of their slices
   */
  record Composite(List<Component> components, Combination combination) implements Sli {
    /** Copies the list. */
    public Composite {
      components = List.copyOf(components);
    }

    @Override
    public String kind() {
      return "composite";
    }
  }

  /**
   * One step of a journey.
   *
   * @param name for people
   * @param sli what is measured; no composite
   * @param target its own, which says what its budget is
   * @param weight multiplies what it spends, above 0; says nothing where any bad one is decisive
   */
  record Component(String name, Sli sli, Target target, double weight) {}

  /** How the slices of components become one. */
  enum Combination {
    /**
     * The composite burns at the sum of its components' burn rates in a slice, each times its
     * weight. A slice weighs as much as it has events. OpenSLO's Occurrences.
     */
    BURN_RATES_ADD,
    /** A slice is bad if it is bad for any component. OpenSLO's Timeslices. */
    ANY_BAD,
    /**
     * What components lack to 100 % adds up, each times its weight, to at most 100 %. OpenSLO's
     * RatioTimeslices.
     */
    SHORTFALLS_ADD
  }

  /** How a good gauge compares with the limit. */
  enum Comparison {
    LTE,
    LT,
    GTE,
    GT;

    /** Returns whether {@code observed} compares well with {@code limit}. */
    public boolean test(double observed, double limit) {
      return switch (this) {
        case LTE -> observed <= limit;
        case LT -> observed < limit;
        case GTE -> observed >= limit;
        case GT -> observed > limit;
      };
    }
  }

  /** How counts become budget, as in OpenSLO. */
  sealed interface Budgeting {
    /** Every event counts once. */
    record Occurrences() implements Budgeting {}

    /** A slice is good if its ratio reaches {@code sliceTargetRatio}. */
    record Timeslices(double sliceTargetRatio) implements Budgeting {}

    /** The mean of the slices' ratios. */
    record RatioTimeslices() implements Budgeting {}
  }
}
