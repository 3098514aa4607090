package dev.tidemark.alerting.notify.text;

import dev.tidemark.alerting.ActionLinks;
import dev.tidemark.alerting.Alert;
import dev.tidemark.alerting.AlertState;
import dev.tidemark.alerting.Cause;
import dev.tidemark.alerting.Incident;
import dev.tidemark.alerting.Notification;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A notification in words, the same for every channel. All times are UTC.
 *
 * @param mark {@code PAGE}, {@code TICKET}, {@code UPDATE}, {@code STILL OPEN}, {@code TAKEN} or
 *     {@code RESOLVED}
 * @param title one line
 * @param note why now
 * @param incidentId the incident's id
 * @param incidentUrl its page
 * @param dataset name of the dataset that the lead alert is about
 * @param objective its objective
 * @param promise what was promised: the annotation {@value #PROMISE} of the lead alert; empty when
 *     it has none
 * @param budgetLeft such as {@code 42.5 %}, or {@code unknown}; with the annotation {@value
 *     #BUDGET_LEFT_TEXT} of the lead alert behind it when it has one
 * @param burnRate as the alert says it, or {@code unknown}
 * @param since since when the data is bad, and how long that was when this was written
 * @param cause probable cause, marked certain or guessed
 * @param evidence for the cause
 * @param path from the cause to the dataset; empty when unknown
 * @param hurt who is hurt downstream, in one line
 * @param runbookTitle null when there is none
 * @param runbookUrl null when there is none
 * @param symptoms one line per alert when there are several, of a digest one per incident with its
 *     address; else empty
 * @param symptomsTitle what these lines are
 * @param owner whom to talk to: the label {@code owner} of the lead alert; empty when it has none
 * @param acknowledgeUrl asks whether to take the incident; null when there is nothing to take
 * @param silenceUrl asks whether to be quiet for an hour; null when there is nothing to silence
 * @param backfillUrl asks what to declare of a backfill; null when there is nothing to silence
 */
public record NotificationText(
    String mark,
    String title,
    String note,
    String incidentId,
    String incidentUrl,
    String dataset,
    String objective,
    String promise,
    String budgetLeft,
    String burnRate,
    String since,
    String cause,
    List<String> evidence,
    String path,
    String hurt,
    @Nullable String runbookTitle,
    @Nullable String runbookUrl,
    List<String> symptoms,
    String symptomsTitle,
    String owner,
    @Nullable String acknowledgeUrl,
    @Nullable String silenceUrl,
    @Nullable String backfillUrl) {
  /** Name of the annotation that says in words what was promised. */
  public static final String PROMISE = "promise";

  /** Name of the annotation that says in words how much may still be bad. */
  public static final String BUDGET_LEFT_TEXT = "budget_left_text";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final int NAMES_SHOWN = 12;

  /** Puts a notification into words. */
  public static NotificationText of(Notification notification) {
    Notification.Digest digest = notification.digest();
    if (digest != null) {
      return DigestText.of(notification, digest.parts(), mark(notification));
    }
    Incident incident = notification.incident();
    Alert lead = incident.lead();
    Cause cause = incident.cause();
    ActionLinks links = notification.links();
    return new NotificationText(
        mark(notification),
        incident.title(),
        notification.note(),
        incident.id(),
        notification.incidentUrl(),
        lead.dataset(),
        lead.objective(),
        lead.annotations().getOrDefault(PROMISE, ""),
        budgetLeft(lead),
        lead.burnRate().isBlank() ? "unknown" : lead.burnRate(),
        since(incident.badSince(), notification.at()),
        cause == null
            ? lead.dataset() + " itself; nothing upstream is known to be wrong"
            : cause.type() + " " + cause.name() + (cause.certain() ? " (certain)" : " (guessed)"),
        cause == null ? List.of() : cause.evidence(),
        cause == null ? "" : path(cause),
        hurt(incident, lead),
        notification.runbookTitle(),
        notification.runbookUrl(),
        incident.alerts().size() < 2
            ? List.of()
            : incident.alerts().stream().map(NotificationText::symptom).toList(),
        "One cause, all of these",
        lead.labels().getOrDefault("owner", ""),
        links == null ? null : links.acknowledgeUrl(),
        links == null ? null : links.silenceUrl(),
        links == null ? null : links.backfillUrl());
  }

  /** Returns the one line that says it all: mark, title, cause. */
  public String headline() {
    return "[" + mark + "] " + title;
  }

  /** Returns the words for the link to {@link #incidentUrl}. */
  public String link() {
    return incidentUrl.endsWith("/" + incidentId) ? "Incident " + incidentId : "All incidents";
  }

  private static String mark(Notification notification) {
    return switch (notification.kind()) {
      case TRIGGERED, ESCALATED -> notification.incident().severity().name();
      case UPDATED -> "UPDATE";
      case REPEATED -> "STILL OPEN";
      case ACKNOWLEDGED -> "TAKEN";
      case RESOLVED -> "RESOLVED";
    };
  }

  /** What is promised, since when it is not kept, and why, by names that vendors show as is. */
  public Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("dataset", dataset);
    facts.put("objective", objective);
    facts.put("promise", promise);
    facts.put("owner", owner);
    facts.put("since", since);
    facts.put("burn_rate", burnRate);
    facts.put("budget_left", budgetLeft);
    facts.put("cause", cause);
    return facts;
  }

  private static String budgetLeft(Alert lead) {
    @Nullable String words = lead.annotations().get(BUDGET_LEFT_TEXT);
    return percent(lead.budgetLeft()) + (words == null ? "" : ": " + words);
  }

  static String percent(@Nullable Double ratio) {
    return ratio == null ? "unknown" : String.format(Locale.ROOT, "%.1f %%", ratio * 100);
  }

  static String since(Instant since, Instant at) {
    return TIME.format(since) + " (" + length(Duration.between(since, at)) + ")";
  }

  private static String length(Duration length) {
    long seconds = Math.max(0, length.toSeconds());
    if (seconds < 120) {
      return seconds + " s";
    }
    if (seconds < 2 * 3600) {
      return seconds / 60 + " min";
    }
    if (seconds < 2 * 86400) {
      return seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
    }
    return seconds / 86400 + " d " + seconds % 86400 / 3600 + " h";
  }

  private static String path(Cause cause) {
    return cause.path().stream()
        .map(key -> key.substring(key.indexOf(':') + 1))
        .collect(Collectors.joining(" → "));
  }

  private static String hurt(Incident incident, Alert lead) {
    Set<String> datasets = new LinkedHashSet<>(lead.blastRadius().datasets());
    Set<String> consumers = new LinkedHashSet<>(lead.blastRadius().consumers());
    for (Alert alert : incident.alerts()) {
      datasets.add(alert.dataset());
      datasets.addAll(alert.blastRadius().datasets());
      consumers.addAll(alert.blastRadius().consumers());
    }
    datasets.remove(lead.dataset());
    if (datasets.isEmpty() && consumers.isEmpty()) {
      return "nobody known";
    }
    String first = datasets.isEmpty() ? "" : "datasets " + names(datasets);
    String second = consumers.isEmpty() ? "" : "consumers " + names(consumers);
    return first + (first.isEmpty() || second.isEmpty() ? "" : "; ") + second;
  }

  static String names(Set<String> names) {
    String shown = names.stream().limit(NAMES_SHOWN).collect(Collectors.joining(", "));
    int more = names.size() - NAMES_SHOWN;
    return more > 0 ? shown + " and " + more + " more" : shown;
  }

  private static String symptom(Alert alert) {
    return alert.dataset()
        + ": "
        + alert.objective()
        + (alert.state() == AlertState.FIRING
            ? ", firing since " + TIME.format(alert.since())
            : ", over since " + TIME.format(alert.updatedAt()))
        + ", budget left "
        + percent(alert.budgetLeft());
  }
}
