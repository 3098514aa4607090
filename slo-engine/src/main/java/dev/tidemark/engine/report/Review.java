package dev.tidemark.engine.report;

import dev.tidemark.engine.model.EventCounts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * How a period went. Immutable.
 *
 * @param period {@code week} or {@code month}
 * @param from its beginning
 * @param to its end, exclusive
 * @param promises one per objective, those that spent most of their budget first
 * @param incidents what people had to do
 * @param spending by dataset, pipeline and owner, the most expensive first; empty without cost
 *     signals
 */
public record Review(
    String period,
    Instant from,
    Instant to,
    List<Promise> promises,
    Incidents incidents,
    List<Spend> spending) {
  /** Below this share of measured time nothing is claimed. */
  static final double COVERAGE_WANTED = 0.5;

  public Review {
    promises = List.copyOf(promises);
    spending = List.copyOf(spending);
  }

  /** Whether a promise was kept. */
  public enum Verdict {
    KEPT,
    BROKEN,
    /** Too little was measured to say. */
    UNKNOWN
  }

  /**
   * One objective in the period.
   *
   * @param objective its name
   * @param displayName for people
   * @param sli what kind of promise
   * @param silence what silence means, in one word
   * @param domain may be empty
   * @param tier may be empty
   * @param owner may be empty
   * @param target such as {@code 99.5%}
   * @param targetRatio the same as a number
   * @param counts good and all, corrections taken into account
   * @param rawCounts the same as it happened
   * @param coverageRatio share of the period of which something is known
   * @param spentRatio bad share of what the period's budget allowed; empty when not known
   * @param certain whether time that was not measured could not make a spent budget whole again
   */
  public record Promise(
      String objective,
      String displayName,
      String sli,
      String silence,
      String domain,
      String tier,
      String owner,
      String target,
      double targetRatio,
      EventCounts counts,
      EventCounts rawCounts,
      double coverageRatio,
      OptionalDouble spentRatio,
      boolean certain) {
    /** Returns the good share of what was counted; empty when nothing was. */
    public OptionalDouble measured() {
      return share(counts);
    }

    /** Returns the same as it were without planned work. */
    public OptionalDouble rawMeasured() {
      return share(rawCounts);
    }

    private static OptionalDouble share(EventCounts of) {
      return of.total() > 0 ? OptionalDouble.of(of.good() / of.total()) : OptionalDouble.empty();
    }

    /**
     * Returns whether it was kept; unknown with low coverage, unless more time was bad than the
     * whole period allows.
     */
    public Verdict verdict() {
      if (certain && spentRatio.orElse(0) > 1) {
        return Verdict.BROKEN;
      }
      if (measured().isEmpty() || coverageRatio < COVERAGE_WANTED) {
        return Verdict.UNKNOWN;
      }
      return measured().getAsDouble() >= targetRatio ? Verdict.KEPT : Verdict.BROKEN;
    }
  }

  /**
   * Incidents that began in the period; the times are medians, empty when there is none.
   *
   * @param count of all
   * @param pages those that paged somebody
   * @param detect from the first bad signal to the incident
   * @param acknowledge from the incident to somebody who took it
   * @param recover from the first bad signal to the end
   */
  public record Incidents(
      int count,
      int pages,
      Optional<Duration> detect,
      Optional<Duration> acknowledge,
      Optional<Duration> recover) {}

  /**
   * What was spent on a dataset by a pipeline.
   *
   * @param dataset may be empty when the signal names none
   * @param pipeline that spent it, may be empty
   * @param owner whom to talk to: as the signal says, else the dataset's; may be empty
   * @param cost in the currency of the signals
   * @param bytes processed meanwhile, 0 when nobody says
   */
  public record Spend(String dataset, String pipeline, String owner, double cost, double bytes) {
    /** Returns the money for 10^12 bytes, or empty when nothing is known to have been processed. */
    public OptionalDouble costPerTerabyte() {
      return bytes > 0 ? OptionalDouble.of(cost / terabytes()) : OptionalDouble.empty();
    }

    /** Returns what was processed in units of 10^12 bytes. */
    public double terabytes() {
      return bytes / 1e12;
    }
  }

  /** Returns what was spent by dataset. */
  public Map<String, Double> costs() {
    Map<String, Double> costs = new TreeMap<>();
    for (Spend spend : spending) {
      costs.merge(
          spend.dataset().isEmpty() ? "no dataset named" : spend.dataset(),
          spend.cost(),
          Double::sum);
    }
    return costs;
  }

  /** Returns how many promises have this verdict. */
  public long count(Verdict verdict) {
    return promises.stream().filter(promise -> promise.verdict() == verdict).count();
  }
}
