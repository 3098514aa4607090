package dev.tidemark.engine.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.engine.embedded.NpmPackage;
import dev.tidemark.engine.server.ScaledClock;
import dev.tidemark.engine.server.ServerConfig;
import dev.tidemark.engine.server.StartupException;
import dev.tidemark.engine.server.TidemarkServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The whole system in one command: a server, three pipelines in processes of their own, and a
 * connector that is killed after a while. Runs once.
 */
public final class Demo {
  /** Half an hour of the demo's time at the default speed: enough to see a healthy feed. */
  private static final Duration HEALTHY_FOR = Duration.ofSeconds(30);

  private static final Duration STARTING_UP = Duration.ofSeconds(8);

  private static final List<String> DEFINITIONS =
      List.of("flights.yaml", "runs.yaml", "routes.yaml");

  private final int port;
  private final int speed;
  private final @Nullable Duration exitAfter;
  private final @Nullable Path chosenDataDir;
  private final PrintWriter out;
  private final List<Process> pipelines = new ArrayList<>();
  private final AtomicInteger pages = new AtomicInteger();
  private volatile @Nullable FlightSource source;
  private final CountDownLatch ended = new CountDownLatch(1);

  /**
   * Prepares the demo.
   *
   * @param port of the pages; 0 takes a free one
   * @param speed simulated seconds per second
   * @param exitAfter when to end by itself after it is ready, or null for never
   * @param dataDir where data is kept, or null for a temporary folder that is removed at the end
   * @param out for people
   */
  public Demo(
      int port, int speed, @Nullable Duration exitAfter, @Nullable Path dataDir, PrintWriter out) {
    this.port = port;
    this.speed = speed;
    this.exitAfter = exitAfter;
    this.chosenDataDir = dataDir;
    this.out = out;
  }

  /**
   * Runs until its time is over or the process is told to stop.
   *
   * @return 0 when the page came (or nobody asked for an end), 1 when it did not
   * @throws StartupException with one sentence when it cannot start
   */
  public int run() throws StartupException, InterruptedException {
    Path dataDir = dataDir();
    try {
      Path flights = FlightData.fetch(NpmPackage.userCache(), this::say);
      ScaledClock clock = new ScaledClock(Clock.systemUTC(), yesterdayAfternoon(), speed);
      say("starting the server with its ClickHouse …");
      TidemarkServer server =
          TidemarkServer.start(config(dataDir), clock, this::say, this::received);
      Thread hook = new Thread(() -> stop(server, dataDir), "tidemark-demo-shutdown");
      Runtime.getRuntime().addShutdownHook(hook);
      return play(server, clock, flights, dataDir, hook);
    } catch (NpmPackage.UnavailableException e) {
      throw new StartupException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new StartupException("the demo cannot start: " + e.getMessage(), e);
    }
  }

  private int play(
      TidemarkServer server, ScaledClock clock, Path flights, Path dataDir, Thread hook)
      throws IOException, InterruptedException {
    URI base = server.baseUrl();
    say("on-call page   " + base + "/dashboards/oncall");
    say("leadership     " + base + "/dashboards/executive");
    say("the feed       " + base + "/datasets/flights_raw");
    say("one second is " + speed + " seconds of the demo's time; three pipelines start now");
    // The pipelines need a moment to come up; the demo's time begins when they are there.
    Instant readyAt = Instant.now(Clock.systemUTC()).plus(STARTING_UP);
    clock.startAt(readyAt);
    FlightSource feed =
        new FlightSource(
            FlightData.read(flights), clock, dataDir.resolve("flights/source"), this::say);
    source = feed;
    feed.start();
    Process connector = pipeline("ingest", base, clock, readyAt, dataDir);
    pipelines.add(connector);
    pipelines.add(pipeline("aggregate", base, clock, readyAt, dataDir));
    pipelines.add(pipeline("features", base, clock, readyAt, dataDir));
    Duration healthy =
        exitAfter == null || exitAfter.dividedBy(3).compareTo(HEALTHY_FOR) > 0
            ? HEALTHY_FOR
            : exitAfter.dividedBy(3);
    boolean over = waitUntil(readyAt.plus(healthy));
    if (!over) {
      say("");
      say("killing the connector flights-cdc now: no error, no log line, just silence (F7)");
      connector.destroyForcibly();
      over = exitAfter == null ? waitForever() : waitUntil(readyAt.plus(exitAfter));
    }
    int received = pages.get();
    if (exitAfter != null && !over) {
      say("");
      say(
          received == 1
              ? "one cause, one page; " + staleDatasets(base) + " datasets are stale"
              : "expected one page, received " + received);
    }
    if (!over) {
      Runtime.getRuntime().removeShutdownHook(hook);
      stop(server, dataDir);
    }
    return received == 1 ? 0 : 1;
  }

