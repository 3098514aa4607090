package dev.tidemark.engine.server;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tidemark.alerting.Alert;
import dev.tidemark.alerting.AlertState;
import dev.tidemark.alerting.Alerting;
import dev.tidemark.alerting.Dispatcher;
import dev.tidemark.alerting.DispatcherSettings;
import dev.tidemark.alerting.Incident;
import dev.tidemark.alerting.Silences;
import dev.tidemark.alerting.notify.Notifiers;
import dev.tidemark.alerting.route.Routes;
import dev.tidemark.dashboards.PageRenderer;
import dev.tidemark.engine.alertmanager.AlertmanagerRoutes;
import dev.tidemark.engine.alertmanager.ExternalAlertMaker;
import dev.tidemark.engine.alertmanager.ExternalAlerts;
import dev.tidemark.engine.alerts.AlertMaker;
import dev.tidemark.engine.alerts.Deliveries;
import dev.tidemark.engine.alerts.RoutingDefinitions;
import dev.tidemark.engine.alerts.StoredFollowUps;
import dev.tidemark.engine.alerts.StoredIncidents;
import dev.tidemark.engine.alerts.StoredOutbox;
import dev.tidemark.engine.alerts.StoredPlans;
import dev.tidemark.engine.alerts.StoredSilences;
import dev.tidemark.engine.alerts.UndeliveredPages;
import dev.tidemark.engine.api.ApiRoutes;
import dev.tidemark.engine.api.BackfillRoutes;
import dev.tidemark.engine.api.BacktestRoutes;
import dev.tidemark.engine.api.CatalogRoutes;
import dev.tidemark.engine.api.DeadLetters;
import dev.tidemark.engine.api.Declarations;
import dev.tidemark.engine.api.DefinitionRoutes;
import dev.tidemark.engine.api.DeliveryRoutes;
import dev.tidemark.engine.api.EngineState;
import dev.tidemark.engine.api.EventStream;
import dev.tidemark.engine.api.FollowUpRoutes;
import dev.tidemark.engine.api.FollowUps;
import dev.tidemark.engine.api.HistoryRoutes;
import dev.tidemark.engine.api.IncidentActions;
import dev.tidemark.engine.api.IncidentRoutes;
import dev.tidemark.engine.api.ReceiverRoutes;
import dev.tidemark.engine.api.Records;
import dev.tidemark.engine.api.ReportRoutes;
import dev.tidemark.engine.api.ScheduleRoutes;
import dev.tidemark.engine.api.SilenceRoutes;
import dev.tidemark.engine.audit.AuditBook;
import dev.tidemark.engine.audit.AuditCopies;
import dev.tidemark.engine.catalog.CatalogCoverage;
import dev.tidemark.engine.catalog.CatalogReporter;
import dev.tidemark.engine.condition.Judge;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.Edits;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.Selector;
import dev.tidemark.engine.embedded.EmbeddedClickHouse;
import dev.tidemark.engine.ingest.IngestLimits;
import dev.tidemark.engine.ingest.IngestRoutes;
import dev.tidemark.engine.ingest.PrometheusIngestMetrics;
import dev.tidemark.engine.ingest.openlineage.LineageReader;
import dev.tidemark.engine.links.LinkSigner;
import dev.tidemark.engine.links.RefusedLinks;
import dev.tidemark.engine.loop.BudgetMinutes;
import dev.tidemark.engine.loop.Corrections;
import dev.tidemark.engine.loop.Courier;
import dev.tidemark.engine.loop.DecisionWriter;
import dev.tidemark.engine.loop.JudgeLoop;
import dev.tidemark.engine.loop.LiveLineage;
import dev.tidemark.engine.loop.Reload;
import dev.tidemark.engine.loop.Reminder;
import dev.tidemark.engine.loop.Restart;
import dev.tidemark.engine.loop.SavedWindows;
import dev.tidemark.engine.loop.SteadyClock;
import dev.tidemark.engine.loop.Teller;
import dev.tidemark.engine.model.Series;
import dev.tidemark.engine.planned.Backfills;
import dev.tidemark.engine.planned.PlanBook;
import dev.tidemark.engine.planned.PlannedWork;
import dev.tidemark.engine.report.BudgetLedger;
import dev.tidemark.engine.selfwatch.Pulse;
import dev.tidemark.engine.selfwatch.SelfAlerts;
import dev.tidemark.engine.selfwatch.SelfWatch;
import dev.tidemark.engine.server.ServerConfig.ClickHouse;
import dev.tidemark.engine.store.clickhouse.AuditTrail;
import dev.tidemark.engine.store.clickhouse.BudgetHistory;
import dev.tidemark.engine.store.clickhouse.ClickHouseBucketStore;
import dev.tidemark.engine.store.clickhouse.ClickHouseConnections;
import dev.tidemark.engine.store.clickhouse.ClickHouseDocuments;
import dev.tidemark.engine.store.clickhouse.ClickHouseLineageReader;
import dev.tidemark.engine.store.clickhouse.ClickHouseSignalReader;
import dev.tidemark.engine.store.clickhouse.ClickHouseSignalSink;
import dev.tidemark.engine.store.clickhouse.Restatements;
import dev.tidemark.engine.store.clickhouse.SeenSeries;
import dev.tidemark.engine.store.local.LocalDocuments;
import dev.tidemark.engine.store.local.MirroredDocuments;
import dev.tidemark.engine.telemetry.EngineMetrics;
import dev.tidemark.engine.web.PageRoutes;
import dev.tidemark.runbooks.Runbook;
import dev.tidemark.runbooks.RunbookLibrary;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything, put together once, top to bottom in the order in which data flow: store, judge,
 * alerting, doors. Closing goes the other way round. Thread-safe.
 */
