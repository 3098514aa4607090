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
import java.util.HashMap;
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

  private record Change(String fingerprint, ExternalAlert alert, boolean fires, long version) {
    Document document() {
      return new Document(
          KIND,
          fingerprint,
          fires ? ACTIVE : ENDED,
          alert.updatedAt(),
          AlertingJson.write(alert),
          version);
    }
  }

  private final Documents documents;
  private final Map<String, ExternalAlert> byFingerprint = new LinkedHashMap<>();

  /** What fires and may not be durable yet, with the version that makes it so. */
  private final Map<String, Long> unsaved = new HashMap<>();

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
   * Takes what another program says; durable when this returns. What several say at the same time
   * shares the wait for the disk.
   *
   * @throws OverloadException when too many fire already; nothing was taken then
   */
  public void accept(Collection<ExternalAlert> said, Instant now) {
    save(taken(said, now));
  }

  private synchronized List<Change> taken(Collection<ExternalAlert> said, Instant now) {
    Map<String, ExternalAlert> known = new LinkedHashMap<>();
    List<Change> news = new ArrayList<>();
    for (ExternalAlert each : said) {
      String fingerprint = each.fingerprint();
      ExternalAlert before = known.getOrDefault(fingerprint, byFingerprint.get(fingerprint));
      ExternalAlert after = before == null ? each : each.after(before);
      boolean fires = after.active(now);
      if (before == null && !fires) {
        continue;
      }
      known.put(fingerprint, after);
      if (before == null
          || !fires
          || unsaved.containsKey(fingerprint)
          || !after.saysTheSameAs(before)) {
        news.add(new Change(fingerprint, after, fires, rising.next(firstVersion)));
      }
    }
    if (byFingerprint.size() + known.size() > AT_MOST) {
      throw new OverloadException(
          "more than " + AT_MOST + " alerts of other programs would fire",
          PostedAlerts.RESOLVE_TIMEOUT);
    }
    known.forEach(
        (fingerprint, alert) -> {
          if (alert.active(now)) {
            byFingerprint.put(fingerprint, alert);
          } else {
            byFingerprint.remove(fingerprint);
          }
        });
    note(news);
    return news;
  }

  /** Ends what was not said again in time. */
  public void expire(Instant now) {
    save(over(now));
  }

  private synchronized List<Change> over(Instant now) {
    List<Change> over = new ArrayList<>();
    byFingerprint.forEach(
        (fingerprint, alert) -> {
          if (!alert.active(now)) {
            over.add(new Change(fingerprint, alert, false, rising.next(firstVersion)));
          }
        });
    over.forEach(change -> byFingerprint.remove(change.fingerprint()));
    note(over);
    return over;
  }

  private void note(List<Change> news) {
    for (Change change : news) {
      if (change.fires()) {
        unsaved.put(change.fingerprint(), change.version());
      } else {
        unsaved.remove(change.fingerprint());
      }
    }
    changes += news.isEmpty() ? 0 : 1;
  }

  private void save(List<Change> news) {
    documents.putAll(news.stream().map(Change::document).toList());
    synchronized (this) {
      news.forEach(change -> unsaved.remove(change.fingerprint(), change.version()));
    }
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
