package dev.tidemark.engine.web;

import dev.tidemark.alerting.Incident;
import dev.tidemark.dashboards.Formats;
import dev.tidemark.dashboards.view.Badge;
import dev.tidemark.dashboards.view.IndexView;
import dev.tidemark.dashboards.view.Link;
import dev.tidemark.dashboards.view.RunbookView;
import dev.tidemark.dashboards.view.SafeHtml;
import dev.tidemark.dashboards.view.Section;
import dev.tidemark.dashboards.view.StepsView;
import dev.tidemark.dashboards.view.Tone;
import dev.tidemark.engine.api.IncidentRunbook;
import dev.tidemark.engine.report.RunbookStep;
import dev.tidemark.runbooks.Runbook;
import dev.tidemark.runbooks.RunbookLibrary;
import dev.tidemark.runbooks.RunbookRenderer;
import dev.tidemark.runbooks.Terms;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
    return IncidentRunbook.of(library, incident)
        .map(found -> new SafeHtml(found.html()))
        .orElse(null);
  }

  /** The steps of the runbook that an incident asks for, its facts filled in; may be empty. */
  List<RunbookStep> steps(Incident incident) {
    return IncidentRunbook.of(library, incident).map(IncidentRunbook::steps).orElse(List.of());
  }

  /** The same to tick off; null when there are none. */
  @Nullable StepsView stepsView(Incident incident, String from) {
    List<RunbookStep> steps = steps(incident);
    return steps.isEmpty()
        ? null
        : new StepsView(
            incident.open() ? Link.incident(incident.id(), "").href() + "/steps" : null,
            from,
            steps(steps));
  }

  /** Steps as pages show them. */
  static List<StepsView.Step> steps(List<RunbookStep> steps) {
    return steps.stream()
        .map(
            step ->
                new StepsView.Step(
                    step.number(),
                    step.text(),
                    step.code(),
                    step.doneNow(),
                    step.done().stream()
                        .map(entry -> "done " + Formats.second(entry.at()) + " by " + entry.actor())
                        .collect(Collectors.joining(", "))))
        .toList();
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
                        List.of(Terms.words(runbook.failureMode()), runbook.owner())))
            .toList();
    return new IndexView(
        Section.RUNBOOKS,
        "Runbooks",
        "What to do, one for each way to fail.",
        List.of("When", "Owner"),
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
                    Terms.words(runbook.failureMode()),
                    runbook.severity(),
                    runbook.owner(),
                    runbook.reviewed().toString(),
                    words(runbook.reviewEvery()),
                    isStale(runbook, now),
                    runbook.slis().stream().map(Terms::words).toList(),
                    new SafeHtml(
                        renderer.html(
                            runbook, incident.map(IncidentRunbook::facts).orElse(Map.of()))),
                    incident.map(i -> Link.incident(i.id(), i.title())).orElse(null),
                    incident
                        .filter(i -> id.equals(i.lead().runbook()))
                        .map(i -> stepsView(i, "runbook"))
                        .orElse(null),
                    library.all().stream()
                        .filter(other -> !other.id().equals(id))
                        .map(other -> Link.runbook(other.id(), other.title()))
                        .toList()));
  }

  /** Words a period: "3 months", "1 year 6 months". */
  static String words(Period period) {
    return Stream.of(
            count(period.getYears(), "year"),
            count(period.getMonths(), "month"),
            count(period.getDays(), "day"))
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining(" "));
  }

  private static String count(int count, String unit) {
    return count == 0 ? "" : count + " " + unit + (count == 1 ? "" : "s");
  }

  private static boolean isStale(Runbook runbook, Instant now) {
    return runbook.isStale(now.atZone(ZoneOffset.UTC).toLocalDate());
  }
}
