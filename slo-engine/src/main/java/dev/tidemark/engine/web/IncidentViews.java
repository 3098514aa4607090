package dev.tidemark.engine.web;

import dev.tidemark.alerting.Alert;
import dev.tidemark.alerting.AlertState;
import dev.tidemark.alerting.Incident;
import dev.tidemark.alerting.IncidentState;
import dev.tidemark.alerting.OutboxEntry;
import dev.tidemark.alerting.Severity;
import dev.tidemark.alerting.TimelineEntry;
import dev.tidemark.dashboards.Formats;
import dev.tidemark.dashboards.view.Badge;
import dev.tidemark.dashboards.view.IncidentRow;
import dev.tidemark.dashboards.view.IncidentView;
import dev.tidemark.dashboards.view.LineageNode;
import dev.tidemark.dashboards.view.Link;
import dev.tidemark.dashboards.view.Meter;
import dev.tidemark.dashboards.view.SafeHtml;
import dev.tidemark.dashboards.view.StepsView;
import dev.tidemark.dashboards.view.Tone;
import dev.tidemark.engine.api.IncidentActions;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Incidents as pages show them. Stateless. */
final class IncidentViews {
  /** A backfill is proposed to last for so long, rounded to the hour. */
  private static final Duration BACKFILL = Duration.ofHours(5);

  private static final int NAMES_SHOWN = 6;

  /** So many alerts and other incidents can be chosen on the page. */
  private static final int CHOICES = 200;

  private final UnaryOperator<String> runbookTitles;

  /** Takes a function from a runbook's id to its title. */
  IncidentViews(UnaryOperator<String> runbookTitles) {
    this.runbookTitles = runbookTitles;
  }

  /** Returns an incident's line in a list. */
  IncidentRow row(Incident incident) {
    return new IncidentRow(
        Link.incident(incident.id(), incident.title()),
        severity(incident.severity()),
        state(incident),
        incident.badSince(),
        incident.openedAt(),
        incident.resolvedAt(),
        causeText(incident),
        hurt(incident),
        runbook(incident));
  }

  /**
   * Returns an incident's page.
   *
   * @param open all open incidents
   */
  IncidentView page(
      Incident incident,
      List<OutboxEntry> notifications,
      @Nullable SafeHtml runbookHtml,
      @Nullable StepsView steps,
      Function<Alert, @Nullable String> ledger,
      List<Incident> open,
      Instant now) {
    Alert lead = incident.lead();
    Instant end = incident.resolvedAt() == null ? now : incident.resolvedAt();
    return new IncidentView(
        incident.id(),
        incident.title(),
        severity(incident.severity()),
        state(incident),
        incident.badSince(),
        incident.openedAt(),
        reopenedAt(incident),
        incident.resolvedAt(),
        Formats.duration(Duration.between(incident.badSince(), end)),
        incident.acknowledgedBy(),
        incident.acknowledgedAt(),
        lead.labels().getOrDefault("owner", ""),
        cause(incident),
        incident.alerts().stream().map(alert -> affected(alert, ledger.apply(alert))).toList(),
        blast(incident),
        incident.timeline().stream().map(IncidentViews::event).toList(),
        notifications.stream().map(IncidentViews::delivery).toList(),
        runbook(incident),
        runbookHtml,
        steps,
        incident.open() && incident.state() != IncidentState.ACKNOWLEDGED,
        incident.open() ? actions(incident, open, now) : null,
        null);
  }

  private static IncidentView.Actions actions(Incident incident, List<Incident> open, Instant now) {
    Set<String> firing = IncidentActions.datasets(incident, IncidentActions.Reach.FIRING);
    Set<String> reached = IncidentActions.datasets(incident, IncidentActions.Reach.DOWNSTREAM);
    Set<String> datasets = new LinkedHashSet<>(List.of(incident.lead().dataset()));
    datasets.addAll(firing);
    return new IncidentView.Actions(
        names(firing),
        reached.equals(firing) ? null : names(reached),
        List.copyOf(datasets),
        LocalDateTime.ofInstant(now.plus(BACKFILL), ZoneOffset.UTC)
            .truncatedTo(ChronoUnit.HOURS)
            .toString(),
        regrouping(incident, open));
  }

