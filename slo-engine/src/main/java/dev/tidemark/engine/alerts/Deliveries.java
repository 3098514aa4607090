package dev.tidemark.engine.alerts;

import dev.tidemark.alerting.AlertingJson;
import dev.tidemark.alerting.OutboxEntry;
import dev.tidemark.engine.store.Documents;
import java.util.Comparator;
import java.util.List;

/** What was sent for an incident, or is on its way, or was given up. Thread-safe; blocks. */
public final class Deliveries {
  private static final int AT_MOST = 500;

  private final Documents documents;

  /** Reads the outbox that these documents hold. */
  public Deliveries(Documents documents) {
    this.documents = documents;
  }

  /** Returns an incident's notifications, oldest first. */
  public List<OutboxEntry> of(String incident) {
    // An outbox id begins with the incident's.
    return documents.startingWith(StoredOutbox.KIND, incident, AT_MOST).stream()
        .map(document -> AlertingJson.read(document.json(), OutboxEntry.class))
        .filter(entry -> entry.notification().incident().id().equals(incident))
        .sorted(Comparator.comparing(OutboxEntry::createdAt).thenComparing(OutboxEntry::id))
        .toList();
  }
}
