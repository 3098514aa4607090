package dev.tidemark.engine.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.engine.embedded.NpmPackage;
import dev.tidemark.engine.server.ScaledClock;
import dev.tidemark.engine.server.ServerConfig;
import dev.tidemark.engine.server.StartupException;
import dev.tidemark.engine.server.TidemarkServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

  private static final Duration STARTING_UP = Duration.ofMinutes(2);

  /** The connector's pipeline first. */
  private static final List<String> ROLES = List.of("ingest", "aggregate", "features");

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
    FlightSource feed =
        new FlightSource(
            FlightData.read(flights), clock, dataDir.resolve("flights/source"), this::say);
    source = feed;
    feed.start();
    for (String role : ROLES) {
      pipelines.add(pipeline(role, base, clock, dataDir));
    }
    // A slow machine takes its time over them; the demo's time begins when all are there.
    for (int i = 0; i < ROLES.size(); i++) {
      awaitReady(pipelines.get(i), log(ROLES.get(i), dataDir));
    }
    Instant readyAt = Instant.now(Clock.systemUTC());
    clock.startAt(readyAt);
    for (Process one : pipelines) {
      Writer begin = one.outputWriter(StandardCharsets.UTF_8);
      begin.write(readyAt.toEpochMilli() + "\n");
      begin.flush();
    }
    Duration healthy =
        exitAfter == null || exitAfter.dividedBy(3).compareTo(HEALTHY_FOR) > 0
            ? HEALTHY_FOR
            : exitAfter.dividedBy(3);
    boolean over = waitUntil(readyAt.plus(healthy));
    if (!over) {
      say("");
      say("killing the connector flights-cdc now: no error, no log line, just silence");
      pipelines.get(0).destroyForcibly();
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

  private static Path log(String role, Path dataDir) {
    return dataDir.resolve(role + ".log");
  }

  private static void awaitReady(Process pipeline, Path log)
      throws IOException, InterruptedException {
    BufferedReader said = pipeline.inputReader(StandardCharsets.UTF_8);
    try {
      String line =
          CompletableFuture.supplyAsync(
                  () -> {
                    try {
                      return String.valueOf(said.readLine());
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  })
              .get(STARTING_UP.toSeconds(), TimeUnit.SECONDS);
      if (!line.equals(FlightPipelines.READY)) {
        throw new IOException("a pipeline ended: " + Files.readString(log).strip());
      }
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("a pipeline does not start: " + Files.readString(log).strip(), e);
    }
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

  private Process pipeline(String role, URI base, ScaledClock clock, Path dataDir)
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
            "--clock-base-sim",
            Long.toString(clock.simulatedStart().toEpochMilli()),
            "--speed",
            Integer.toString(speed))
        .redirectError(log(role, dataDir).toFile())
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
