package dev.tidemark.engine.server;

import dev.tidemark.alerting.notify.Notifiers;
import dev.tidemark.alerting.route.Routes;
import dev.tidemark.engine.alerts.RoutingDefinitions;
import dev.tidemark.engine.alerts.StoredOutbox;
import dev.tidemark.engine.api.EngineState;
import dev.tidemark.engine.api.EventStream;
import dev.tidemark.engine.catalog.CatalogCoverage;
import dev.tidemark.engine.catalog.CatalogReporter;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.ingest.openlineage.LineageReader;
import dev.tidemark.engine.links.LinkSigner;
import dev.tidemark.engine.loop.Corrections;
import dev.tidemark.engine.loop.DecisionWriter;
import dev.tidemark.engine.loop.LiveLineage;
import dev.tidemark.engine.loop.Reminder;
import dev.tidemark.engine.loop.Restart;
import dev.tidemark.engine.loop.SteadyClock;
import dev.tidemark.engine.planned.PlanBook;
import dev.tidemark.engine.selfwatch.SelfWatch;
import dev.tidemark.engine.store.clickhouse.ClickHouseDocuments;
import dev.tidemark.engine.store.clickhouse.ClickHouseLineageReader;
import dev.tidemark.engine.store.clickhouse.ClickHouseSignalReader;
import dev.tidemark.engine.store.clickhouse.SeenSeries;
import dev.tidemark.engine.telemetry.EngineMetrics;
import dev.tidemark.runbooks.RunbookLibrary;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Everything, put together once, top to bottom in the order in which data flow: store, judge,
 * alerting, doors. Closing goes the other way round. Thread-safe.
 */
