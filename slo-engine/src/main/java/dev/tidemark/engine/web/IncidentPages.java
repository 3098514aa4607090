package dev.tidemark.engine.web;

import dev.tidemark.alerting.Alert;
import dev.tidemark.alerting.Incident;
import dev.tidemark.dashboards.Formats;
import dev.tidemark.dashboards.PageRenderer;
import dev.tidemark.dashboards.ReportRenderer;
import dev.tidemark.dashboards.view.Frame;
import dev.tidemark.dashboards.view.IndexView;
import dev.tidemark.dashboards.view.Link;
import dev.tidemark.dashboards.view.PostmortemView;
import dev.tidemark.dashboards.view.SafeHtml;
import dev.tidemark.dashboards.view.Section;
import dev.tidemark.engine.api.Declarations;
import dev.tidemark.engine.api.EngineState;
import dev.tidemark.engine.api.FollowUps;
import dev.tidemark.engine.api.IncidentActions;
import dev.tidemark.engine.api.Regrouping;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.planned.PlannedWork;
import dev.tidemark.engine.report.FollowUp;
import dev.tidemark.engine.report.LedgerEntry;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.HttpException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The list of incidents, the page of each, and its forms. A form does one step and leads back to
 * the page. Thread-safe.
 */
final class IncidentPages {
  private static final int FORM_BYTES = 64 * 1024;

  private final EngineState state;
  private final Pages pages;
  private final PageRenderer renderer;
  private final IncidentViews incidentViews;
  private final RunbookViews runbooks;
  private final IncidentActions actions;
  private final FollowUps followUps;
  private final ReportRenderer documents = new ReportRenderer();

  IncidentPages(
      EngineState state,
      Pages pages,
      PageRenderer renderer,
      IncidentViews incidentViews,
      RunbookViews runbooks,
      IncidentActions actions) {
    this.state = state;
    this.pages = pages;
    this.renderer = renderer;
    this.incidentViews = incidentViews;
    this.runbooks = runbooks;
    this.actions = actions;
    this.followUps = new FollowUps(state);
  }

  void mount(Router router) {
    router.get("/incidents").handler(c -> pages.show(c, this::incidents));
    router
        .get("/incidents/:id")
        .handler(c -> pages.show(c, frame -> incident(frame, c.pathParam("id"))));
    router
        .get("/incidents/:id/postmortem")
        .handler(
            c -> pages.show(c, frame -> renderer.postmortem(frame, postmortem(c.pathParam("id")))));
    router.get("/incidents/:id/postmortem.md").handler(c -> pages.download(c, () -> markdown(c)));
    mountActions(router);
    form(
        router,
        "acknowledge",
        (id, c) -> actions.acknowledge(id, Pages.actor(c), Pages.field(c, "note")));
    form(router, "resolve", (id, c) -> actions.resolve(id, Pages.actor(c), Pages.field(c, "note")));
    form(router, "split", this::split);
    form(
        router,
        "merge",
        (id, c) ->
            actions.merge(id, Pages.field(c, "into"), Pages.actor(c), Pages.field(c, "reason")));
    form(router, "silence", this::silence);
    form(router, "backfill", this::backfill);
    router
        .post("/incidents/:id/steps")
        .handler(BodyHandler.create(false).setBodyLimit(FORM_BYTES))
        .handler(c -> pages.submit(c, page(c.pathParam("id")), () -> steps(c)));
  }

  private void mountActions(Router router) {
    router
        .post("/incidents/:id/actions")
        .handler(BodyHandler.create(false).setBodyLimit(FORM_BYTES))
        .handler(
            c ->
                talk(
                    c,
                    id ->
                        followUps.add(
                            id,
                            Pages.field(c, "text"),
                            Pages.field(c, "owner"),
                            Pages.field(c, "due"),
                            Pages.field(c, "ticket"),
                            Pages.actor(c))));
    router
        .post("/incidents/:id/actions/:number/done")
        .handler(BodyHandler.create(false).setBodyLimit(FORM_BYTES))
        .handler(c -> talk(c, id -> followUps.done(id, c.pathParam("number"), Pages.actor(c))));
    router
        .post("/incidents/:id/actions/:number")
        .handler(BodyHandler.create(false).setBodyLimit(FORM_BYTES))
        .handler(
            c -> talk(c, id -> followUps.edit(id, c.pathParam("number"), edit(c), Pages.actor(c))));
  }

  /** The page's form has every field but the state, which has a box. */
  private static FollowUps.Edit edit(RoutingContext context) {
    return new FollowUps.Edit(
        Pages.field(context, "text"),
        Pages.field(context, "owner"),
        Pages.field(context, "due"),
        Pages.field(context, "ticket"),
        Pages.field(context, "state"));
  }

  private void talk(RoutingContext context, Function<String, FollowUp> step) {
    String id = context.pathParam("id");
    String page = page(id) + "/postmortem";
    pages.submit(
        context,
        page,
        () -> {
          Object unused = step.apply(id);
          return page;
        });
  }

  private interface Step {
    Object take(String id, RoutingContext context);
  }

  private void form(Router router, String name, Step step) {
    router
        .post("/incidents/:id/" + name)
        .handler(BodyHandler.create(false).setBodyLimit(FORM_BYTES))
        .handler(
            context -> {
              String id = context.pathParam("id");
              String page = page(id);
              pages.submit(
                  context,
                  page,
                  () -> {
                    Object unused = step.take(id, context);
                    return page;
                  });
            });
  }

