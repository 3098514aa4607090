package dev.tidemark.engine.cluster;

import dev.tidemark.engine.store.Documents;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Documents that count as away when they do not answer in time, long before their client gives up.
 * What was asked may happen later all the same. One thread, {@code tidemark-claims}. Thread-safe.
 */
final class PatientDocuments implements Documents, AutoCloseable {
  private final Documents documents;
  private final Duration patience;
  private final ExecutorService asking =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(work, "tidemark-claims");
            thread.setDaemon(true);
            return thread;
          });

  PatientDocuments(Documents documents, Duration patience) {
    this.documents = documents;
    this.patience = patience;
  }

  @Override
  public void putAll(Collection<Document> some) {
    boolean done =
        bounded(
            () -> {
              documents.putAll(some);
              return true;
            });
    assert done;
  }

  @Override
  public Optional<Document> get(String kind, String id) {
    return bounded(() -> documents.get(kind, id));
  }

  @Override
  public List<Document> list(String kind, Collection<String> states, Instant since, int limit) {
    return bounded(() -> documents.list(kind, states, since, limit));
  }

  @Override
  public List<Document> startingWith(String kind, String prefix, int limit) {
    return bounded(() -> documents.startingWith(kind, prefix, limit));
  }

  @Override
  public long count(String kind, String state) {
    return bounded(() -> documents.count(kind, state));
  }

  private <T> T bounded(Supplier<T> work) {
    Future<T> answer = asking.submit(work::get);
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new IllegalStateException(
          "ClickHouse did not answer within " + patience.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new IllegalStateException(String.valueOf(reason.getMessage()), reason);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    asking.shutdownNow();
  }
}