  /** The browser sends a field for each alert, and the server takes 256 of them. */
  private static IncidentView.Regrouping regrouping(Incident incident, List<Incident> open) {
    List<Alert> firing = incident.alerts().stream().filter(Alert::firingNow).toList();
    List<Incident> others =
        open.stream()
            .filter(one -> !one.id().equals(incident.id()))
            .sorted(Comparator.comparing(Incident::openedAt).reversed())
            .toList();
    return new IncidentView.Regrouping(
        firing.size() < 2 && others.isEmpty()
            ? List.of()
            : firing.stream()
                .limit(CHOICES)
                .map(
                    alert ->
                        new IncidentView.Choice(
                            alert.fingerprint(), alert.objective() + " of " + alert.dataset()))
                .toList(),
        others.stream()
            .limit(CHOICES)
            .map(one -> new IncidentView.Choice(one.id(), one.id() + " · " + one.title()))
            .toList(),
        firing.size() > CHOICES || others.size() > CHOICES);
  }

  /** When it came back last; null when it has not. */
  private static @Nullable Instant reopenedAt(Incident incident) {
    return incident.episodes().isEmpty() ? null : incident.episodeAt();
  }

  /** Returns the names as one text, of many the first ones. */
  static String names(Set<String> names) {
    int more = names.size() - NAMES_SHOWN;
    String shown = names.stream().limit(NAMES_SHOWN).collect(Collectors.joining(", "));
    return more > 0 ? shown + " and " + more + " more" : shown;
  }

  /** Returns page or ticket with its colour. */
  static Badge severity(Severity severity) {
    return severity == Severity.PAGE ? new Badge(Tone.BAD, "page") : new Badge(Tone.WARN, "ticket");
  }

  private static Badge state(Incident incident) {
    return switch (incident.state()) {
      case PENDING ->
          incident.suppressedBy() == null
              ? new Badge(Tone.WARN, "gathering symptoms")
              : new Badge(Tone.NEUTRAL, "suppressed");
      case OPEN -> new Badge(Tone.BAD, "open");
      case ACKNOWLEDGED -> new Badge(Tone.WARN, "acknowledged by " + incident.acknowledgedBy());
      case RESOLVED -> new Badge(Tone.GOOD, "resolved");
    };
  }

  private static IncidentView.Cause cause(Incident incident) {
    dev.tidemark.alerting.Cause cause = incident.cause();
    if (cause == null) {
      return new IncidentView.Cause(
          causeText(incident), Link.dataset(incident.lead().dataset()), false, List.of());
    }
    return new IncidentView.Cause(
        cause.type().equals("connector") ? causeText(incident) : cause.type(),
        cause.type().equals("connector") ? null : node(cause.key()),
        cause.certain(),
        cause.evidence());
  }

  private static String causeText(Incident incident) {
    dev.tidemark.alerting.Cause cause = incident.cause();
    return cause == null
        ? "nothing upstream is known to be broken; look at " + incident.lead().dataset() + " itself"
        : cause.type() + " " + cause.name() + (cause.certain() ? "" : " (guessed)");
  }

  private static String hurt(Incident incident) {
    Set<String> hurt = new LinkedHashSet<>();
    for (Alert alert : incident.alerts()) {
      hurt.add(alert.dataset());
      hurt.addAll(alert.blastRadius().datasets());
      hurt.addAll(alert.blastRadius().consumers());
    }
    return String.join(", ", hurt);
  }

  private @Nullable Link runbook(Incident incident) {
    String id = incident.lead().runbook();
    return id == null || id.isEmpty()
        ? null
        : Link.runbookFor(id, runbookTitles.apply(id), incident.id());
  }

