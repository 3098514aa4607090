package dev.tidemark.engine.alertmanager;

import dev.tidemark.alerting.AlertingJson;
import dev.tidemark.engine.alerts.RisingVersion;
import dev.tidemark.engine.store.Documents;
import dev.tidemark.engine.store.Documents.Document;
import dev.tidemark.engine.store.OverloadException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The alerts of other programs that fire now. Every alert is durable before {@link #accept}
 * returns; a later word that changes nothing but how long it holds costs no write. Thread-safe;
 * changes block on the store.
 *
 * <p>After a restart every alert that fired holds for {@link PostedAlerts#RESOLVE_TIMEOUT} at
 * least: nobody could say it again while nobody listened.
 */
public final class ExternalAlerts {
  /** Kind of these documents. */
  public static final String KIND = "external-alert";

  /** State of a document whose alert is over. */
  public static final String ENDED = "ENDED";

  private static final String ACTIVE = "ACTIVE";
  private static final int AT_MOST = 500_000;

  private final Documents documents;
  private final Map<String, ExternalAlert> byFingerprint = new LinkedHashMap<>();
  private final RisingVersion rising = new RisingVersion();
  private final long firstVersion;
  private long changes;

  /**
   * Loads what fired when the last process stopped.
   *
   * @param now the start
   */
  public ExternalAlerts(Documents documents, Instant now) {
    this.documents = documents;
    Instant atLeast = now.plus(PostedAlerts.RESOLVE_TIMEOUT);
    for (Document document :
        rising.seen(documents.list(KIND, List.of(ACTIVE), Instant.EPOCH, AT_MOST))) {
      ExternalAlert alert = AlertingJson.read(document.json(), ExternalAlert.class);
      byFingerprint.put(
          document.id(), alert.endsAt().isBefore(atLeast) ? alert.until(atLeast) : alert);
    }
    // Greater than every version of an earlier process, whose clock may have been a little ahead.
    firstVersion = now.plus(Duration.ofMinutes(1)).toEpochMilli() * 1_000;
  }

  /**
   * Takes what another program says; durable when this returns.
   *
   * @throws OverloadException when too many fire already; nothing was taken then
   */
  public synchronized void accept(Collection<ExternalAlert> said, Instant now) {
    Map<String, ExternalAlert> changed = new LinkedHashMap<>();
    List<Document> rows = new ArrayList<>();
    for (ExternalAlert each : said) {
      String fingerprint = each.fingerprint();
      ExternalAlert before = changed.getOrDefault(fingerprint, byFingerprint.get(fingerprint));
      ExternalAlert after = before == null ? each : each.after(before);
      boolean fires = after.active(now);
      if (before == null && !fires) {
        continue;
      }
      changed.put(fingerprint, after);
      if (before == null || !fires || !after.saysTheSameAs(before)) {
        rows.add(document(fingerprint, after, fires));
      }
    }
    if (byFingerprint.size() + changed.size() > AT_MOST) {
      throw new OverloadException(
          "more than " + AT_MOST + " alerts of other programs would fire",
          PostedAlerts.RESOLVE_TIMEOUT);
    }
    documents.putAll(rows);
    changed.forEach(
        (fingerprint, alert) -> {
          if (alert.active(now)) {
            byFingerprint.put(fingerprint, alert);
          } else {
            byFingerprint.remove(fingerprint);
          }
        });
    changes += rows.isEmpty() ? 0 : 1;
  }

  /** Ends what was not said again in time. */
  public synchronized void expire(Instant now) {
    Map<String, ExternalAlert> over = new LinkedHashMap<>();
    byFingerprint.forEach(
        (fingerprint, alert) -> {
          if (!alert.active(now)) {
            over.put(fingerprint, alert);
          }
        });
    if (!over.isEmpty()) {
      List<Document> rows = new ArrayList<>();
      over.forEach((fingerprint, alert) -> rows.add(document(fingerprint, alert, false)));
      documents.putAll(rows);
      over.keySet().forEach(byFingerprint::remove);
      changes++;
    }
  }

  private Document document(String fingerprint, ExternalAlert alert, boolean fires) {
    return new Document(
        KIND,
        fingerprint,
        fires ? ACTIVE : ENDED,
        alert.updatedAt(),
        AlertingJson.write(alert),
        rising.next(firstVersion));
  }

  /** Returns what fires, in the order in which it came. */
  public synchronized List<ExternalAlert> active() {
    return List.copyOf(byFingerprint.values());
  }

  /** Finds one that fires. */
  public synchronized Optional<ExternalAlert> find(String fingerprint) {
    return Optional.ofNullable(byFingerprint.get(fingerprint));
  }

  /** Returns a number that grows whenever the content of {@link #active} may have changed. */
  public synchronized long changes() {
    return changes;
  }
}
