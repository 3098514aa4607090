package dev.tidemark.engine.web;

import dev.tidemark.alerting.Alert;
import dev.tidemark.alerting.Incident;
import dev.tidemark.dashboards.Formats;
import dev.tidemark.dashboards.view.Badge;
import dev.tidemark.dashboards.view.IndexView;
import dev.tidemark.dashboards.view.Link;
import dev.tidemark.dashboards.view.RunbookView;
import dev.tidemark.dashboards.view.SafeHtml;
import dev.tidemark.dashboards.view.Section;
import dev.tidemark.dashboards.view.Tone;
import dev.tidemark.runbooks.Runbook;
import dev.tidemark.runbooks.RunbookLibrary;
import dev.tidemark.runbooks.RunbookRenderer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runbooks as pages, with the facts of an incident filled in where there is one. Thread-safe. */
final class RunbookViews {
  private final RunbookLibrary library;
  private final RunbookRenderer renderer = new RunbookRenderer();

  RunbookViews(RunbookLibrary library) {
    this.library = library;
  }

  /** The title, or the id of one that is not there. */
  String title(String id) {
    return library.find(id).map(Runbook::title).orElse(id);
  }

  /** The runbook that an incident asks for, its facts filled in; null when it asks for none. */
  @Nullable SafeHtml html(Incident incident) {
    String id = incident.lead().runbook();
    return id == null
        ? null
        : library
            .find(id)
            .map(runbook -> new SafeHtml(renderer.html(runbook, facts(incident))))
            .orElse(null);
  }

  /** The steps of the runbook that an incident asks for, its facts filled in; may be empty. */
  List<String> steps(Incident incident) {
    String id = incident.lead().runbook();
    return id == null
        ? List.of()
        : library
            .find(id)
            .map(runbook -> renderer.steps(runbook, facts(incident)))
            .orElse(List.of());
  }

  /** The list of all. */
  IndexView index(Instant now) {
    List<IndexView.Row> rows =
        library.all().stream()
            .map(
                runbook ->
                    new IndexView.Row(
                        Link.runbook(runbook.id(), runbook.title()),
                        isStale(runbook, now)
                            ? new Badge(Tone.WARN, "review overdue")
                            : new Badge(Tone.GOOD, "reviewed"),
                        null,
                        List.of(runbook.failureMode(), runbook.owner())))
            .toList();
    return new IndexView(
        Section.RUNBOOKS,
        "Runbooks",
        "What to do, one per failure mode.",
        List.of("Failure mode", "Owner"),
        rows,
        "There are none.");
  }

  /** One of them, or empty when there is none of this name. */
  Optional<RunbookView> page(String id, Optional<Incident> incident, Instant now) {
    return library
        .find(id)
        .map(
            runbook ->
                new RunbookView(
                    runbook.id(),
                    runbook.title(),
                    runbook.failureMode(),
                    runbook.severity(),
                    runbook.owner(),
                    runbook.reviewed().toString(),
                    String.valueOf(runbook.reviewEvery()).replaceFirst("^P(\\d+)D$", "$1 days"),
                    isStale(runbook, now),
                    runbook.slis(),
                    new SafeHtml(
                        renderer.html(runbook, incident.map(RunbookViews::facts).orElse(Map.of()))),
                    incident.map(i -> Link.incident(i.id(), i.title())).orElse(null),
                    library.all().stream()
                        .filter(other -> !other.id().equals(id))
                        .map(other -> Link.runbook(other.id(), other.title()))
                        .toList()));
  }

  private static boolean isStale(Runbook runbook, Instant now) {
    return runbook.isStale(now.atZone(ZoneOffset.UTC).toLocalDate());
  }

  private static Map<String, String> facts(Incident incident) {
    Alert lead = incident.lead();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("id", incident.id());
    facts.put("title", incident.title());
    facts.put("dataset", lead.dataset());
    facts.put("objective", lead.labels().getOrDefault("objective", lead.objective()));
    facts.put("since", Formats.second(lead.since()));
    putIfThere(facts, "pipeline", lead.labels().get("pipeline"));
    putIfThere(facts, "connector", lead.labels().get("connector"));
    putIfThere(facts, "owner", lead.labels().get("owner"));
    if (lead.cause() != null) {
      facts.put("cause", lead.cause().type() + " " + lead.cause().name());
    }
    facts.put("hurt", String.join(", ", lead.blastRadius().consumers()));
    return facts;
  }

  private static void putIfThere(Map<String, String> facts, String name, @Nullable String value) {
    if (value != null) {
      facts.put(name, value);
    }
  }
}
