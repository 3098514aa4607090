package dev.tidemark.engine.alerts;

import dev.tidemark.alerting.AlertingJson;
import dev.tidemark.alerting.Silence;
import dev.tidemark.alerting.SilenceStore;
import dev.tidemark.engine.store.Documents;
import dev.tidemark.engine.store.Documents.Document;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** Silences as documents. Thread-safe; blocks. */
public final class StoredSilences implements SilenceStore {
  /** Kind of these documents. */
  public static final String KIND = "silence";

  private static final int AT_MOST = 100_000;

  private final Documents documents;
  private final Clock clock;
  private final RisingVersion version = new RisingVersion();

  /**
   * Keeps silences in these documents; the clock's time is the version of a change, or what is just
   * above the versions loaded.
   */
  public StoredSilences(Documents documents, Clock clock) {
    this.documents = documents;
    this.clock = clock;
  }

  @Override
  public void save(Silence silence) {
    Instant now = clock.instant();
    documents.put(
        new Document(
            KIND,
            silence.id(),
            "KEPT",
            now,
            AlertingJson.write(silence),
            version.next(now.toEpochMilli())));
  }

  @Override
  public List<Silence> load() {
    return version.seen(documents.list(KIND, List.of(), Instant.EPOCH, AT_MOST)).stream()
        .map(document -> AlertingJson.read(document.json(), Silence.class))
        .toList();
  }
}
