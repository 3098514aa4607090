package dev.tidemark.agent;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;

/** One part of a run, such as reading or writing; a child of the run's span. Thread-safe. */
public final class RunStep implements AutoCloseable {
  private final Span span;
  private final Guard guard;

  RunStep(Span span, Guard guard) {
    this.span = span;
    this.guard = guard;
  }

  /** Notes something that helps who looks for a fault, such as a file's name. */
  public void note(String key, String value) {
    guard.signal(() -> span.setAttribute(key, value));
  }

  /** It went wrong. */
  public void failed(String reason) {
    guard.signal(() -> span.setStatus(StatusCode.ERROR, reason));
  }

  /** It is over. */
  @Override
  public void close() {
    guard.signal(span::end);
  }
}