  private static String page(String id) {
    return String.valueOf(Link.incident(id, id).href());
  }

  /** Ticks off the steps that the form names, or undoes one, and returns the page it stood on. */
  private String steps(RoutingContext context) {
    String id = context.pathParam("id");
    List<String> numbers = context.request().formAttributes().getAll("step");
    String undone = Pages.field(context, "undo");
    if (numbers.isEmpty() && undone.isEmpty()) {
      throw new HttpException(400, "no step is ticked; tick those that were done");
    }
    String actor = Pages.actor(context);
    String note = Pages.field(context, "note");
    Incident incident =
        undone.isEmpty()
            ? actions.steps(id, numbers, actor, note)
            : actions.undoStep(id, undone, actor, note);
    String runbook = incident.lead().runbook();
    return Pages.field(context, "from").equals("runbook") && runbook != null
        ? String.valueOf(Link.runbookFor(runbook, runbook, id).href())
        : page(id);
  }

  private Object split(String id, RoutingContext context) {
    String into = Pages.field(context, "into");
    return actions.split(
        id,
        new Regrouping(
            context.request().formAttributes().getAll("fingerprint"),
            into.isEmpty() ? null : into,
            Pages.field(context, "reason")),
        Pages.actor(context));
  }

  private Object silence(String id, RoutingContext context) {
    return actions.silence(
        id,
        Pages.field(context, "reach").equals("downstream")
            ? IncidentActions.Reach.DOWNSTREAM
            : IncidentActions.Reach.FIRING,
        Pages.length(Pages.field(context, "for")),
        Pages.actor(context),
        Pages.field(context, "reason"));
  }

  private Object backfill(String id, RoutingContext context) {
    String actor = Pages.actor(context);
    Instant now = state.clock().instant();
    return actions.declare(
        id,
        new Declarations.Request(
            PlannedWork.Kind.BACKFILL,
            List.of(Pages.field(context, "dataset")),
            now,
            utc(Pages.field(context, "ends")),
            Declarations.budget(Pages.field(context, "budget")),
            Pages.field(context, "reason"),
            Pages.field(context, "ticket"),
            actor,
            now),
        actor);
  }

  /** A browser's field for date and time knows no zone; the page says that UTC is meant. */
  private static Instant utc(String text) {
    try {
      return LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw new HttpException(
          400, "the end '" + text + "' is not a time such as 2026-03-01T12:00, in UTC", e);
    }
  }

  private String incidents(Frame frame) {
    List<IndexView.Row> rows =
        state.alerting().recent(200).stream()
            .map(incidentViews::row)
            .map(
                row ->
                    new IndexView.Row(
                        row.incident(),
                        row.state(),
                        null,
                        List.of(
                            row.severity().text(),
                            Formats.second(row.since()),
                            Formats.second(row.openedAt()),
                            row.cause())))
            .toList();
    return renderer.index(
        frame,
        new IndexView(
            Section.INCIDENTS,
            "Incidents",
            "Last changed first.",
            List.of("Severity", "Bad since", "Opened", "Cause"),
            rows,
            "No incident so far."));
  }

  private String incident(Frame frame, String id) {
    Incident incident = find(id);
    SafeHtml html = runbooks.html(incident);
    return renderer.incident(
        frame,
        incidentViews.page(
            incident,
            state.records().deliveries().of(incident),
            html,
            runbooks.stepsView(incident, "incident"),
            alert -> ledger(incident, alert),
            state.alerting().openIncidents(),
            frame.now()));
  }

  /** Both books for the moment at which the incident opened. */
  private @Nullable String ledger(Incident incident, Alert alert) {
    Optional<Objective> objective =
        pages.ask(
            judge ->
                judge.definitions().objectives().stream()
                    .filter(one -> one.id().value().equals(alert.fingerprint()))
                    .findFirst());
    if (objective.isEmpty()) {
      return null;
    }
    LedgerEntry entry = state.records().ledger().at(objective.get(), incident.episodeAt());
    return "when it began: "
        + ObjectiveViews.percent(entry.leftThen())
        + " left as known then, "
        + ObjectiveViews.percent(entry.leftNow())
        + " as known now: "
        + entry.explain();
  }

  private PostmortemView postmortem(String id) {
    Incident incident = find(id);
    return PostmortemViews.view(
        incident,
        incidentViews.row(incident),
        state.records().deliveries().of(incident),
        runbooks.steps(incident),
        state.records().followUps().of(id),
        state.clock().instant());
  }

  private String markdown(RoutingContext context) {
    String id = context.pathParam("id");
    String text = documents.markdown(postmortem(id));
    context
        .response()
        .putHeader("Content-Type", "text/markdown; charset=utf-8")
        .putHeader(
            "Content-Disposition",
            "attachment; filename=\"postmortem-" + id.replaceAll("[^A-Za-z0-9-]", "_") + ".md\"");
    return text;
  }

  private Incident find(String id) {
    return state
        .alerting()
        .find(id)
        .orElseThrow(
            () -> new MissingPageException("There is no incident '" + id + "'.", "/incidents"));
  }
}
