package dev.tidemark.engine.alerts;

import dev.tidemark.engine.store.Documents.Document;
import java.util.List;

/**
 * Versions that rise, also over a change of the server whose clock gave them so far. Thread-safe.
 */
public final class RisingVersion {
  private long last = -1;

  /** Takes note of documents that are there, and returns them. */
  public synchronized List<Document> seen(List<Document> documents) {
    documents.forEach(document -> last = Math.max(last, document.version()));
    return documents;
  }

  /** Returns the wanted version, or the first that is free above it. */
  public synchronized long next(long wanted) {
    last = Math.max(last + 1, wanted);
    return last;
  }
}
