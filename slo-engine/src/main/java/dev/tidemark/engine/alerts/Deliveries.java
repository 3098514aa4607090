package dev.tidemark.engine.alerts;

import dev.tidemark.alerting.AlertingJson;
import dev.tidemark.alerting.Incident;
import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.OutboxEntry;
import dev.tidemark.alerting.Told;
import dev.tidemark.engine.store.Documents;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What was sent for an incident, or is on its way, or was given up. Thread-safe; blocks. */
public final class Deliveries {
  private static final int AT_MOST = 500;

  private final Documents documents;

  /** Reads the outbox that these documents hold. */
  public Deliveries(Documents documents) {
    this.documents = documents;
  }

  /** Returns an incident's notifications, those that tell of others too included, oldest first. */
  public List<OutboxEntry> of(Incident incident) {
    // An outbox id begins with the incident's, or with the dedup key of the digest.
    Stream<String> prefixes =
        Stream.of(
                Stream.of(incident.id()),
                incident.digests().stream(),
                incident.told().stream().map(Told::digest).flatMap(Stream::ofNullable))
            .flatMap(keys -> keys)
            .distinct();
    return prefixes
        .flatMap(
            prefix -> documents.startingWith(StoredOutbox.KIND, prefix + "/", AT_MOST).stream())
        .distinct()
        .map(document -> AlertingJson.read(document.json(), OutboxEntry.class))
        .filter(entry -> tellsOf(entry.notification(), incident.id()))
        .sorted(Comparator.comparing(OutboxEntry::createdAt).thenComparing(OutboxEntry::id))
        .toList();
  }

  private static boolean tellsOf(Notification notification, String incident) {
    return notification.about().stream().anyMatch(part -> part.incident().id().equals(incident));
  }
}
