package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.agent.TidemarkAgent;
import dev.tidemark.engine.Told;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/**
 * A server with its ClickHouse, pipelines that send to it over the wire, people who are told, and
 * the time of a story. The server's clock moves when the story says so, after the signals of the
 * time that passes have come; then everything that follows from them is decided and told before the
 * story goes on.
 */
final class StoryWorld implements AutoCloseable {
  /** Definitions by which everything goes to the inbox, as pages. */
  static final String EVERYTHING_TO_ON_CALL =
      Told.everythingTo(
          "on-call",
          "pagerduty: {routingKey: 0123456789abcdef0123456789abcdef, url: \"$INBOX/pagerduty\"}");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final Path README = Path.of("..", "alerting", "README.md");

  /** As long as judging waits for signals under way. */
  private static final Duration JUDGING_DELAY = Duration.ofSeconds(5);

  /** No story lasts longer. */
  private static final int DAYS = 7;

  final StoryInbox inbox = new StoryInbox();
  private final Path folder;
  private final StoryClock engineTime;
  private final StoryClock pipelineTime;
  private final TidemarkServer server;
  private final SignalSender sender;
  private final Map<String, TidemarkAgent> agents = new HashMap<>();
  private final String beginWritten;
  private final Instant begin;
  private Instant now;

  /** What pipelines say at a moment. */
  interface Signals {
    /** Sends what is said at this moment. */
    void at(Instant moment) throws Exception;
  }

  /**
   * Starts a server.
   *
   * @param beginWritten when the story begins, a whole minute; see {@link #recently}
   * @param definitions in which {@code $INBOX} is where messages go, {@code $SMTP} the mail port
   */
  StoryWorld(Path folder, String beginWritten, String definitions) throws Exception {
    this.folder = folder;
    this.beginWritten = beginWritten;
    this.begin = recently(beginWritten);
    this.now = begin;
    this.engineTime = new StoryClock(begin.plus(JUDGING_DELAY));
    this.pipelineTime = new StoryClock(begin);
    Path file =
        Files.writeString(
            folder.resolve("story.yaml"),
            definitions
                .replace("$INBOX", inbox.address())
                .replace("$SMTP", Integer.toString(inbox.mailPort())));
    this.server =
        TidemarkServer.start(
            ServerConfig.builder(folder.resolve("data"))
                .port(0)
                .otlpPorts(-1, -1)
                .definitions(List.of(file))
                .baseUrl("https://tidemark.example.org")
                .judgingDelay(JUDGING_DELAY)
                .build(),
            engineTime,
            line -> {});
    this.sender = new SignalSender(server.baseUrl(), -1);
  }

  /** Signals that are made by hand. */
  SignalSender sender() {
    return sender;
  }

  /** Where the server is. */
  URI address() {
    return server.baseUrl();
  }

  /** The time of the story. */
  Instant now() {
    return now;
  }

  /** The agent of a pipeline; it says what it is told to when {@link #flush} is called. */
  TidemarkAgent agent(String pipeline) {
    return agents.computeIfAbsent(
        pipeline,
        name ->
            TidemarkAgent.forPipeline(name)
                .endpoint(server.baseUrl().toString())
                .buffer(folder.resolve("buffer-" + name), 1L << 24)
                .interval(Duration.ofDays(1))
                .clock(pipelineTime.forAgents())
                .build());
  }

  /** Sends what an agent was told to say. */
  void flush(String pipeline) {
    assertThat(agent(pipeline).flush(Duration.ofSeconds(60))).as(pipeline).isTrue();
  }

  /**
   * Lets time pass.
   *
   * @param until when it stops
   * @param every how often signals are sent, for the first time that long after now
   */
  void pass(Instant until, Duration every, Signals signals) throws Exception {
    for (Instant at = now.plus(every); !at.isAfter(until); at = at.plus(every)) {
      pipelineTime.set(at);
      signals.at(at);
    }
    now = until;
    pipelineTime.set(until);
    engineTime.set(until.plus(JUDGING_DELAY));
    settle();
  }

