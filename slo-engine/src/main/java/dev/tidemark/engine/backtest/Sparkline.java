package dev.tidemark.engine.backtest;

import dev.tidemark.engine.backtest.BacktestResult.Left;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * What was left of a budget over time as one short line of signs: each stands for an equal stretch
 * and shows the least that was left in it. Stateless.
 */
final class Sparkline {
  /** Signs of a line. */
  static final int CELLS = 24;

  /** Nothing is left. */
  static final char NONE = '×';

  /** Nothing was measured. */
  static final char UNKNOWN = '·';

  /** The last eighth, the last quarter, … all of it. */
  private static final String EIGHTHS = "▁▂▃▄▅▆▇█";

  private Sparkline() {}

  /** Draws what was left in [from, to]. */
  static String of(List<Left> history, Instant from, Instant to) {
    double[] least = new double[CELLS];
    Arrays.fill(least, Double.NaN);
    double cellMillis = (double) Duration.between(from, to).toMillis() / CELLS;
    for (Left left : history) {
      // A moment tells of the time that led to it.
      double past = Duration.between(from, left.at()).toMillis() / cellMillis;
      int cell = (int) Math.min(CELLS - 1, Math.max(0, Math.ceil(past) - 1));
      least[cell] = Double.isNaN(least[cell]) ? left.ratio() : Math.min(least[cell], left.ratio());
    }
    StringBuilder line = new StringBuilder();
    for (double ratio : least) {
      line.append(sign(ratio));
    }
    return line.toString();
  }

  private static char sign(double ratio) {
    if (Double.isNaN(ratio)) {
      return UNKNOWN;
    }
    if (ratio <= 0) {
      return NONE;
    }
    int eighths = (int) Math.ceil(ratio * EIGHTHS.length());
    return EIGHTHS.charAt(Math.min(EIGHTHS.length(), eighths) - 1);
  }
}
