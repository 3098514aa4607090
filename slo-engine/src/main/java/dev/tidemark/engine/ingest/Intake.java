package dev.tidemark.engine.ingest;

import dev.tidemark.engine.model.SignalBatch;
import dev.tidemark.engine.store.OverloadException;
import dev.tidemark.engine.store.SignalSink;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all protocols share on the way to the sink. Thread-safe. */
final class Intake {
  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
  private static final Duration STORE_RETRY = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final SignalSink sink;
  private final IngestLimits limits;
  private final IngestMetrics metrics;
  private final SenderRates rates;

  Intake(
      Vertx vertx,
      SignalSink sink,
      IngestLimits limits,
      IngestMetrics metrics,
      InstantSource clock) {
    this.vertx = vertx;
    this.sink = sink;
    this.limits = limits;
    this.metrics = metrics;
    this.rates = new SenderRates(limits.recordsPerSecond(), clock);
  }

  IngestLimits limits() {
    return limits;
  }

  IngestMetrics metrics() {
    return metrics;
  }

  /** Refuses a sender that is over its rate. */
  void checkRate(String sender) throws Refusal {
    Duration wait = rates.wait(sender);
    if (wait != null) {
      throw new Refusal(
          Refusal.Kind.RATE,
          "this sender is over its rate of " + limits.recordsPerSecond() + " records a second",
          wait);
    }
  }

  /** Runs the work here when the body is small, else on a worker. */
  <T> Future<T> decode(int bytes, Callable<T> work) {
    if (bytes > limits.inlineBytes()) {
      return vertx.executeBlocking(() -> guarded(work), false);
    }
    try {
      return Future.succeededFuture(guarded(work));
    } catch (Exception e) {
      return Future.failedFuture(e);
    }
  }

  /** A body that breaks the reading of it must not be sent again and again. */
  private static <T> T guarded(Callable<T> work) throws Exception {
    try {
      return work.call();
    } catch (RuntimeException e) {
      LOG.error("a body could not be read, and its reader has no reason for that", e);
      throw new Refusal(Refusal.Kind.MALFORMED, "the body could not be read");
    }
  }

  /** Hands a batch to the sink; the future ends on the caller's context once it is durable. */
  Future<Void> append(String protocol, String sender, SignalBatch batch) {
    int size = batch.size();
    rates.spend(sender, size);
    if (size == 0) {
      return Future.succeededFuture();
    }
    try {
      return Future.fromCompletionStage(sink.append(batch), vertx.getOrCreateContext())
          .onSuccess(durable -> metrics.accepted(protocol, size));
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  /** Counts a failure and says it in words for the sender. */
  Refusal refusal(String protocol, Throwable failure) {
    Refusal refusal = words(failure);
    metrics.refused(protocol, refusal.kind().name().toLowerCase(Locale.ROOT));
    return refusal;
  }

  private static Refusal words(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof Refusal refusal) {
      return refusal;
    }
    if (cause instanceof OverloadException overload) {
      return new Refusal(
          Refusal.Kind.OVERLOAD, "overloaded: " + overload.getMessage(), overload.retryAfter());
    }
    LOG.warn("a request could not be taken; its sender was told to come back", cause);
    return new Refusal(
        Refusal.Kind.STORE,
        "the signals could not be stored now; nothing of this request was taken, send it again",
        STORE_RETRY);
  }
}
