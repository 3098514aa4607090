package dev.tidemark.alerting.notify.webhook;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tidemark.alerting.Alert;
import dev.tidemark.alerting.AlertState;
import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.NotificationKind;
import dev.tidemark.alerting.notify.alertmanager.AlertWords;
import dev.tidemark.alerting.notify.text.Wording;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What Alertmanager's own webhook would post, version 4, so that whatever understands that
 * understands us: an incident is a group, {@code groupKey} is its dedup key.
 *
 * @param version {@code 4}
 * @param groupKey the incident's dedup key
 * @param truncatedAlerts always 0: all are sent
 * @param status {@code firing} or {@code resolved}
 * @param receiver the receiver's name
 * @param groupLabels {@code incident}, which each alert carries; empty of a digest of several
 * @param commonLabels what all alerts have in common
 * @param commonAnnotations likewise
 * @param externalUrl where Tidemark is
 * @param alerts all that joined
 */
record AlertmanagerBody(
    String version,
    String groupKey,
    int truncatedAlerts,
    String status,
    String receiver,
    Map<String, String> groupLabels,
    Map<String, String> commonLabels,
    Map<String, String> commonAnnotations,
    @JsonProperty("externalURL") String externalUrl,
    List<Entry> alerts) {
  /** Go's zero time: an alert that has not ended. */
  private static final Instant NOT_ENDED = Instant.parse("0001-01-01T00:00:00Z");

  /** One alert, which links to its incident. */
  record Entry(
      String status,
      Map<String, String> labels,
      Map<String, String> annotations,
      Instant startsAt,
      Instant endsAt,
      @JsonProperty("generatorURL") String generatorUrl,
      String fingerprint) {}

  static AlertmanagerBody of(Notification notification, Wording wording) {
    boolean over = notification.kind() == NotificationKind.RESOLVED;
    String title = wording.own() ? wording.title(notification) : null;
    String body = wording.body(notification);
    List<Entry> entries =
        notification.about().stream()
            .map(notification::about)
            .flatMap(
                one ->
                    one.incident().alerts().stream()
                        .map(alert -> entry(one, alert, over, title, body)))
            .toList();
    return new AlertmanagerBody(
        "4",
        notification.dedupKey(),
        0,
        entries.stream().anyMatch(entry -> entry.status().equals("firing")) ? "firing" : "resolved",
        notification.receiver(),
        notification.digest() == null ? Map.of("incident", notification.incident().id()) : Map.of(),
        common(entries.stream().map(Entry::labels).toList()),
        common(entries.stream().map(Entry::annotations).toList()),
        root(notification.incidentUrl()),
        entries);
  }

  private static Entry entry(
      Notification notification,
      Alert alert,
      boolean over,
      @Nullable String title,
      @Nullable String body) {
    boolean ended = over || alert.state() == AlertState.RESOLVED;
    Map<String, String> labels = new TreeMap<>(AlertWords.labels(alert));
    labels.put("incident", notification.incident().id());
    Map<String, String> annotations = new TreeMap<>(AlertWords.annotations(notification, alert));
    if (title != null) {
      annotations.put("summary", title);
    }
    if (body != null) {
      annotations.put("description", body);
    }
    return new Entry(
        ended ? "resolved" : "firing",
        labels,
        annotations,
        alert.startsAt(),
        ended ? AlertWords.endedAt(notification, alert) : NOT_ENDED,
        notification.incidentUrl(),
        AlertWords.fingerprint(alert));
  }

  private static Map<String, String> common(List<Map<String, String>> all) {
    return all.get(0).entrySet().stream()
        .filter(
            entry ->
                all.stream()
                    .allMatch(labels -> entry.getValue().equals(labels.get(entry.getKey()))))
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one, TreeMap::new));
  }

  private static String root(String url) {
    URI uri = URI.create(url);
    return uri.getScheme() == null || uri.getRawAuthority() == null
        ? url
        : uri.getScheme() + "://" + uri.getRawAuthority();
  }
}
