package dev.tidemark.alerting;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes complete notifications of what incidents owe. */
final class NotificationMaker {
  private final String baseUrl;
  private final Function<String, @Nullable String> runbookTitles;

  NotificationMaker(String baseUrl, Function<String, @Nullable String> runbookTitles) {
    this.baseUrl = baseUrl.endsWith("/") ? baseUrl.substring(0, baseUrl.length() - 1) : baseUrl;
    this.runbookTitles = runbookTitles;
  }

  /** Returns one notification about several incidents, each of which was told by that digest. */
  Notification digest(Collection<Incident> incidents, Owed owed) {
    List<Notification.Part> parts =
        incidents.stream()
            .sorted(
                Comparator.comparing(Incident::severity, Comparator.reverseOrder())
                    .thenComparing(Incident::openedAt)
                    .thenComparing(Incident::id))
            .map(
                incident ->
                    new Notification.Part(
                        new IncidentDraft(incident).forReceivers(),
                        baseUrl + "/incidents/" + incident.id()))
            .toList();
    return new Notification(
        owed.outboxId(""),
        owed.kind(),
        owed.dedupKey(),
        owed.receiver(),
        owed.note(),
        owed.at(),
        parts.get(0).incident(),
        baseUrl + "/incidents",
        null,
        null,
        new Notification.Digest(parts));
  }

  Notification make(Incident incident, Owed owed) {
    String runbook = runbook(incident);
    String title = runbook == null ? null : runbookTitles.apply(runbook);
    return new Notification(
        owed.outboxId(incident.id()),
        owed.kind(),
        owed.dedupKey(),
        owed.receiver(),
        owed.note(),
        owed.at(),
        new IncidentDraft(incident).forReceivers(),
        baseUrl + "/incidents/" + incident.id(),
        runbook == null ? null : baseUrl + "/runbooks/" + runbook + "?incident=" + incident.id(),
        runbook == null ? null : title == null ? runbook : title,
        null);
  }

  /** The lead's runbook; when it has none, the first that any alert has. */
  private static @Nullable String runbook(Incident incident) {
    String leads = incident.lead().runbook();
    List<Alert> alerts = incident.alerts();
    for (int i = 0; leads == null && i < alerts.size(); i++) {
      leads = alerts.get(i).runbook();
    }
    return leads;
  }
}
