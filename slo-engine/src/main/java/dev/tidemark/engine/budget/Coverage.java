package dev.tidemark.engine.budget;

/**
 * How much is known of a window. Immutable.
 *
 * @param dataRatio share of the window, 0 to 1, whose slices have data; where silence counts as
 *     good or bad a silent slice has said something
 * @param watchedRatio share of the window, 0 to 1, in which Tidemark watched, whether data came or
 *     not
 * @param enough whether a number over the window may be shown as one: slices have data for at least
 *     half of the time since the objective is watched, or, for events, which may be far apart, the
 *     newest one does not lie further back than half of that time
 */
public record Coverage(double dataRatio, double watchedRatio, boolean enough) {
  /** Below this share of the time nothing is claimed. */
  public static final double WANTED = 0.5;
}
