package dev.tidemark.alerting;

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
        runbook == null ? null : title == null ? runbook : title);
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
