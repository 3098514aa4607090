package dev.tidemark.engine.server;

import dev.tidemark.engine.cluster.ClusterException;
import dev.tidemark.engine.cluster.ClusterSettings;
import dev.tidemark.engine.cluster.Office;
import dev.tidemark.engine.server.ServerConfig.ClickHouse;
import dev.tidemark.engine.store.clickhouse.ClickHouseConnections;
import dev.tidemark.engine.store.clickhouse.ClickHouseDocuments;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of several servers on the same ClickHouse: leads, or stands by with its ports taken until the
 * leader is gone. Thread-safe.
 */
public final class ClusteredServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClusteredServer.class);
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final int STARTS = 5;
  private static final long BETWEEN_STARTS_SECONDS = 2;
  private static final long STOP_SECONDS = 45;

  private final ServerConfig config;
  private final Clock clock;
  private final Consumer<String> progress;
  private final Consumer<String> announce;
  private final Parts parts = new Parts();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private @Nullable Office office;
  private @Nullable Thread terms;

  /** What the ports, the office and the stores of this server are. */
  private record Post(
      Vertx vertx,
      HttpDoors doors,
      URI address,
      ClickHouseConnections connections,
      Office office) {}

  private ClusteredServer(
      ServerConfig config, Clock clock, Consumer<String> progress, Consumer<String> announce) {
    this.config = config;
    this.clock = clock;
    this.progress = progress;
    this.announce = announce;
  }

  /**
   * Takes the ports and a place among the other servers; returns before it is known who leads.
   *
   * @param config with cluster settings
   * @param clock engine time
   * @param progress a line for people now and then
   * @param announce {@code ready http://…} whenever this server begins to lead, {@code standby:
   *     http://… leads} whenever another one does
   * @throws StartupException with one sentence when it cannot start; nothing stays running then
   */
  public static ClusteredServer start(
      ServerConfig config, Clock clock, Consumer<String> progress, Consumer<String> announce)
      throws StartupException {
    ClusteredServer server = new ClusteredServer(config, clock, progress, announce);
    try {
      server.begin();
      return server;
    } catch (StartupException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private void begin() throws StartupException {
    ClusterSettings cluster = config.cluster();
    ClickHouse clickHouse = config.clickHouse();
    if (cluster == null) {
      throw new IllegalArgumentException("there are no cluster settings");
    }
    if (clickHouse == null) {
      throw new StartupException(
          "cluster wants a ClickHouse that all servers use; name it by clickhouse.url");
    }
    Access access = Access.of(config);
    int objectives =
        DefinitionReloader.readAll(config.definitions()).definitions().objectives().size();
    CompletableFuture<Office> reached = new CompletableFuture<>();
    Vertx vertx = Vertx.vertx();
    parts.atEnd(
        () -> vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS));
    HttpDoors doors =
        new HttpDoors(
            config.listen(),
            access,
            clock,
            new StandbyAnswers(
                vertx,
                access,
                clock,
                () -> Optional.ofNullable(reached.getNow(null)).flatMap(Office::leader),
                () ->
                    Optional.ofNullable(reached.getNow(null))
                        .map(Office::leaderlessFor)
                        .orElse(Duration.ZERO)));
    URI address = doors.reserve(vertx);
    doors.reserveGrpc(vertx);
    parts.atEnd(doors::close);
    ClickHouseConnections connections = parts.own(StoreOpening.connect(config, clickHouse));
    SigningKey.check(cluster, new ClickHouseDocuments(connections));
    // On connections of their own: what is slow elsewhere must not hold up a claim.
    ClickHouseConnections quick =
        parts.own(
            new ClickHouseConnections(
                clickHouse.jdbcUrl(), clickHouse.user(), clickHouse.password(), Office.PATIENCE));
    try {
      Office taken =
          parts.own(new Office(cluster, new ClickHouseDocuments(quick), clock, address.toString()));
      this.office = taken;
      reached.complete(taken);
      progress.accept(
          "%d objectives; looking for who leads among %s and %s …"
              .formatted(objectives, cluster.listen(), cluster.peers()));
      Thread thread =
          new Thread(
              () -> serve(new Post(vertx, doors, address, connections, taken)), "tidemark-terms");
      terms = thread;
      thread.start();
    } catch (ClusterException e) {
      throw new StartupException(String.valueOf(e.getMessage()), e);
    }
  }

  private void serve(Post post) {
    try {
      long term = standBy(post, false);
      while (term != Office.NONE) {
        Office.End end = lead(post, term);
        if (end == Office.End.MORE_TO_TAKE_OVER) {
          progress.accept("another server brought what it had left; taking that over …");
          term = post.office().awaitTerm(Duration.ZERO);
        } else {
          term = Office.NONE;
        }
        if (term == Office.NONE && end != Office.End.CLOSED) {
          term = standBy(post, true);
        }
      }
      ended.complete(null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      ended.complete(null);
    } catch (StartupException | RuntimeException e) {
      ended.completeExceptionally(e);
    }
  }

  /** Returns the number of the term in which this server leads now; none when it stops. */
  private long standBy(Post post, boolean deposed) throws StartupException, InterruptedException {
    Office office = post.office();
    boolean toCopy = true;
    Duration pause = LOOK_EVERY;
    long copyAtNanos = System.nanoTime();
    String announced = "";
    while (true) {
      long term = office.awaitTerm(LOOK_EVERY);
      if (term != Office.NONE || office.ending()) {
        return term;
      }
      String leader = office.leader().orElse("");
      if (leader.isEmpty()) {
        continue;
      }
      if (!leader.equals(announced)) {
        announce.accept("standby: " + leader + " leads");
        announced = leader;
      }
      if (toCopy && System.nanoTime() - copyAtNanos >= 0) {
        toCopy = !copied(post, deposed);
        pause =
            pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
                ? pause.multipliedBy(2)
                : LONGEST_PAUSE;
        copyAtNanos = System.nanoTime() + pause.toNanos();
      }
    }
  }

  private boolean copied(Post post, boolean deposed) throws StartupException, InterruptedException {
    try {
      // A deposed leader may have acknowledged signals that its follower did not see.
      if (Leftovers.copy(config, post.connections(), clock, post.office()::held) || deposed) {
        post.office().handOver();
      }
      return true;
    } catch (RuntimeException e) {
      LOG.warn("what an earlier term left is copied later: {}", e.getMessage());
      return false;
    }
  }

  private Office.End lead(Post post, long term) throws StartupException, InterruptedException {
    Office office = post.office();
    // Of this term only: what is left of it must not act in a later one.
    Ground ground =
        new Ground(post.vertx(), post.doors(), post.address(), () -> office.held(term), true);
    try (TidemarkServer server = startTerm(ground)) {
      announce.accept("ready " + server.baseUrl());
      return office.awaitEnd(term);
    }
  }

  /** A store that hiccups must not end the last server; a disk that is full must, after a while. */
  private TidemarkServer startTerm(Ground ground) throws StartupException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        return TidemarkServer.lead(config, ground, clock, progress);
      } catch (StartupException e) {
        if (attempt == STARTS) {
          throw e;
        }
        progress.accept(e.getMessage() + "; trying again");
      } catch (RuntimeException e) {
        if (attempt == STARTS) {
          throw new StartupException("this server cannot lead: " + e.getMessage(), e);
        }
        progress.accept("this server cannot lead yet: " + e.getMessage() + "; trying again");
      }
      TimeUnit.SECONDS.sleep(BETWEEN_STARTS_SECONDS);
    }
  }

  /**
   * Waits until it is closed.
   *
   * @throws StartupException when it cannot lead; then it is closed, so that another one follows
   */
  public void awaitEnd() throws StartupException, InterruptedException {
    try {
      ended.get();
    } catch (java.util.concurrent.ExecutionException e) {
      close();
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new StartupException(String.valueOf(reason.getMessage()), reason);
    }
  }

  /** Stores what is decided, gives up the office so that another follows at once, and stops. */
  @Override
  public synchronized void close() {
    Office held = office;
    if (held != null) {
      held.end();
    }
    Thread thread = terms;
    if (thread != null) {
      try {
        thread.join(STOP_SECONDS * 1_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    parts.close();
  }
}
