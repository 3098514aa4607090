package dev.tidemark.engine.cli;

import java.io.PrintWriter;
import picocli.CommandLine;

/** One line that shows how far long work has come. Thread-safe. */
final class ProgressLine implements AutoCloseable {
  private static final int WIDTH = 40;
  private static final int STEP_PERCENT = 10;

  private final PrintWriter err;
  private final boolean quiet;
  private final boolean terminal = CommandLine.Help.Ansi.AUTO.enabled();
  private int shown = -1;

  ProgressLine(PrintWriter err, boolean quiet) {
    this.err = err;
    this.quiet = quiet;
  }

  /** Takes the share that is done, 0 to 1. */
  synchronized void done(double ratio) {
    int percent = (int) Math.min(100, Math.max(0, ratio * 100));
    if (quiet || percent <= shown || (!terminal && percent < shown + STEP_PERCENT)) {
      return;
    }
    shown = percent;
    if (terminal) {
      int full = percent * WIDTH / 100;
      err.print("\r[" + "#".repeat(full) + " ".repeat(WIDTH - full) + "] " + percent + " %");
    } else {
      err.println("replayed " + percent + " %");
    }
    err.flush();
  }

  @Override
  public synchronized void close() {
    if (terminal && shown >= 0) {
      err.println();
      err.flush();
    }
  }
}
