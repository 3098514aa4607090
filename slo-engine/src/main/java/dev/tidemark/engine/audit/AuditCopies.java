package dev.tidemark.engine.audit;

import dev.tidemark.engine.store.Documents;
import dev.tidemark.engine.store.clickhouse.AuditTrail;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Where copies of documents go: audit entries into the audit trail, where they stay, all others
 * where documents go. An entry that is copied again after a crash is the same row once more, which
 * {@link AuditTrail#read} shows once. Thread-safe; blocks.
 */
public final class AuditCopies implements Documents {
  /** For so long what waits on the own disk is read along with the trail. */
  static final Duration KEPT = Duration.ofDays(30);

  private final Documents documents;
  private final AuditTrail trail;

  /** Copies to these. */
  public AuditCopies(Documents documents, AuditTrail trail) {
    this.documents = documents;
    this.trail = trail;
  }

  @Override
  public void putAll(Collection<Document> copies) {
    trail.write(
        copies.stream()
            .filter(one -> one.kind().equals(AuditBook.KIND))
            .map(AuditBook::entry)
            .toList());
    List<Document> others =
        copies.stream().filter(one -> !one.kind().equals(AuditBook.KIND)).toList();
    if (!others.isEmpty()) {
      documents.putAll(others);
    }
  }

  @Override
  public Optional<Document> get(String kind, String id) {
    return documents.get(kind, id);
  }

  @Override
  public List<Document> list(String kind, Collection<String> states, Instant since, int limit) {
    return documents.list(kind, states, since, limit);
  }

  @Override
  public List<Document> startingWith(String kind, String prefix, int limit) {
    return documents.startingWith(kind, prefix, limit);
  }

  @Override
  public long count(String kind, String state) {
    return documents.count(kind, state);
  }
}
