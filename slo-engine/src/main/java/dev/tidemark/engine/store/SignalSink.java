package dev.tidemark.engine.store;

import dev.tidemark.engine.model.SignalBatch;
import java.util.concurrent.CompletionStage;

/** Where decoded signals go. Thread-safe. */
public interface SignalSink {
  /**
   * Makes the batch durable. The stage completes when every row of it is committed, or fsynced to
   * the spool; only then may the request be acknowledged. It fails with {@link OverloadException}
   * when there is no room, and nothing of the batch was taken then.
   */
  CompletionStage<Void> append(SignalBatch batch);
}
