package dev.tidemark.agent;

import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Keeps the agent's troubles away from the pipeline: nothing is thrown, each new trouble is logged
 * once, and every signal lost to it is counted. Thread-safe.
 */
final class Guard {
  private static final Logger LOG = Logger.getLogger("dev.tidemark.agent");

  private final Spool spool;
  private String last = "";

  Guard(Spool spool) {
    this.spool = spool;
  }

  /** Does it; a failure costs this signal and nothing else. */
  void signal(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      spool.countDropped();
      trouble("a signal could not be taken: " + e);
    }
  }

  /** Tells of a trouble unless it was the last one told. */
  synchronized void trouble(String what) {
    if (!what.equals(last)) {
      last = what;
      LOG.log(Level.WARNING, "{0}", what);
    }
  }

  /** What is wrong just now; empty when nothing is. */
  synchronized String trouble() {
    return last;
  }

  /** Tells that the last trouble is over, if there was one. */
  synchronized void over(String what) {
    if (!last.isEmpty()) {
      last = "";
      LOG.log(Level.INFO, "{0}", what);
    }
  }
}