  private static IncidentView.Affected affected(Alert alert, @Nullable String ledger) {
    Double left = alert.budgetLeft();
    return new IncidentView.Affected(
        new Link(
            alert.objective(),
            "/slos/" + Link.segment(alert.labels().getOrDefault("objective", alert.objective()))),
        Link.dataset(alert.dataset()),
        alert.since(),
        new Badge(alert.state() == AlertState.FIRING ? Tone.BAD : Tone.GOOD, alert.burnRate()),
        left == null
            ? Meter.unknown("unknown")
            : new Meter(Formats.left(left), left, left > 0.25 ? Tone.GOOD : Tone.BAD),
        alert.state() == AlertState.FIRING
            ? new Badge(Tone.BAD, "firing")
            : new Badge(Tone.GOOD, "resolved"),
        ledger);
  }

  private static List<LineageNode> blast(Incident incident) {
    Set<String> datasets = new LinkedHashSet<>();
    Set<String> consumers = new LinkedHashSet<>();
    Set<String> atRisk = new LinkedHashSet<>();
    for (Alert alert : incident.alerts()) {
      datasets.addAll(alert.blastRadius().datasets());
      consumers.addAll(alert.blastRadius().consumers());
      atRisk.addAll(alert.blastRadius().atRisk());
    }
    List<LineageNode> nodes = new ArrayList<>();
    for (String dataset : datasets) {
      nodes.add(
          new LineageNode(Link.dataset(dataset), "dataset", new Badge(Tone.BAD, "affected"), ""));
    }
    for (String consumer : consumers) {
      nodes.add(
          new LineageNode(Link.none(consumer), "consumer", new Badge(Tone.WARN, "affected"), ""));
    }
    for (String objective : atRisk) {
      nodes.add(
          new LineageNode(
              new Link(objective, "/slos/" + Link.segment(objective)),
              "objective",
              new Badge(Tone.WARN, "does not alert yet"),
              ""));
    }
    return nodes;
  }

  private static IncidentView.Event event(TimelineEntry entry) {
    Tone tone =
        switch (entry.what()) {
          case "opened", "joined", "reopened", "severity" -> Tone.BAD;
          case "resolved", "recovering" -> Tone.GOOD;
          case "acknowledged" -> Tone.WARN;
          default -> Tone.NEUTRAL;
        };
    String by = entry.actor().equals(TimelineEntry.TIDEMARK) ? "" : entry.actor() + ": ";
    return new IncidentView.Event(entry.at(), entry.what(), by + entry.reason(), tone);
  }

  private static IncidentView.Delivery delivery(OutboxEntry entry) {
    Badge state =
        switch (entry.state()) {
          case PENDING -> new Badge(Tone.WARN, "waiting");
          case DELIVERED -> new Badge(Tone.GOOD, "delivered");
          case DEAD, DISMISSED -> new Badge(Tone.BAD, "given up");
        };
    String error = entry.lastError();
    return new IncidentView.Delivery(
        entry.createdAt(),
        entry.notification().receiver(),
        kind(entry),
        state,
        error == null ? "" : "after " + entry.attempts() + " attempts: " + error);
  }

  /** Returns what a notification says, and of how many incidents when it says it of several. */
  static String kind(OutboxEntry entry) {
    String kind = entry.notification().kind().name().toLowerCase(Locale.ROOT);
    int incidents = entry.notification().about().size();
    return entry.notification().digest() == null
        ? kind
        : kind + ", digest of " + incidents + (incidents == 1 ? " incident" : " incidents");
  }

  /** Returns the link of a lineage node, given as {@code type:name}. */
  static @Nullable Link node(String key) {
    int colon = key.indexOf(':');
    String type = colon < 0 ? "" : key.substring(0, colon);
    String name = key.substring(colon + 1);
    return switch (type) {
      case "dataset" -> Link.dataset(name);
      case "pipeline" -> Link.pipeline(name);
      default -> Link.none(name);
    };
  }
}
