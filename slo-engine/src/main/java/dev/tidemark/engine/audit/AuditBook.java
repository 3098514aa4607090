package dev.tidemark.engine.audit;

import dev.tidemark.alerting.AlertingJson;
import dev.tidemark.engine.store.Documents;
import dev.tidemark.engine.store.Documents.Document;
import dev.tidemark.engine.store.clickhouse.AuditTrail;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The audit trail as everybody writes and reads it. An entry is durable on the own disk when {@link
 * #write} returns, also while ClickHouse is away; {@link AuditCopies} brings it there. Thread-safe;
 * blocks.
 */
public final class AuditBook {
  /** Kind of the documents that wait to be copied. */
  public static final String KIND = "audit";

  /** The only state of these documents. */
  public static final String WRITTEN = "WRITTEN";

  private final Documents documents;
  private final AuditTrail trail;

  /**
   * Writes to and reads from these.
   *
   * @param documents whose copies go through {@link AuditCopies}
   */
  public AuditBook(Documents documents, AuditTrail trail) {
    this.documents = documents;
    this.trail = trail;
  }

  /** Adds an entry. */
  public void write(AuditTrail.Entry entry) {
    writeAll(List.of(entry));
  }

  /** Adds entries. */
  public void writeAll(Collection<AuditTrail.Entry> entries) {
    documents.putAll(entries.stream().map(AuditBook::document).toList());
  }

  private static Document document(AuditTrail.Entry given) {
    // The trail keeps milliseconds; an entry and its copy have to be the same.
    AuditTrail.Entry entry =
        new AuditTrail.Entry(
            given.at().truncatedTo(ChronoUnit.MILLIS),
            given.actor(),
            given.action(),
            given.subject(),
            given.detail());
    return new Document(
        KIND, UUID.randomUUID().toString(), WRITTEN, entry.at(), AlertingJson.write(entry), 0);
  }

  static AuditTrail.Entry entry(Document document) {
    return AlertingJson.read(document.json(), AuditTrail.Entry.class);
  }

  /**
   * Returns the newest entries from {@code from} until before {@code to}, newest first, those
   * included that ClickHouse does not have yet.
   */
  public List<AuditTrail.Entry> read(Instant from, Instant to, int limit) {
    Instant lately = to.minus(AuditCopies.KEPT);
    Instant since = from.isAfter(lately) ? from : lately;
    return Stream.concat(
            documents.list(KIND, List.of(WRITTEN), since, limit).stream()
                .map(AuditBook::entry)
                .filter(entry -> !entry.at().isBefore(from) && entry.at().isBefore(to)),
            trail.read(from, to, limit).stream())
        .distinct()
        .sorted(
            Comparator.comparing(AuditTrail.Entry::at, Comparator.reverseOrder())
                .thenComparing(AuditTrail.Entry::action)
                .thenComparing(AuditTrail.Entry::subject))
        .limit(limit)
        .toList();
  }
}
