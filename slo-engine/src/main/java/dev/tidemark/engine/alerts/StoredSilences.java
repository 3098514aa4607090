package dev.tidemark.engine.alerts;

import dev.tidemark.alerting.AlertingJson;
import dev.tidemark.alerting.Silence;
import dev.tidemark.alerting.SilenceStore;
import dev.tidemark.engine.store.Documents;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Silences as documents in ClickHouse. Thread-safe; blocks. */
public final class StoredSilences implements SilenceStore {
  private static final String KIND = "silence";
  private static final int AT_MOST = 100_000;

  private final Documents documents;
  private final Clock clock;

  /** Keeps silences in these documents; the clock's time is the version of a change. */
  public StoredSilences(Documents documents, Clock clock) {
    this.documents = documents;
    this.clock = clock;
  }

  @Override
  public void save(Silence silence) {
    Instant now = clock.instant();
    documents.put(KIND, silence.id(), now.toEpochMilli(), "KEPT", now, AlertingJson.write(silence));
  }

  @Override
  public List<Silence> load() {
    return documents
        .list(KIND, Set.of("KEPT"), Instant.EPOCH, Instant.parse("2200-01-01T00:00:00Z"), AT_MOST)
        .stream()
        .map(json -> AlertingJson.read(json, Silence.class))
        .toList();
  }
}
