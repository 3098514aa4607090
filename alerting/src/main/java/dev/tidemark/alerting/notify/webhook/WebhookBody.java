package dev.tidemark.alerting.notify.webhook;

import dev.tidemark.alerting.ActionLinks;
import dev.tidemark.alerting.Alert;
import dev.tidemark.alerting.Cause;
import dev.tidemark.alerting.Flapping;
import dev.tidemark.alerting.Incident;
import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.notify.text.NotificationText;
import dev.tidemark.alerting.notify.text.Wording;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON that a webhook receives. Fields are only ever added; absent ones are left out. Times are
 * ISO-8601 in UTC.
 *
 * @param version {@code 1}
 * @param id of this notification; seen twice, it is the same
 * @param kind {@code triggered}, {@code escalated}, {@code updated}, {@code repeated}, {@code
 *     acknowledged} or {@code resolved}
 * @param dedupKey the same for everything about one incident
 * @param receiver the receiver's name
 * @param note why now
 * @param at when it was decided
 * @param incident the incident
 * @param dataset name of the dataset in the lead
 * @param objective its objective
 * @param budgetLeft share of the error budget that is left; absent when unknown
 * @param burnRate in words
 * @param since since when the data is bad
 * @param cause probable cause upstream; absent when only the dataset itself is known
 * @param hurtDatasets names downstream
 * @param hurtConsumers names downstream
 * @param atRiskObjectives names of objectives downstream that do not alert yet
 * @param runbook absent when there is none
 * @param alerts all that joined, of a digest those of all its incidents
 * @param digest all incidents that a digest is about, {@code incident} among them; absent unless it
 *     is one
 * @param text the whole message in words
 * @param message the receiver's own texts; absent when it has no templates
 * @param links to act by; absent when there is nothing to do
 */
record WebhookBody(
    String version,
    String id,
    String kind,
    String dedupKey,
    String receiver,
    String note,
    Instant at,
    Summary incident,
    String dataset,
    String objective,
    @Nullable Double budgetLeft,
    String burnRate,
    Instant since,
    @Nullable Cause cause,
    List<String> hurtDatasets,
    List<String> hurtConsumers,
    List<String> atRiskObjectives,
    @Nullable Runbook runbook,
    List<Symptom> alerts,
    @Nullable List<Summary> digest,
    NotificationText text,
    @Nullable Message message,
    @Nullable ActionLinks links) {
  /**
   * The incident: its page is {@code url}. {@code flappingSince} is absent unless it comes back
   * again and again.
   */
  record Summary(
      String id,
      String title,
      String severity,
      String state,
      Instant openedAt,
      @Nullable String acknowledgedBy,
      @Nullable Instant resolvedAt,
      @Nullable Instant flappingSince,
      String url) {
    static Summary of(Incident incident, String url) {
      Flapping flapping = incident.flapping();
      return new Summary(
          incident.id(),
          incident.title(),
          incident.severity().label(),
          lower(incident.state()),
          incident.openedAt(),
          incident.acknowledgedBy(),
          incident.resolvedAt(),
          flapping == null ? null : flapping.since(),
          url);
    }
  }

  /** What the receiver's templates make of it; {@code body} is absent without one. */
  record Message(String title, @Nullable String body) {}

  /** What to do first. */
  record Runbook(String title, String url) {}

  /** One alert. */
  record Symptom(
      String fingerprint,
      String dataset,
      String objective,
      String severity,
      String state,
      Instant since,
      String burnRate,
      @Nullable Double budgetLeft,
      Map<String, String> labels) {
    static Symptom of(Alert alert) {
      return new Symptom(
          alert.fingerprint(),
          alert.dataset(),
          alert.objective(),
          alert.severity().label(),
          lower(alert.state()),
          alert.since(),
          alert.burnRate(),
          alert.budgetLeft(),
          alert.routingLabels());
    }
  }

  static WebhookBody of(Notification notification, Wording wording) {
    Incident incident = notification.incident();
    Alert lead = incident.lead();
    String runbookUrl = notification.runbookUrl();
    List<Alert> alerts =
        notification.about().stream().flatMap(part -> part.incident().alerts().stream()).toList();
    return new WebhookBody(
        "1",
        notification.id(),
        lower(notification.kind()),
        notification.dedupKey(),
        notification.receiver(),
        notification.note(),
        notification.at(),
        Summary.of(incident, notification.about().get(0).url()),
        lead.dataset(),
        lead.objective(),
        lead.budgetLeft(),
        lead.burnRate(),
        incident.badSince(),
        incident.cause(),
        alerts.stream()
            .flatMap(alert -> alert.blastRadius().datasets().stream())
            .distinct()
            .toList(),
        alerts.stream()
            .flatMap(alert -> alert.blastRadius().consumers().stream())
            .distinct()
            .toList(),
        alerts.stream().flatMap(alert -> alert.blastRadius().atRisk().stream()).distinct().toList(),
        runbookUrl == null
            ? null
            : new Runbook(String.valueOf(notification.runbookTitle()), runbookUrl),
        alerts.stream().map(Symptom::of).toList(),
        notification.digest() == null
            ? null
            : notification.about().stream()
                .map(part -> Summary.of(part.incident(), part.url()))
                .toList(),
        NotificationText.of(notification),
        wording.own() ? new Message(wording.title(notification), wording.body(notification)) : null,
        notification.links());
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }
}
