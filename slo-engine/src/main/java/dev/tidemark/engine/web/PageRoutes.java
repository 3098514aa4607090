package dev.tidemark.engine.web;

import dev.tidemark.alerting.Alert;
import dev.tidemark.alerting.Incident;
import dev.tidemark.alerting.Silence;
import dev.tidemark.dashboards.Asset;
import dev.tidemark.dashboards.Assets;
import dev.tidemark.dashboards.Formats;
import dev.tidemark.dashboards.PageRenderer;
import dev.tidemark.dashboards.view.ErrorView;
import dev.tidemark.dashboards.view.ExecutiveView;
import dev.tidemark.dashboards.view.Frame;
import dev.tidemark.dashboards.view.IncidentRow;
import dev.tidemark.dashboards.view.IndexView;
import dev.tidemark.dashboards.view.Link;
import dev.tidemark.dashboards.view.SafeHtml;
import dev.tidemark.dashboards.view.Section;
import dev.tidemark.dashboards.view.SignInView;
import dev.tidemark.engine.api.EngineState;
import dev.tidemark.engine.condition.Judge;
import dev.tidemark.engine.definition.DatasetDefinition;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.lineage.LineageGraph;
import dev.tidemark.engine.lineage.Node;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.report.BudgetLedger;
import dev.tidemark.engine.store.BucketStore.Bucket;
import dev.tidemark.engine.store.PipelineHistory;
import dev.tidemark.engine.store.clickhouse.AuditTrail;
import dev.tidemark.engine.store.clickhouse.ClickHouseDatasetHistory;
import dev.tidemark.engine.store.clickhouse.ClickHousePipelineHistory;
import dev.tidemark.engine.store.clickhouse.Restatements;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The pages. Rendering asks the judge and the store, so it runs on worker threads. Thread-safe. */
public final class PageRoutes {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int RESTATED_AT_MOST = 200;
  private static final Duration SHOWN = Duration.ofHours(3);

  private final Vertx vertx;
  private final EngineState state;
  private final PageRenderer renderer;
  private final IncidentViews incidentViews;
  private final DebugViews debugViews;
  private final RunbookViews runbooks;
  private final DatasetViews datasetViews;

  /** Renders this state. */
  public PageRoutes(Vertx vertx, EngineState state, PageRenderer renderer) {
    this.vertx = vertx;
    this.state = state;
    this.renderer = renderer;
    PipelineHistory pipelines = new ClickHousePipelineHistory(state.clickHouse());
    this.debugViews = new DebugViews(pipelines);
    this.datasetViews =
        new DatasetViews(new ClickHouseDatasetHistory(state.clickHouse()), pipelines, debugViews);
    this.runbooks = new RunbookViews(state.runbooks());
    this.incidentViews = new IncidentViews(runbooks::title);
  }

  /** Finds nothing under this name. */
  private static final class Missing extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String list;

