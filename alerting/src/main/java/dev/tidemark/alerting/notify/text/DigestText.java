package dev.tidemark.alerting.notify.text;

import dev.tidemark.alerting.Alert;
import dev.tidemark.alerting.Cause;
import dev.tidemark.alerting.Incident;
import dev.tidemark.alerting.IncidentState;
import dev.tidemark.alerting.Notification;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Many incidents in one message: counts first, then every one of them with its address. */
final class DigestText {
  /** So that the address after it is not cut off where lines are short. */
  private static final int TITLE_LENGTH = 100;

  private DigestText() {}

  static NotificationText of(
      Notification notification, List<Notification.Part> parts, String mark) {
    List<Incident> incidents = parts.stream().map(Notification.Part::incident).toList();
    List<Alert> alerts = incidents.stream().flatMap(one -> one.alerts().stream()).toList();
    Set<String> datasets = all(alerts, alert -> List.of(alert.dataset()));
    Set<String> objectives = all(alerts, alert -> List.of(alert.objective()));
    Set<String> hurt = all(alerts, alert -> alert.blastRadius().datasets());
    hurt.addAll(all(alerts, alert -> alert.blastRadius().consumers()));
    Instant since = alerts.stream().map(Alert::since).min(Instant::compareTo).orElseThrow();
    return new NotificationText(
        mark,
        title(notification, incidents),
        notification.note(),
        number(incidents.size()),
        notification.incidentUrl(),
        NotificationText.names(datasets),
        NotificationText.names(objectives),
        "",
        alerts.stream()
            .map(Alert::budgetLeft)
            .flatMap(Stream::ofNullable)
            .min(Comparator.naturalOrder())
            .map(least -> NotificationText.percent(least) + " where it is least")
            .orElse("unknown"),
        "see each incident",
        NotificationText.since(since, notification.at()),
        counts(incidents, one -> type(one.causeKey())),
        List.of(
            "by severity: " + counts(incidents, one -> one.severity().label()),
            "by domain: " + counts(incidents, DigestText::domain)),
        "",
        hurt.isEmpty() ? "nobody known" : NotificationText.names(hurt),
        null,
        null,
        parts.stream().map(DigestText::line).toList(),
        "Each is an incident of its own",
        "",
        null,
        null,
        null);
  }

  private static String title(Notification notification, List<Incident> incidents) {
    String causes = counts(incidents, one -> type(one.causeKey()));
    String many = number(incidents.size());
    return switch (notification.kind()) {
      case RESOLVED -> many + ", told of together, " + end(incidents) + ": " + causes;
      case ACKNOWLEDGED -> many + ", told of together, all that last taken: " + causes;
      case REPEATED -> many + " that nobody has taken: " + causes;
      case ESCALATED -> many + " that were tickets, pages now: " + causes;
      case TRIGGERED, UPDATED -> many + " more at once: " + causes;
    };
  }

  private static String end(List<Incident> incidents) {
    return incidents.stream().noneMatch(Incident::open) ? "all over" : "all over or told of anew";
  }

  private static String number(int incidents) {
    return incidents + (incidents == 1 ? " incident" : " incidents");
  }

  private static String type(String causeKey) {
    return causeKey.substring(0, causeKey.indexOf(':'));
  }

  private static String domain(Incident incident) {
    return incident.lead().labels().getOrDefault("domain", "none");
  }

  /** Such as {@code 12 connector, 3 dataset}, the most first. */
  private static String counts(List<Incident> incidents, Function<Incident, String> by) {
    Map<String, Long> counts =
        incidents.stream()
            .collect(Collectors.groupingBy(by, LinkedHashMap::new, Collectors.counting()));
    return counts.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .map(entry -> entry.getValue() + " " + entry.getKey())
        .collect(Collectors.joining(", "));
  }

  private static Set<String> all(List<Alert> alerts, Function<Alert, List<String>> names) {
    return alerts.stream()
        .flatMap(alert -> names.apply(alert).stream())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static String line(Notification.Part part) {
    Incident incident = part.incident();
    List<String> words = new ArrayList<>();
    words.add(
        incident.id()
            + " ["
            + incident.severity().label()
            + "] "
            + Wording.cut(incident.title(), TITLE_LENGTH));
    Cause cause = incident.cause();
    if (cause != null && !cause.key().equals(incident.lead().datasetKey())) {
      words.add("cause " + cause.type() + " " + cause.name());
    }
    if (incident.alerts().size() > 1) {
      words.add(incident.alerts().size() + " alerts");
    }
    if (incident.state() == IncidentState.RESOLVED) {
      words.add("over");
    } else if (incident.acknowledgedBy() != null) {
      words.add("taken by " + incident.acknowledgedBy());
    }
    words.add(part.url());
    return String.join(", ", words);
  }
}
