package dev.tidemark.agent;

import dev.tidemark.agent.names.SignalNames;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.Clock;
import java.util.concurrent.atomic.AtomicBoolean;

/** One run; closing it without a word about success counts as a failure. Thread-safe. */
public final class PipelineRun implements AutoCloseable {
  private final Instruments instruments;
  private final Guard guard;
  private final Attributes attributes;
  private final Clock clock;
  private final Tracer tracer;
  private final Span span;
  private final String id;
  private final long start;
  private final AtomicBoolean ended = new AtomicBoolean();

  PipelineRun(
      Instruments instruments,
      Guard guard,
      Attributes attributes,
      Clock clock,
      Tracer tracer,
      Span span,
      String id) {
    this.instruments = instruments;
    this.guard = guard;
    this.attributes = attributes;
    this.clock = clock;
    this.tracer = tracer;
    this.span = span;
    this.id = id;
    this.start = clock.nanoTime();
  }

  /** The run's id. */
  public String id() {
    return id;
  }

  /** The run's span, for children and for handing the trace on. */
  public Span span() {
    return span;
  }

  /** Starts a part of the run; close it when it is over. */
  public RunStep step(String name) {
    return new RunStep(
        tracer
            .spanBuilder(name)
            .setParent(Context.root().with(span))
            .setAttribute(SignalNames.RUN_ID, id)
            .startSpan(),
        guard);
  }

  /** It went well. */
  public void succeeded() {
    end(true, "");
  }

  /** It went wrong. */
  public void failed(String reason) {
    end(false, reason);
  }

  @Override
  public void close() {
    end(false, "closed before it succeeded");
  }

  private void end(boolean success, String reason) {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    guard.signal(
        () -> {
          Attributes outcome =
              attributes.toBuilder()
                  .put(SignalNames.OUTCOME, success ? "success" : "failure")
                  .build();
          instruments.runs().add(1, outcome);
          instruments.runDuration().record(Math.max(0, (clock.nanoTime() - start) / 1e9), outcome);
          if (!success) {
            span.setStatus(StatusCode.ERROR, reason);
          }
          span.end();
        });
  }
}
