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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The alerts of other programs that fire now. Every alert is durable before {@link #accept}
 * returns; a later word that changes nothing but how long it holds costs no write. Thread-safe;
 * changes block on the store.
 *
 * <p>Alerts that came together are kept in one document, {@link #TOGETHER} at the most, because a
 * storm brings thousands and each document has its price. A document has what of them still fires,
 * and is written anew when one of them changes.
 *
 * <p>After a restart every alert that fired holds for {@link PostedAlerts#RESOLVE_TIMEOUT} at
 * least: nobody could say it again while nobody listened.
 */
public final class ExternalAlerts {
  /** Kind of these documents. */
  public static final String KIND = "external-alert";

  /** State of a document whose alerts are over. */
  public static final String ENDED = "ENDED";

  private static final String ACTIVE = "ACTIVE";
  private static final int AT_MOST = 500_000;

  /** A change of one alert writes the others of its document too; some 20 kB are cheap. */
  private static final int TOGETHER = 64;

  /** Alerts that are kept in one document. */
  private static final class Group {
    final String id;
    final Map<String, ExternalAlert> firing = new LinkedHashMap<>();

    Group(String id) {
      this.id = id;
    }
  }

  /** A document to be written. */
  private record Writing(Group group, List<ExternalAlert> alerts, Instant at, long version) {
    Document document() {
      return new Document(
          KIND,
          group.id,
          alerts.isEmpty() ? ENDED : ACTIVE,
          at,
          AlertingJson.write(alerts),
          version);
    }
  }

  /**
   * What has to be durable before somebody is answered.
   *
   * @param news fingerprints of what fires, and by which version it is durable
   */
  private record Change(List<Writing> writings, Map<String, Long> news) {}

  private final Documents documents;

  /** Where each that fires is kept, by its fingerprint, in the order in which they came. */
  private final Map<String, Group> groups = new LinkedHashMap<>();

  /** Groups whose document does not say what they are. */
  private final Set<Group> changed = new LinkedHashSet<>();

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
      Group group = new Group(document.id());
      for (ExternalAlert alert : AlertingJson.readAll(document.json(), ExternalAlert.class)) {
        load(alert.endsAt().isBefore(atLeast) ? alert.until(atLeast) : alert, group);
      }
    }
    // Greater than every version of an earlier process, whose clock may have been a little ahead.
    firstVersion = now.plus(Duration.ofMinutes(1)).toEpochMilli() * 1_000;
  }

  /** Another server's copy may have an alert twice, as it ended and as it came again. */
  private void load(ExternalAlert alert, Group group) {
    String fingerprint = alert.fingerprint();
    ExternalAlert other = firing(fingerprint);
    if (other != null && other.updatedAt().isAfter(alert.updatedAt())) {
      changed.add(group);
      return;
    }
    end(fingerprint);
    keep(fingerprint, alert, group);
  }

  private @Nullable ExternalAlert firing(String fingerprint) {
    Group group = groups.get(fingerprint);
    return group == null ? null : group.firing.get(fingerprint);
  }

  private void keep(String fingerprint, ExternalAlert alert, Group group) {
    groups.put(fingerprint, group);
    group.firing.put(fingerprint, alert);
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

  private synchronized Change taken(Collection<ExternalAlert> said, Instant now) {
    Map<String, ExternalAlert> known = new LinkedHashMap<>();
    Set<String> news = new LinkedHashSet<>();
    for (ExternalAlert each : said) {
      String fingerprint = each.fingerprint();
      ExternalAlert earlier = known.get(fingerprint);
      ExternalAlert before = earlier == null ? firing(fingerprint) : earlier;
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
        news.add(fingerprint);
      }
    }
    if (groups.size() + known.size() > AT_MOST) {
      throw new OverloadException(
          "more than " + AT_MOST + " alerts of other programs would fire",
          PostedAlerts.RESOLVE_TIMEOUT);
    }
    Group fresh = new Group(UUID.randomUUID().toString());
    for (Map.Entry<String, ExternalAlert> entry : known.entrySet()) {
      String fingerprint = entry.getKey();
      if (entry.getValue().active(now)) {
        Group group = groups.get(fingerprint);
        if (group == null) {
          if (fresh.firing.size() == TOGETHER) {
            fresh = new Group(UUID.randomUUID().toString());
          }
          group = fresh;
        }
        keep(fingerprint, entry.getValue(), group);
        if (news.contains(fingerprint)) {
          changed.add(group);
        }
      } else {
        end(fingerprint);
      }
    }
    return change(news, now);
  }

  private void end(String fingerprint) {
    unsaved.remove(fingerprint);
    Group group = groups.remove(fingerprint);
    if (group != null) {
      group.firing.remove(fingerprint);
      changed.add(group);
    }
  }

  /** Ends what was not said again in time. */
  public void expire(Instant now) {
    save(over(now));
  }

  private synchronized Change over(Instant now) {
    Set<String> over = new LinkedHashSet<>();
    for (ExternalAlert alert : active()) {
      if (!alert.active(now)) {
        over.add(alert.fingerprint());
      }
    }
    over.forEach(this::end);
    return change(over, now);
  }

  private Change change(Set<String> news, Instant now) {
    changes += news.isEmpty() ? 0 : 1;
    if (changed.isEmpty()) {
      return new Change(List.of(), Map.of());
    }
    long version = rising.next(firstVersion);
    List<Writing> writings =
        changed.stream()
            .map(group -> new Writing(group, List.copyOf(group.firing.values()), now, version))
            .toList();
    changed.clear();
    Map<String, Long> saving = new HashMap<>();
    for (String fingerprint : news) {
      if (groups.containsKey(fingerprint)) {
        saving.put(fingerprint, version);
      }
    }
    unsaved.putAll(saving);
    return new Change(writings, saving);
  }

  private void save(Change change) {
    if (change.writings().isEmpty()) {
      return;
    }
    try {
      documents.putAll(change.writings().stream().map(Writing::document).toList());
    } catch (RuntimeException e) {
      synchronized (this) {
        change.writings().forEach(writing -> changed.add(writing.group()));
      }
      throw e;
    }
    synchronized (this) {
      change.news().forEach(unsaved::remove);
    }
  }

  /** Returns what fires, in the order in which it came. */
  public synchronized List<ExternalAlert> active() {
    List<ExternalAlert> all = new ArrayList<>(groups.size());
    groups.forEach(
        (fingerprint, group) -> all.add(Objects.requireNonNull(group.firing.get(fingerprint))));
    return all;
  }

  /** Finds one that fires. */
  public synchronized Optional<ExternalAlert> find(String fingerprint) {
    return Optional.ofNullable(firing(fingerprint));
  }

  /** Returns a number that grows whenever the content of {@link #active} may have changed. */
  public synchronized long changes() {
    return changes;
  }
}