    Missing(String message, String list) {
      super(message);
      this.list = list;
    }
  }

  private interface Page {
    String render(Frame frame);
  }

  /** Adds the routes. */
  public void mount(Router router) {
    router.get("/").handler(context -> context.redirect("/dashboards/oncall"));
    router.get("/assets/*").handler(this::asset);
    router.get("/favicon.ico").handler(this::asset);
    router
        .get("/signin")
        .handler(
            context ->
                page(
                    context,
                    frame ->
                        renderer.signIn(
                            frame,
                            new SignInView(
                                "/signin",
                                Objects.requireNonNullElse(context.request().getParam("next"), "/"),
                                context.request().getParam("problem") == null
                                    ? null
                                    : "This token is not known.",
                                null))));
    router.get("/dashboards/oncall").handler(c -> page(c, this::oncall));
    router.get("/dashboards/executive").handler(c -> page(c, this::executive));
    router.get("/dashboards/debug").handler(c -> page(c, this::pipelines));
    router
        .get("/dashboards/debug/:name")
        .handler(
            c ->
                page(
                    c,
                    frame ->
                        debug(
                            frame,
                            c.pathParam("name"),
                            Objects.requireNonNullElse(c.request().getParam("run"), ""))));
    router.get("/slos").handler(c -> page(c, this::slos));
    router.get("/slos/:name").handler(c -> page(c, frame -> slo(frame, c.pathParam("name"))));
    router.get("/datasets").handler(c -> page(c, this::datasets));
    router
        .get("/datasets/:name")
        .handler(c -> page(c, frame -> dataset(frame, c.pathParam("name"))));
    router.get("/incidents").handler(c -> page(c, this::incidents));
    router.get("/incidents/:id").handler(c -> page(c, frame -> incident(frame, c.pathParam("id"))));
    router
        .post("/incidents/:id/acknowledge")
        .handler(BodyHandler.create(false).setBodyLimit(16 * 1024))
        .handler(this::acknowledge);
    router
        .get("/runbooks")
        .handler(c -> page(c, frame -> renderer.index(frame, runbooks.index(frame.now()))));
    router
        .get("/runbooks/:id")
        .handler(
            c ->
                page(
                    c,
                    frame -> runbook(frame, c.pathParam("id"), c.request().getParam("incident"))));
  }

  private void page(RoutingContext context, Page page) {
    vertx
        .executeBlocking(() -> render(context, page), false)
        .onSuccess(
            html ->
                context
                    .response()
                    .putHeader("Content-Type", "text/html; charset=utf-8")
                    .putHeader("Content-Security-Policy", "default-src 'self'")
                    .putHeader("X-Content-Type-Options", "nosniff")
                    .putHeader("Referrer-Policy", "same-origin")
                    .putHeader("Cache-Control", "no-store")
                    .end(html))
        .onFailure(context::fail);
  }

  private String render(RoutingContext context, Page page) {
    Frame frame =
        new Frame(
            state.clock().instant(),
            state.notice().isEmpty() ? null : state.notice(),
            context.get("tidemark.person"),
            state.alerting().openIncidents().size(),
            !context.normalizedPath().equals("/signin"));
    try {
      return page.render(frame);
    } catch (Missing e) {
      context.response().setStatusCode(404);
      return renderer.error(
          frame,
          new ErrorView(
              404,
              "Not found",
              String.valueOf(e.getMessage()),
              "The list has every name.",
              new Link(e.list, e.list)));
    }
  }

  private <T> T ask(Function<Judge, T> question) {
    try {
      return state
          .judge()
          .ask(question)
          .toCompletableFuture()
          .orTimeout(10, TimeUnit.SECONDS)
          .join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof Missing missing) {
        throw missing;
      }
      throw e;
    }
  }

  private void asset(RoutingContext context) {
    Optional<Asset> found = Assets.find(context.normalizedPath());
    if (found.isEmpty()) {
      context.fail(404);
      return;
    }
    Asset asset = found.get();
    context.response().putHeader("ETag", asset.etag()).putHeader("Cache-Control", "no-cache");
    if (asset.etag().equals(context.request().getHeader("If-None-Match"))) {
      context.response().setStatusCode(304).end();
      return;
    }
    context
        .response()
        .putHeader("Content-Type", asset.contentType())
        .putHeader("X-Content-Type-Options", "nosniff")
        .end(io.vertx.core.buffer.Buffer.buffer(asset.content()));
  }

  private String oncall(Frame frame) {
    List<IncidentRow> rows =
        state.alerting().openIncidents().stream().map(incidentViews::row).toList();
    List<Silence> silences =
        state.alerting().silences().list(frame.now()).stream()
            .filter(silence -> frame.now().isBefore(silence.endsAt()))
            .toList();
    Map<ObjectiveId, List<Bucket>> lastHour = buckets(frame.now().minus(HOUR), frame.now());
    return renderer.oncall(
        frame,
        ask(
            judge ->
                OverviewViews.oncall(
                    judge,
                    state.health().get(),
                    rows,
                    silences,
                    state.records().plans().get(),
                    lastHour,
                    state.problems().get(),
                    frame.now())));
  }

  private String executive(Frame frame) {
    List<Incident> recent = state.alerting().recent(500);
    ExecutiveView now = ask(judge -> OverviewViews.executive(judge, state, recent, frame.now()));
    return renderer.executive(
        frame, ExecutiveViews.withPast(now, state, ask(Judge::definitions), frame.now()));
  }

  private String slos(Frame frame) {
    List<IndexView.Row> rows =
        ask(
            judge ->
                judge.definitions().objectives().stream()
                    .map(
                        o ->
                            new IndexView.Row(
                                Link.slo(o.id().value()),
                                ObjectiveViews.state(judge, o, frame.now()),
                                ObjectiveViews.budget(
                                    judge.snapshot(o.id(), frame.now()).orElseThrow()),
                                List.of(
                                    ObjectiveViews.promise(o.sli()),
                                    o.target().text() + " over " + o.window().text(),
                                    o.owner())))
                    .toList());
    return renderer.index(
        frame,
        new IndexView(
            Section.SLOS,
            "Objectives",
            "What was promised, and how much of the error budget is left.",
            List.of("Promise", "Target", "Owner"),
            rows,
            "Nothing is promised yet: start the server with --definitions."));
  }

  private String slo(Frame frame, String name) {
    Objective objective =
        ask(
            judge ->
                judge.definitions().objectives().stream()
                    .filter(o -> o.id().value().equals(name))
                    .findFirst()
                    .orElseThrow(
                        () -> new Missing("There is no objective '" + name + "'.", "/slos")));
    ObjectiveId id = objective.id();
    List<Bucket> window = new ArrayList<>();
    Instant start = frame.now().minus(objective.window().nominal());
    state.buckets().read(id, start, frame.now(), window::add);
    List<Restatements.Entry> restated =
        state.records().ledger().restated(id, start, frame.now(), RESTATED_AT_MOST);
    Instant from = frame.now().minus(SHOWN);
    List<Bucket> recent = window.stream().filter(bucket -> bucket.start().isAfter(from)).toList();
    List<IncidentRow> incidents =
        state.alerting().recent(200).stream()
            .filter(i -> i.alerts().stream().anyMatch(a -> a.fingerprint().equals(name)))
            .limit(10)
            .map(incidentViews::row)
            .toList();
    return renderer.slo(
        frame,
        ask(
            judge ->
                ObjectiveViews.page(
                    judge,
                    objective,
                    recent,
                    window,
                    incidents,
                    restated,
                    state.records().plans().get(),
                    runbooks::title,
                    frame.now())));
  }

  private Map<ObjectiveId, List<Bucket>> buckets(Instant from, Instant to) {
    Map<ObjectiveId, List<Bucket>> found = new HashMap<>();
    state
        .buckets()
        .read(
            from,
            to,
            bucket ->
                found.computeIfAbsent(bucket.objective(), id -> new ArrayList<>()).add(bucket));
    return found;
  }

  private String datasets(Frame frame) {
    List<IndexView.Row> rows =
        ask(
            judge ->
                judge.definitions().datasets().stream()
                    .map(
                        d ->
                            new IndexView.Row(
                                Link.dataset(d.name()),
                                DatasetViews.worst(judge, d.name(), frame.now()),
                                null,
                                List.of(d.owner(), d.domain(), d.tier())))
                    .toList());
    return renderer.index(
        frame,
        new IndexView(
            Section.DATASETS,
            "Datasets",
            "What is watched, and whose it is.",
            List.of("Owner", "Domain", "Tier"),
            rows,
            "No dataset is defined yet: write a kind: Dataset document."));
  }

  private String dataset(Frame frame, String name) {
    List<IncidentRow> incidents =
        state.alerting().recent(200).stream()
            .filter(i -> i.alerts().stream().anyMatch(a -> a.dataset().equals(name)))
            .limit(10)
            .map(incidentViews::row)
            .toList();
    LineageGraph lineage = state.lineage().get();
    Optional<DatasetDefinition> definition =
        ask(
            judge ->
                judge.definitions().datasets().stream()
                    .filter(d -> d.name().equals(name))
                    .findFirst());
    if (definition.isEmpty() && !lineage.nodes().contains(new Node(Node.Type.DATASET, name))) {
      throw new Missing("There is no dataset '" + name + "'.", "/datasets");
    }
    DatasetViews.Past past =
        datasetViews.past(
            name, definition.map(DatasetDefinition::producedBy).orElse(""), lineage, frame.now());
    return renderer.dataset(
        frame,
        ask(
            judge ->
                DatasetViews.page(
                    judge,
                    name,
                    definition,
                    lineage,
                    past,
                    incidents,
                    runbooks::title,
                    frame.now())));
  }

  private List<Link> pipelineLinks() {
    return state.lineage().get().nodes().stream()
        .filter(node -> node.type() == Node.Type.PIPELINE)
        .map(node -> Link.pipeline(node.name()))
        .toList();
  }

  private String pipelines(Frame frame) {
    return renderer.index(
        frame,
        new IndexView(
            Section.DEBUG,
            "Pipelines",
            "Runs, logs and traces of each.",
            List.of("Owner", "Writes", "Newest run began"),
            pipelineLinks().stream()
                .map(
                    link ->
                        debugViews.listed(
                            link, owner(link.text()), written(link.text()), frame.now()))
                .toList(),
            "No pipeline is known yet: send signals or lineage, or name one in producedBy."));
  }

  private List<Link> written(String pipeline) {
    return state.lineage().get().directlyAfter(new Node(Node.Type.PIPELINE, pipeline)).stream()
        .filter(n -> n.type() == Node.Type.DATASET)
        .limit(12)
        .map(DatasetViews::link)
        .toList();
  }

  private String owner(String pipeline) {
    return ask(
        judge ->
            judge.definitions().datasets().stream()
                .filter(dataset -> dataset.producedBy().equals(pipeline))
                .map(DatasetDefinition::owner)
                .filter(team -> !team.isEmpty())
                .findFirst()
                .orElse(""));
  }

  private String debug(Frame frame, String name, String run) {
    Node node = new Node(Node.Type.PIPELINE, name);
    if (!state.lineage().get().nodes().contains(node)) {
      throw new Missing("There is no pipeline '" + name + "'.", "/dashboards/debug");
    }
    List<Link> others =
        pipelineLinks().stream().filter(link -> !link.text().equals(name)).limit(12).toList();
    return renderer.debug(
        frame,
        debugViews.page(
            name,
            new DebugViews.Known(
                owner(name),
                written(name),
                others,
                dataset ->
                    state.lineage().get().nodes().contains(new Node(Node.Type.DATASET, dataset))),
            run,
            frame.now()));
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
                        List.of(row.severity().text(), Formats.second(row.since()), row.cause())))
            .toList();
    return renderer.index(
        frame,
        new IndexView(
            Section.INCIDENTS,
            "Incidents",
            "Last changed first.",
            List.of("Severity", "Since", "Cause"),
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
            state.records().deliveries().of(id),
            html,
            alert -> ledger(incident, alert),
            frame.now()));
  }

  /** Both books for the moment at which the incident opened, when they differ. */
  private @Nullable String ledger(Incident incident, Alert alert) {
    Optional<Objective> objective =
        ask(
            judge ->
                judge.definitions().objectives().stream()
                    .filter(one -> one.id().value().equals(alert.fingerprint()))
                    .findFirst());
    if (objective.isEmpty()) {
      return null;
    }
    BudgetLedger.Entry entry = state.records().ledger().at(objective.get(), incident.episodeAt());
    if (entry.restated().isEmpty()) {
      return null;
    }
    return "when told "
        + ObjectiveViews.percent(entry.leftThen())
        + ", as known now "
        + ObjectiveViews.percent(entry.leftNow())
        + ": "
        + entry.explain();
  }

  private Incident find(String id) {
    return state
        .alerting()
        .find(id)
        .orElseThrow(() -> new Missing("There is no incident '" + id + "'.", "/incidents"));
  }

  private void acknowledge(RoutingContext context) {
    String id = context.pathParam("id");
    String note = context.request().getFormAttribute("note");
    String actor = String.valueOf(context.<Object>get("tidemark.actor"));
    vertx
        .executeBlocking(
            () -> {
              String reason = note == null ? "" : note;
              Instant now = state.clock().instant();
              boolean done = state.alerting().acknowledge(id, actor, reason, now).isPresent();
              if (done) {
                state
                    .records()
                    .audit()
                    .write(new AuditTrail.Entry(now, actor, "incident acknowledged", id, reason));
              }
              return done;
            },
            false)
        .onSuccess(
            done ->
                context
                    .response()
                    .setStatusCode(303)
                    .putHeader("Location", Link.incident(id, id).href())
                    .end())
        .onFailure(context::fail);
  }

  private String runbook(Frame frame, String id, @Nullable String incidentId) {
    Optional<Incident> incident =
        incidentId == null ? Optional.empty() : state.alerting().find(incidentId);
    return renderer.runbook(
        frame,
        runbooks
            .page(id, incident, frame.now())
            .orElseThrow(() -> new Missing("There is no runbook '" + id + "'.", "/runbooks")));
  }
}