  /** Counts the freshness objectives that are bad now, as the server tells them. */
  private static long staleDatasets(URI base) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(base.resolve("/api/v1/slos"))
                    .timeout(Duration.ofSeconds(10))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    long stale = 0;
    for (JsonNode slo : new ObjectMapper().readTree(answer.body()).path("slos")) {
      boolean bad = slo.path("currentlyBad").asBoolean();
      stale += bad && slo.path("sli").asText().equals("freshness") ? 1 : 0;
    }
    return stale;
  }

  private void received(String page) {
    out.println();
    out.println(page);
    out.flush();
    if (page.contains("PAGE")) {
      pages.incrementAndGet();
    }
  }

  private void say(String line) {
    out.println(line.isEmpty() ? "" : "demo: " + line);
    out.flush();
  }

  /** Waits for a moment; returns true when the demo was told to end before it. */
  private boolean waitUntil(Instant moment) throws InterruptedException {
    long millis = Duration.between(Instant.now(Clock.systemUTC()), moment).toMillis();
    return ended.await(Math.max(0, millis), TimeUnit.MILLISECONDS);
  }

  private boolean waitForever() throws InterruptedException {
    ended.await();
    return true;
  }

  private synchronized void stop(TidemarkServer server, Path dataDir) {
    ended.countDown();
    FlightSource feed = source;
    if (feed != null) {
      feed.close();
    }
    for (Process pipeline : pipelines) {
      pipeline.destroyForcibly();
    }
    server.close();
    if (chosenDataDir == null) {
      try (Stream<Path> files = Files.walk(dataDir)) {
        for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
          Files.deleteIfExists(file);
        }
      } catch (IOException e) {
        say("could not remove " + dataDir + ": " + e.getMessage());
      }
    }
  }

  private Process pipeline(
      String role, URI base, ScaledClock clock, Instant realStart, Path dataDir)
      throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx192m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.tidemark.engine.demo.FlightPipelines",
            role,
            "--engine",
            base.toString(),
            "--otlp",
            base.toString(),
            "--dir",
            dataDir.resolve("flights").toString(),
            "--clock-base-real",
            Long.toString(realStart.toEpochMilli()),
            "--clock-base-sim",
            Long.toString(clock.simulatedStart().toEpochMilli()),
            "--speed",
            Integer.toString(speed))
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(dataDir.resolve(role + ".log").toFile())
        .start();
  }

  private ServerConfig config(Path dataDir) throws IOException {
    Path definitions = Files.createDirectories(dataDir.resolve("definitions"));
    for (String name : DEFINITIONS) {
      try (InputStream resource = Demo.class.getResourceAsStream("/demo/definitions/" + name)) {
        if (resource == null) {
          throw new IOException("the jar lacks /demo/definitions/" + name);
        }
        Files.copy(resource, definitions.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    return ServerConfig.builder(dataDir.resolve("server"))
        .port(port)
        .otlpPorts(-1, -1)
        .definitions(List.of(definitions))
        .judgingDelay(Duration.ofSeconds(2L * speed))
        .notice(
            "Demo: real flights of 2001, replayed as if they were yesterday's; the clock runs "
                + speed
                + "× fast")
        .build();
  }

  private static Instant yesterdayAfternoon() {
    return Instant.now(Clock.systemUTC())
        .atZone(ZoneOffset.UTC)
        .toLocalDate()
        .minusDays(1)
        .atTime(LocalTime.of(14, 0))
        .toInstant(ZoneOffset.UTC);
  }

  private Path dataDir() throws StartupException {
    try {
      return chosenDataDir != null
          ? Files.createDirectories(chosenDataDir)
          : Files.createTempDirectory("tidemark-demo");
    } catch (IOException e) {
      throw new StartupException(
          "cannot make a folder for the demo's data ("
              + e.getMessage()
              + "); name one with --data-dir",
          e);
    }
  }
}
