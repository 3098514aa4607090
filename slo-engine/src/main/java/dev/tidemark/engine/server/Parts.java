package dev.tidemark.engine.server;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was started, closed the other way round. A part is added as soon as it is there, so that a
 * start that fails half-way leaves nothing running. Thread-safe.
 */
final class Parts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Parts.class);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  /** Takes a part to close, and returns it. */
  synchronized <T extends AutoCloseable> T own(T part) {
    parts.push(part);
    return part;
  }

  /** Takes what is to be done at the end for something that has no end of its own. */
  synchronized void atEnd(AutoCloseable action) {
    parts.push(action);
  }

  /** Closes all, the last one first; one that fails does not keep the others from it. */
  @Override
  public synchronized void close() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOG.warn("{} did not stop cleanly", part.getClass().getSimpleName(), e);
      }
    }
  }
}