public final class TidemarkServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TidemarkServer.class);
  static final String LEADS = "tidemark_leads";
  static final String LEADS_HELP = "1 on the server that leads, 0 on one that stands by.";

  /** For how long no server has led. */
  static final String LEADERLESS = "tidemark_leaderless_seconds";

  static final String LEADERLESS_HELP =
      "For how long no server has led, as far as this one sees; 0 while one does.";
  private static final Duration REAL_TICK = Duration.ofMillis(100);
  private static final int SERIES_AT_ONCE = 10_000;
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final Duration LATER = Duration.ofMinutes(10);
  private static final int REMARKS_AT_MOST = 1_000;
  private static final Duration LINEAGE_MEMORY = Duration.ofDays(2);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private URI baseUrl = URI.create("http://127.0.0.1");

  /**
   * What a server stands on.
   *
   * @param vertx runs the ports
   * @param doors whose ports are taken, and that are still shut
   * @param address of the main port
   * @param held whether it may decide, store and tell now
   * @param others whether another server may follow it at any moment
   */
  record Ground(Vertx vertx, HttpDoors doors, URI address, BooleanSupplier held, boolean others) {}

  private TidemarkServer() {}

  /**
   * Starts a server whose console receiver prints to standard output.
   *
   * @throws StartupException with one sentence when it cannot start; nothing stays running then
   */
  public static TidemarkServer start(ServerConfig config, Clock clock, Consumer<String> progress)
      throws StartupException {
    return start(config, clock, progress, System.out::println);
  }

  /**
   * Starts a server.
   *
   * @param config what to do
   * @param clock engine time
   * @param progress a line for people now and then
   * @param console takes what the console receiver is told
   * @throws StartupException with one sentence when it cannot start; nothing stays running then
   */
  public static TidemarkServer start(
      ServerConfig config, Clock clock, Consumer<String> progress, Consumer<String> console)
      throws StartupException {
    TidemarkServer server = new TidemarkServer();
    try {
      server.build(config, clock, progress, console);
      return server;
    } catch (StartupException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /**
   * Starts what a leader does behind ports that are there already; closing shuts the doors and
   * leaves the ports.
   */
  static TidemarkServer lead(
      ServerConfig config, Ground ground, Clock clock, Consumer<String> progress)
      throws StartupException {
    TidemarkServer server = new TidemarkServer();
    try {
      Definitions definitions = DefinitionReloader.readAll(config.definitions()).definitions();
      server.build(config, definitions, ground, clock, progress, System.out::println);
      return server;
    } catch (StartupException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** Where people and programs reach it. */
  public URI baseUrl() {
    return baseUrl;
  }

  private void build(
      ServerConfig config, Clock clock, Consumer<String> progress, Consumer<String> console)
      throws StartupException {
    Access access = new Access(config.tokens());
    refuseOpenDoors(config, access);
    Definitions definitions = DefinitionReloader.readAll(config.definitions()).definitions();
    // Ports first: a busy one is said before anything else starts.
    HttpDoors doors = new HttpDoors(config.listen(), access, clock, HttpDoors::starting);
    Vertx vertx = Vertx.vertx();
    part(() -> await(vertx.close().toCompletionStage()));
    URI address = doors.reserve(vertx);
    Ground ground = new Ground(vertx, doors, address, () -> true, false);
    build(config, definitions, ground, clock, progress, console);
    part(doors::close);
    if (access.isOpen()) {
      progress.accept(
          "no tokens are configured: anybody on this machine may do everything, others nothing");
    }
  }

  private void build(
      ServerConfig config,
      Definitions definitions,
      Ground ground,
      Clock clock,
      Consumer<String> progress,
      Consumer<String> console)
      throws StartupException {
    EngineMetrics metrics = new EngineMetrics();
    Vertx vertx = ground.vertx();
    baseUrl = ground.address();

    // Store.
    ClickHouseConnections connections = store(config, progress, metrics);
    ClickHouseBucketStore buckets = new ClickHouseBucketStore(connections);
    AuditTrail trail = new AuditTrail(connections);
    LocalDocuments local = StoreOpening.documents(config);
    MirroredDocuments documents =
        part(
            new MirroredDocuments(
                local,
                new AuditCopies(new ClickHouseDocuments(connections), trail),
                List.of(
                    StoredIncidents.KIND,
                    StoredOutbox.KIND,
                    StoredSilences.KIND,
                    StoredPlans.KIND,
                    StoredFollowUps.KIND,
                    ExternalAlerts.KIND),
                List.of(
                    new MirroredDocuments.Finished(AuditBook.KIND, List.of(AuditBook.WRITTEN)),
                    new MirroredDocuments.Finished(
                        ExternalAlerts.KIND, List.of(ExternalAlerts.ENDED)),
                    new MirroredDocuments.Finished(
                        StoredIncidents.KIND, List.of(StoredIncidents.FINISHED)),
                    new MirroredDocuments.Finished(StoredOutbox.KIND, StoredOutbox.FINISHED)),
                new MirroredDocuments.Sharing(ground.others(), ground.held()),
                clock,
                metrics));
    metrics.gauge(
        "tidemark_documents_uncopied",
        "Incidents, notifications and the like on the own disk that ClickHouse does not have yet.",
        documents::uncopied);

    BudgetHistory history = new BudgetHistory(connections);
    AuditBook book = new AuditBook(documents, trail);
    AuditLog audit = part(new AuditLog(book, clock, metrics));

    // Judge.
    if (ground.others()) {
      ClockCatchUp.await(buckets.readCheckpoint(), clock, config.judgingDelay());
    }
    Consumer<PlannedWork> waiting =
        work -> audit.note("tidemark", "planned work declared", work.id(), past(work));
    // Before the first start there is no past to correct.
    Instant known = buckets.readCheckpoint().isEmpty() ? Instant.EPOCH : clock.instant();
    PlanBook plans = new PlanBook(new StoredPlans(documents, clock), definitions, known, waiting);
    LiveLineage lineage = new LiveLineage(definitions);
    Instant now = clock.instant();
    Path windows = config.dataDir().resolve("windows.bin");
    progress.accept("reading what the last run left …");
    Restart.Resumed resumed =
        new Restart(buckets, new ClickHouseSignalReader(connections), windows)
            .resume(definitions, plans.plans(), now.minus(config.judgingDelay()), now);

    // Alerting. Waits are counted by a time that does not go back.
    SteadyClock steady = new SteadyClock(clock);
    RunbookLibrary runbooks = RunbookLibrary.load();
    StoredOutbox outbox =
        new StoredOutbox(documents, id -> local.get(StoredOutbox.KIND, id).isPresent());
    Routes routes = RoutingDefinitions.of(definitions, System.getenv()).routes();
    String links = config.baseUrl().isEmpty() ? baseUrl.toString() : config.baseUrl();
    LinkSigner signer =
        new LinkSigner(SigningKey.of(config, new ClickHouseDocuments(connections)), links, clock);
    Notifiers notifiers = part(new Notifiers(console, Clock.systemUTC(), signer::onto));
    Alerting alerting =
        new Alerting(
            new StoredIncidents(documents),
            outbox,
            new Silences(new StoredSilences(documents, clock)),
            routes,
            config.incidents(),
            links,
            id -> runbooks.find(id).map(Runbook::title).orElse(null),
            now);
    Dispatcher dispatcher =
        part(
            new Dispatcher(outbox, notifiers.of(routes), DispatcherSettings.DEFAULT, new Random()));
    dispatcher.routes(routes);
    EventStream stream = part(new EventStream());
    ExternalAlerts external = new ExternalAlerts(documents, now);
    ExternalAlertMaker externalAlerts = new ExternalAlertMaker(external, lineage.graph());
    SelfAlerts selfAlerts = new SelfAlerts();
    Teller teller =
        new Teller(
            alerting,
            firing(alerting.openIncidents()),
            (own, at) -> {
              external.expire(at);
              List<Alert> others =
                  new ArrayList<>(
                      externalAlerts.alerts(
                          lineage.graph(),
                          lineage.troubles(),
                          lineage.objectives(),
                          own,
                          plans.plans().at(at)));
              others.addAll(selfAlerts.firing());
              return others;
            },
            clock,
            steady,
            ground.held(),
            metrics,
            () -> stream.publish("update", "{}"));
    Courier courier = new Courier(dispatcher, steady, ground.held(), metrics);
    DecisionWriter writer =
        new DecisionWriter(
            buckets,
            history,
            new Restatements(connections),
            clock,
            Math.multiplyExact(now.toEpochMilli(), 1_000L),
            ground.held(),
            metrics,
            () -> stream.publish("update", "{}"));
    metrics.gauge(
        "tidemark_told_behind_seconds",
        "How far behind the clock that is for which people have been told, or need not be.",
        () -> Duration.between(teller.toldUntil(), clock.instant()).toMillis() / 1e3);
    BudgetMinutes minutes = new BudgetMinutes();
    JudgeLoop loop =
        new JudgeLoop(
            resumed.judge(),
            resumed.judgedUntil(),
            clock,
            config.judgingDelay(),
            REAL_TICK,
            metrics,
            (tick, at, received) -> {
              writer.decided(tick.bucketChanges(), at, received);
              teller.decided(
                  AlertMaker.alerts(
                      resumed.judge(),
                      lineage.graph(),
                      lineage.troubles(),
                      plans.plans(),
                      tick.firing(),
                      at));
              writer.budgets(minutes.at(resumed.judge(), at));
            });
    writer.decided(resumed.missed().bucketChanges(), resumed.judgedUntil(), now);
    part(courier);
    part(writer);
    part(teller);
    part(loop);
    SavedWindows saved = part(new SavedWindows(windows, loop, metrics));

    Corrections corrections = new Corrections(buckets);
    plans.onChange(changed -> corrections.apply(changed, asker(loop), clock.instant()));

    CatalogCoverage catalog = new CatalogCoverage(definitions, new LineageReader(clock));
    SeenSeries seen = new SeenSeries(connections);
    metrics.counters(
        "tidemark_signals_too_late",
        "Points later than an objective allows of their source (service.name), per objective.",
        "source",
        resumed.judge().tooLate()::bySource);
    seen.metrics().forEach(resumed.judge()::stored);
    seen.series(metrics(definitions), resumed.judge()::stored);
    seen.datasets(now.minus(CatalogCoverage.REMEMBERED), catalog::seen);

    // Doors.
    ClickHouseSignalSink sink =
        part(
            new ClickHouseSignalSink(
                connections,
                StoreOpening.spool(config),
                clock,
                (batch, receivedAt) -> {
                  catalog.seen(batch, receivedAt);
                  if (!batch.lineage().isEmpty()) {
                    lineage.add(batch.lineage());
                  }
                  loop.offer(batch.points(), receivedAt);
                }));
    IngestRoutes ingest =
        new IngestRoutes(
            vertx,
            sink,
            IngestLimits.DEFAULT,
            new PrometheusIngestMetrics(metrics.registry()),
            clock);
    new ClickHouseLineageReader(connections)
        .read(
            now.minus(LINEAGE_MEMORY),
            event -> {
              lineage.add(List.of(event));
              catalog.seen(event, Instant.ofEpochMilli(event.eventTimeNanos() / 1_000_000L));
              ingest.runs().replay(event);
            });
    // After what OpenLineage told before, so that nobody hears of a cause that it makes another.
    teller.decided(
        AlertMaker.alerts(
            resumed.judge(),
            lineage.graph(),
            lineage.troubles(),
            plans.plans(),
            resumed.missed().firing(),
            resumed.judgedUntil()));
    Reload reload = new Reload(buckets);
    DefinitionReloader reloader =
        part(
            new DefinitionReloader(
                config.definitions(),
                metrics,
                changed -> {
                  Definitions before =
                      loop.query(Judge::definitions)
                          .toCompletableFuture()
                          .orTimeout(30, TimeUnit.SECONDS)
                          .join();
                  reload(changed, lineage, alerting, dispatcher, notifiers);
                  reload.apply(
                      changed,
                      plans.reload(changed, clock.instant()),
                      asker(loop),
                      loop::judgedUntil);
                  remember(seen, changed, loop);
                  plans.remind();
                  catalog.reload(changed);
                  audit.note(
                      "tidemark",
                      "definitions reloaded",
                      "",
                      changed.objectives().size() + " objectives");
                  Edits.between(before, changed)
                      .forEach(
                          (id, what) ->
                              audit.note("tidemark", BudgetLedger.EDITED, id.value(), what));
                }));
    EngineState state =
        new EngineState(
            steady,
            new EngineState.Asker() {
              @Override
              public <T> CompletionStage<T> ask(Function<Judge, T> question) {
                return loop.query(question);
              }
            },
            alerting,
            outbox,
            lineage::graph,
            reloader::problems,
            runbooks,
            buckets,
            connections,
            () ->
                new EngineState.Health(
                    sink.queuedRows(),
                    sink.spooledBytes(),
                    sink.lastError(),
                    Duration.between(loop.judgedUntil(), clock.instant()).toMillis() / 1e3,
                    outbox.pending(),
                    outbox.dead(),
                    sink.insertedRows()),
            dispatcher::stats,
            new Records(
                history,
                book,
                new Deliveries(documents),
                new StoredFollowUps(documents, clock),
                new BudgetLedger(
                    buckets, history, new Restatements(connections), book, plans::plans, steady),
                plans::plans,
                catalog::entries),
            config.notice());
    gauges(metrics, state, stream);
    if (ground.others()) {
      metrics.gauge(LEADS, LEADS_HELP, () -> ground.held().getAsBoolean() ? 1 : 0);
      // Whoever does not lead does not answer with these metrics.
      metrics.gauge(LEADERLESS, LEADERLESS_HELP, () -> 0);
    }
    CatalogReporter reporter =
        part(new CatalogReporter(catalog, sink, clock, config.catalogEvery(), metrics));
    Declarations declarations = new Declarations(state, plans);
    IncidentActions actions = new IncidentActions(state, declarations);
    DeadLetters letters = new DeadLetters(state);
    RefusedLinks refused = new RefusedLinks(clock, audit::note);
    metrics.counters(
        "tidemark_links_refused",
        "Signed links and calendar addresses that were refused since the start.",
        "reason",
        refused::counts);
    SelfWatch selfWatch =
        part(
            new SelfWatch(
                selfAlerts,
                new SelfWatch.Sources(
                    loop::sinceTick,
                    sink::spooledBytes,
                    outbox::oldestPending,
                    outbox::dead,
                    new UndeliveredPages(outbox, alerting::routes)::oldest,
                    documents::uncopiedFor,
                    audit::dropped,
                    pulses(teller, courier, writer, documents),
                    connections::ping,
                    () -> local.put(SelfWatch.trace(clock.instant()))),
                ground.held(),
                config.watchdog(),
                clock,
                metrics));
    Reminder reminder = part(new Reminder(plans, clock, metrics));
    loop.start();
    saved.start();
    reminder.start();
    reporter.start();
    writer.start();
    teller.start();
    courier.start();
    reloader.start();
    selfWatch.start();
    ground
        .doors()
        .open(
            vertx,
            router -> {
              ingest.mount(router);
              new ApiRoutes(vertx, state, stream).mount(router);
              new IncidentRoutes(vertx, state, actions).mount(router);
              new FollowUpRoutes(vertx, state, new FollowUps(state)).mount(router);
              new ReceiverRoutes(vertx, state, notifiers).mount(router);
              new ScheduleRoutes(vertx, state, signer, refused).mount(router);
              new DeliveryRoutes(vertx, letters).mount(router);
              new SilenceRoutes(vertx, state).mount(router);
              new AlertmanagerRoutes(vertx, clock, alerting, external, teller::current, audit::note)
                  .mount(router);
              new ReportRoutes(vertx, state).mount(router);
              new BacktestRoutes(vertx, state, plans::list, config.judgingDelay()).mount(router);
              new DefinitionRoutes(vertx, seen).mount(router);
              new BackfillRoutes(
                      vertx,
                      state,
                      plans,
                      declarations,
                      actions,
                      (work, at) -> await(sink.append(Backfills.ended(work, at))))
                  .mount(router);
              new HistoryRoutes(vertx, state).mount(router);
              new CatalogRoutes(vertx, catalog, clock).mount(router);
              new PageRoutes(vertx, state, new PageRenderer(), actions, letters, signer, refused)
                  .mount(router);
            },
            ingest.grpc().handler(),
            metrics,
            ground.held(),
            (action, actor) -> audit.note(actor, action, "/signin", ""));
    part(ground.doors()::shut);
  }

  /** What writes to ClickHouse stands for minutes when that hangs, and is not dead then. */
  private static List<Pulse> pulses(
      Teller teller, Courier courier, DecisionWriter writer, MirroredDocuments documents) {
    return List.of(
        new Pulse("the teller", teller.heartbeat()::age, SOON),
        new Pulse("the courier", courier.heartbeat()::age, SOON),
        new Pulse("the writer of decisions", writer.heartbeat()::age, LATER),
        new Pulse("the mirror", documents::sinceSeenAtWork, LATER));
  }

  private static void gauges(EngineMetrics metrics, EngineState state, EventStream stream) {
    metrics.gauge(
        "tidemark_ingest_queue_rows",
        "Rows that wait for ClickHouse.",
        () -> state.health().get().queuedRows());
    metrics.gauge(
        "tidemark_spool_bytes",
        "Bytes on disk that wait for ClickHouse.",
        () -> state.health().get().spooledBytes());
    metrics.gauge(
        "tidemark_stored_rows",
        "Rows committed since the start.",
        () -> state.health().get().insertedRows());
    metrics.gauge(
        "tidemark_judged_behind_seconds",
        "How far judging is behind the clock.",
        () -> state.health().get().judgedBehindSeconds());
    metrics.gauge(
        "tidemark_notifications_undelivered",
        "Notifications on their way.",
        () -> state.health().get().undelivered());
    metrics.gauge(
        "tidemark_notifications_dead",
        "Notifications given up; a person has to look.",
        () -> state.health().get().deadLetters());
    ReceiverMetrics.register(metrics, state.dispatch(), state.clock());
    metrics.marks(
        "tidemark_objective_remarks",
        "What is odd about an objective: a selector that never found a series and the like.",
        List.of("objective", "kind"),
        () -> remarks(state));
    metrics.gauge("tidemark_live_pages", "Pages that listen for updates.", stream::size);
  }

  private static List<List<String>> remarks(EngineState state) {
    return state
        .judge()
        .ask(
            judge -> {
              List<List<String>> rows = new ArrayList<>();
              for (Objective objective : judge.definitions().objectives()) {
                judge.remarks(objective.id()).stream()
                    .map(remark -> List.of(objective.id().value(), remark.kind().text()))
                    .distinct()
                    .forEach(rows::add);
                if (rows.size() >= REMARKS_AT_MOST) {
                  break;
                }
              }
              return rows;
            })
        .toCompletableFuture()
        .completeOnTimeout(List.of(), 2, TimeUnit.SECONDS)
        .join();
  }

  private static void reload(
      Definitions changed,
      LiveLineage lineage,
      Alerting alerting,
      Dispatcher dispatcher,
      Notifiers notifiers) {
    Routes routes = RoutingDefinitions.of(changed, System.getenv()).routes();
    alerting.routes(routes);
    dispatcher.notifiers(notifiers.of(routes));
    dispatcher.routes(routes);
    lineage.reload(changed);
  }

  private static Corrections.Asker asker(JudgeLoop loop) {
    return new Corrections.Asker() {
      @Override
      public <T> CompletionStage<T> ask(Function<Judge, T> question) {
        return loop.query(question);
      }
    };
  }

  private static String past(PlannedWork work) {
    return String.join(", ", work.covers())
        + " from "
        + work.startsAt()
        + " until "
        + work.endsAt()
        + ": planned in a file for a time that had passed when it was read; waits for an approval";
  }

  /** Other objectives may want series that came long ago. */
  private static void remember(SeenSeries seen, Definitions changed, JudgeLoop loop) {
    List<Series> chunk = new ArrayList<>();
    seen.series(
        metrics(changed),
        series -> {
          chunk.add(series);
          if (chunk.size() == SERIES_AT_ONCE) {
            hand(chunk, loop);
          }
        });
    hand(chunk, loop);
  }

  private static void hand(List<Series> chunk, JudgeLoop loop) {
    List<Series> some = List.copyOf(chunk);
    chunk.clear();
    await(
        loop.query(
            judge -> {
              some.forEach(judge::stored);
              return true;
            }));
  }

  private static Set<String> metrics(Definitions definitions) {
    return definitions.objectives().stream()
        .flatMap(objective -> objective.sli().selectors().stream())
        .map(Selector::metric)
        .collect(Collectors.toSet());
  }

  private static List<Alert> firing(List<Incident> incidents) {
    return incidents.stream()
        .flatMap(incident -> incident.alerts().stream())
        .filter(alert -> alert.state() == AlertState.FIRING)
        .toList();
  }

  private ClickHouseConnections store(
      ServerConfig config, Consumer<String> progress, EngineMetrics metrics)
      throws StartupException {
    ClickHouse server = config.clickHouse();
    if (server != null) {
      return part(StoreOpening.connect(config, server));
    }
    EmbeddedClickHouse embedded = part(StoreOpening.startEmbedded(config, progress));
    metrics.gauge(
        "tidemark_clickhouse_up",
        "1 while the embedded ClickHouse runs, 0 while it is started again.",
        () -> embedded.failure().isEmpty() ? 1 : 0);
    metrics.gauge(
        "tidemark_clickhouse_restarts",
        "How often the embedded ClickHouse was started again.",
        embedded::restarts);
    return part(
        StoreOpening.connect(
            config,
            new ClickHouse(embedded.jdbcUrl("default"), embedded.user(), embedded.password(), "")));
  }

  static void refuseOpenDoors(ServerConfig config, Access access) throws StartupException {
    try {
      if (access.isOpen() && !InetAddress.getByName(config.listen().host()).isLoopbackAddress()) {
        throw new StartupException(
            "without tokens Tidemark listens on loopback only, not on "
                + config.listen().host()
                + "; add tokens to tidemark.yaml, or leave the host out");
      }
    } catch (UnknownHostException e) {
      throw new StartupException("the host " + config.listen().host() + " is not known", e);
    }
  }

  @CanIgnoreReturnValue
  private <T extends AutoCloseable> T part(T part) {
    parts.push(part);
    return part;
  }

  private static void await(CompletionStage<?> stage) {
    stage.toCompletableFuture().orTimeout(20, java.util.concurrent.TimeUnit.SECONDS).join();
  }

  /** Stops taking signals, makes durable what was acknowledged and decided, stops everything. */
  @Override
  public synchronized void close() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOG.warn("{} did not stop cleanly", part.getClass().getSimpleName(), e);
      }
    }
  }
}
