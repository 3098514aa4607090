package dev.tidemark.engine.definition;

/**
 * What keeps a handful of events from waking somebody. Only for objectives that count events;
 * slices of time are no sample.
 *
 * <p>A condition begins to hold only if the long window has at least {@code minEvents}, and the
 * lower end of the one-sided Clopper-Pearson interval of its bad share still reaches the factor.
 * One failure of ten requests at 99.9 % is a burn rate of 100, and says little: the interval begins
 * at 5.1. Two of ten begin at 36.8.
 *
 * <p>Source: Clopper and Pearson, "The use of confidence or fiducial limits illustrated in the case
 * of the binomial", Biometrika 26 (1934).
 *
 * @param minEvents events in the long window, at least 0
 * @param confidenceRatio of the interval, 0 (no guard) to below 1
 */
public record LowCountGuard(double minEvents, double confidenceRatio) {
  /** What holds when the owner says nothing: 95 % sure. */
  public static final LowCountGuard DEFAULT = new LowCountGuard(0, 0.95);

  /** Every event counts as it is. */
  public static final LowCountGuard NONE = new LowCountGuard(0, 0);
}