  /** Lets minutes pass one by one, with everything decided after each. */
  void minutes(int many, Signals signals) throws Exception {
    for (int i = 0; i < many; i++) {
      pass(now.plusSeconds(60), Duration.ofMinutes(1), signals);
    }
  }

  /** Waits until everything up to now is judged, decided and told. */
  void settle() throws Exception {
    await(
        "everything is decided",
        () -> metric("tidemark_told_behind_seconds") <= JUDGING_DELAY.toSeconds());
    await("everybody is told", () -> metric("tidemark_notifications_undelivered") == 0);
    assertThat(metric("tidemark_notifications_dead")).isZero();
  }

  private double metric(String name) throws Exception {
    return get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElse(Double.POSITIVE_INFINITY);
  }

  static void await(String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(90).toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      LockSupport.parkNanos(10_000_000);
    }
  }

  /** Asks the server; a link in a message leads to it too. */
  HttpResponse<String> get(String pathOrLink) throws Exception {
    return send(request(pathOrLink).build());
  }

  JsonNode json(String path) throws Exception {
    HttpResponse<String> answer = get(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  JsonNode objective(String name) throws Exception {
    return json("/api/v1/slos/" + name);
  }

  /** Sends JSON, such as {@code POST}. */
  JsonNode post(String path, Map<String, ?> body) throws Exception {
    HttpResponse<String> answer =
        send(
            request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
                .build());
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
    return JSON.readTree(answer.body());
  }

  JsonNode delete(String path) throws Exception {
    HttpResponse<String> answer = send(request(path).DELETE().build());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  /** Fills in a form of a page, as a browser does. */
  void form(String path, Map<String, String> fields) throws Exception {
    StringBuilder body = new StringBuilder();
    fields.forEach(
        (name, value) ->
            body.append(body.isEmpty() ? "" : "&")
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    HttpResponse<String> answer =
        send(
            request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
  }

  private HttpRequest.Builder request(String pathOrLink) {
    URI uri = URI.create(pathOrLink);
    String path = uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
    return HttpRequest.newBuilder(server.baseUrl().resolve(path)).timeout(Duration.ofSeconds(30));
  }

  private static HttpResponse<String> send(HttpRequest request) throws Exception {
    return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
  }

  /**
   * The same weekday and time of day within the last two weeks: ClickHouse drops what is old by the
   * true time.
   *
   * @param asWritten in the test and in the README
   */
  static Instant recently(String asWritten) {
    Instant written = Instant.parse(asWritten);
    long weeks = Duration.between(written, Instant.now()).toDays() / 7 - 1;
    return written.plus(Duration.ofDays(7 * weeks));
  }

  /**
   * A message as its reader sees it, with the days of the test in place of the days on which it
   * ran; what is random in ids of incidents and secret in signed links is left out.
   */
  String words(JsonNode message) {
    return asWritten(StoryInbox.words(message));
  }

  /** The same for any text. */
  String asWritten(String text) {
    String written = text;
    for (int day = 0; day < DAYS; day++) {
      LocalDate told = LocalDate.ofInstant(begin, ZoneOffset.UTC).plusDays(day);
      LocalDate meant =
          LocalDate.ofInstant(Instant.parse(beginWritten), ZoneOffset.UTC).plusDays(day);
      written =
          written
              .replace(told.toString(), meant.toString())
              .replaceAll(
                  "INC-" + told.format(DateTimeFormatter.BASIC_ISO_DATE) + "-[0-9A-Z]{5}",
                  "INC-" + meant.format(DateTimeFormatter.BASIC_ISO_DATE) + "-…");
    }
    return written.replaceAll("/a/[A-Za-z0-9._~-]+", "/a/…");
  }

  /** The README shows this message as it came out. */
  static void assertShown(String shown) throws Exception {
    assertThat(Files.readString(README, StandardCharsets.UTF_8))
        .as("alerting/README.md shows%n%s%n", shown)
        .contains("```\n" + shown + "\n```");
  }

  @Override
  public void close() {
    agents.values().forEach(TidemarkAgent::close);
    sender.close();
    server.close();
    inbox.close();
  }
}