public final class TidemarkServer implements AutoCloseable {
  private final Parts parts = new Parts();
  private URI baseUrl = URI.create("http://127.0.0.1");

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
      DefinitionReloader.Read read = DefinitionReloader.readAll(config.definitions());
      server.build(config, read, ground, clock, progress, System.out::println);
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
    Access access = Access.of(config);
    DefinitionReloader.Read read = DefinitionReloader.readAll(config.definitions());
    // Ports first: a busy one is said before anything else starts.
    HttpDoors doors = new HttpDoors(config.listen(), access, clock, HttpDoors::starting);
    Vertx vertx = Vertx.vertx();
    parts.atEnd(
        () -> vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS));
    URI address = doors.reserve(vertx);
    Ground ground = new Ground(vertx, doors, address, () -> true, false);
    build(config, read, ground, clock, progress, console);
    parts.atEnd(doors::close);
    if (access.isOpen()) {
      progress.accept(
          "no tokens are configured: anybody on this machine may do everything, others nothing");
    }
  }

  private void build(
      ServerConfig config,
      DefinitionReloader.Read read,
      Ground ground,
      Clock clock,
      Consumer<String> progress,
      Consumer<String> console)
      throws StartupException {
    Definitions definitions = read.definitions();
    EngineMetrics metrics = new EngineMetrics();
    baseUrl = ground.address();

    // Store.
    Stores stores = new Stores(config, ground, clock, metrics, progress, parts);
    AuditLog audit = parts.own(new AuditLog(stores.auditBook(), clock, metrics));

    // What the last run left.
    if (ground.others()) {
      ClockCatchUp.await(stores.buckets().readCheckpoint(), clock, config.judgingDelay());
    }
    PlanBook plans = PlanOpening.open(stores, definitions, audit, clock);
    CatalogCoverage catalog = new CatalogCoverage(definitions, new LineageReader(clock));
    Surroundings surroundings = new Surroundings(new LiveLineage(definitions), plans, catalog);
    Instant now = clock.instant();
    Path windows = config.dataDir().resolve("windows.bin");
    progress.accept("reading what the last run left …");
    Restart.Resumed resumed =
        new Restart(stores.buckets(), new ClickHouseSignalReader(stores.connections()), windows)
            .resume(definitions, plans.plans(), now.minus(config.judgingDelay()), now);

    // Alerting. Waits are counted by a time that does not go back.
    Times times = new Times(clock, new SteadyClock(clock), config.judgingDelay(), now);
    StoredOutbox outbox =
        new StoredOutbox(
            stores.documents(), id -> stores.local().get(StoredOutbox.KIND, id).isPresent());
    Routes routes = RoutingDefinitions.of(definitions, System.getenv()).routes();
    TellingRules rules =
        new TellingRules(
            routes,
            config.incidents(),
            config.baseUrl().isEmpty() ? baseUrl.toString() : config.baseUrl(),
            RunbookLibrary.load());
    LinkSigner signer =
        new LinkSigner(
            SigningKey.of(config, new ClickHouseDocuments(stores.connections())),
            rules.links(),
            clock);
    EventStream stream = parts.own(new EventStream());
    Runnable update = () -> stream.publish("update", "{}");
    Notifiers notifiers = parts.own(new Notifiers(console, Clock.systemUTC(), signer::onto));
    Delivery delivery =
        new Delivery(outbox, routes, notifiers, times.steady(), ground.held(), metrics, parts);
    DecisionWriter writer =
        parts.own(
            new DecisionWriter(
                stores.buckets(),
                stores.history(),
                stores.restatements(),
                clock,
                Math.multiplyExact(now.toEpochMilli(), 1_000L),
                ground.held(),
                metrics,
                update));
    Telling telling =
        new Telling(
            stores.documents(),
            outbox,
            rules,
            surroundings,
            times,
            ground.held(),
            metrics,
            update,
            parts);

    // Judge.
    Judging judging =
        new Judging(
            resumed, surroundings, writer, telling.teller(), times, windows, metrics, parts);
    Corrections corrections = new Corrections(stores.buckets());
    plans.onChange(changed -> corrections.apply(changed, judging, clock.instant()));
    SeenSeries seen = new SeenSeries(stores.connections());
    KnownSeries known = new KnownSeries(seen);
    known.tell(resumed.judge(), definitions);
    seen.datasets(now.minus(CatalogCoverage.REMEMBERED), catalog::seen);

    // Doors.
    Intake intake =
        new Intake(
            ground.vertx(),
            stores.connections(),
            StoreOpening.spool(config),
            surroundings,
            judging.loop(),
            clock,
            metrics,
            parts);
    intake.replay(new ClickHouseLineageReader(stores.connections()), now);
    judging.tellMissed();
    DefinitionChange change =
        new DefinitionChange(
            judging,
            surroundings,
            telling.alerting(),
            delivery,
            known,
            audit,
            stores.buckets(),
            clock);
    DefinitionReloader reloader =
        parts.own(new DefinitionReloader(config.definitions(), read, metrics, change::apply));
    EngineState state =
        StateView.of(
            stores,
            judging,
            surroundings,
            telling,
            delivery,
            intake,
            reloader,
            rules.runbooks(),
            times,
            config.notice());
    StateMetrics.register(metrics, state, stream);
    if (ground.others()) {
      // Whoever does not lead does not answer with these metrics.
      LeadMetrics.register(metrics, ground.held(), () -> Duration.ZERO);
    }
    CatalogReporter reporter =
        parts.own(
            new CatalogReporter(catalog, intake.sink(), clock, config.catalogEvery(), metrics));
    Site site =
        new Site(
            ground.vertx(),
            state,
            stream,
            surroundings,
            seen,
            intake.sink(),
            telling,
            notifiers,
            SignedLinks.of(signer, clock, audit, metrics),
            audit,
            times);
    SelfWatch selfWatch =
        parts.own(
            OwnWatch.of(
                stores,
                judging,
                writer,
                telling,
                delivery,
                intake,
                audit,
                ground.held(),
                config.watchdog(),
                clock,
                metrics));
    Reminder reminder = parts.own(new Reminder(plans, clock, metrics));

    judging.start();
    reminder.start();
    reporter.start();
    writer.start();
    telling.start();
    delivery.start();
    reloader.start();
    selfWatch.start();
    ground
        .doors()
        .open(
            ground.vertx(),
            router -> {
              intake.routes().mount(router);
              site.mount(router);
            },
            intake.routes().grpc().handler(),
            metrics,
            ground.held(),
            (action, actor) -> audit.note(actor, action, "/signin", ""));
    parts.atEnd(ground.doors()::shut);
  }

  /** Stops taking signals, makes durable what was acknowledged and decided, stops everything. */
  @Override
  public void close() {
    parts.close();
  }
}
