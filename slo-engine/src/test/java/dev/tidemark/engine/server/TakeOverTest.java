package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.engine.Told;
import dev.tidemark.engine.embedded.EmbeddedClickHouse;
import dev.tidemark.engine.embedded.SharedClickHouse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two servers on one ClickHouse, each in a process of its own. */
@Timeout(660)
class TakeOverTest {
  private static final int SERVICES = 5;
  private static final int ALERTS = 20;

  /** What the standby promises. */
  private static final Duration TAKES_OVER_WITHIN = Duration.ofSeconds(30);

  private static final Duration RESOLVES_WITHIN = Duration.ofMinutes(5);

  private static final Duration STARTS_WITHIN = Duration.ofMinutes(3);

  /** By then a claim that cannot be said again is no reason to lead; the lease is 5 s. */
  private static final Duration LEASE_OVER = Duration.ofSeconds(7);

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DEFINITIONS =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: orders}
      spec:
        objectives:
          - heartbeat: {connector: orders-cdc, every: 2s, target: 99.9%, window: 7d}
      """
          + Told.everythingTo("hook", "webhook: {url: \"URL\"}", "groupWait: 2s");

  private final HttpClient client = HttpClient.newHttpClient();
  private final WebhookReceiver hook;
  private final Path folder;
  private final String database;
  private final List<Integer> ports = freePorts(4);
  private final List<ServerProcess> started = new ArrayList<>();
  private final List<CuttableLine> lines = new ArrayList<>();

  TakeOverTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    this.hook = new WebhookReceiver();
    this.database = SharedClickHouse.freshDatabase();
    Files.writeString(
        folder.resolve("definitions.yaml"), DEFINITIONS.replace("URL", hook.uri().toString()));
  }

  @AfterEach
  void stop() throws Exception {
    for (ServerProcess one : started) {
      if (one.handle().isAlive()) {
        one.kill();
      }
    }
    lines.forEach(CuttableLine::close);
    hook.close();
  }

  private static String clickHouse(String url) {
    EmbeddedClickHouse shared = SharedClickHouse.get();
    return "{url: \"%s\", user: %s, password: \"%s\"}"
        .formatted(url, shared.user(), shared.password());
  }

  /** The same database, by a line that can be cut. */
  private String by(CuttableLine line) {
    return database.replaceFirst("//[^/]+/", "//127.0.0.1:" + line.port() + "/");
  }

  private CuttableLine line() throws IOException {
    URI there = URI.create(database.replaceFirst("^jdbc:clickhouse:", "http:"));
    CuttableLine line = new CuttableLine(there.getPort());
    lines.add(line);
    return line;
  }

  private static List<Integer> freePorts(int count) {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      List<Integer> free = sockets.stream().map(ServerSocket::getLocalPort).toList();
      for (ServerSocket socket : sockets) {
        socket.close();
      }
      return free;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private ServerProcess launch(int number) throws IOException {
    return launch(number, database);
  }

  /** Starts server 0 or 1; the same number is the same place and the same data folder. */
  private ServerProcess launch(int number, String url) throws IOException {
    Path config = folder.resolve("tidemark-" + number + ".yaml");
    Files.writeString(
        config,
        """
        clickhouse: %s
        cluster: {listen: "127.0.0.1:%d", peers: ["127.0.0.1:%d", "127.0.0.1:%d"], secret: tides}
        incidents: {resolveHold: 5s}
        """
            .formatted(clickHouse(url), ports.get(number), ports.get(0), ports.get(1)));
    ServerProcess server =
        ServerProcess.launch(
            folder.resolve("data-" + number),
            "--config",
            config.toString(),
            "--port",
            ports.get(2 + number).toString(),
            "--definitions",
            folder.resolve("definitions.yaml").toString());
    started.add(server);
    return server;
  }

  private URI base(int number) {
    return URI.create("http://127.0.0.1:" + ports.get(2 + number));
  }

  private HttpResponse<String> get(URI address) throws Exception {
    return client.send(
        HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(10)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** As a browser asks, which is sent on. */
  private HttpResponse<Void> page(URI address) throws Exception {
    return client.send(
        HttpRequest.newBuilder(address).header("Accept", "text/html").build(),
        HttpResponse.BodyHandlers.discarding());
  }

  private int post(URI base, String endsAt) throws Exception {
    StringBuilder alerts = new StringBuilder("[");
    for (int n = 0; n < ALERTS; n++) {
      alerts
          .append(n == 0 ? "" : ",")
          .append(
              "{\"labels\":{\"alertname\":\"Down\",\"service\":\"s%d\",\"n\":\"%d\"}%s}"
                  .formatted(n % SERVICES, n, endsAt));
    }
    return client
        .send(
            HttpRequest.newBuilder(base.resolve("/api/v2/alerts"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(alerts.append("]").toString()))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private static Set<Integer> told(List<JsonNode> messages) {
    Set<Integer> numbers = new TreeSet<>();
    for (JsonNode message : messages) {
      message
          .path("alerts")
          .forEach(
              alert -> {
                if (alert.path("labels").has("n")) {
                  numbers.add(alert.path("labels").path("n").asInt());
                }
              });
    }
    return numbers;
  }

  /**
   * Ids of notifications of a kind, by dedup key; the same id twice is the same notification. What
   * Tidemark says of itself does not count.
   */
  private static Map<String, Set<String>> ids(List<JsonNode> messages, String kind) {
    return messages.stream()
        .filter(message -> message.path("kind").asText().equals(kind))
        .filter(message -> orders(message) || !told(List.of(message)).isEmpty())
        .collect(
            Collectors.groupingBy(
                message -> message.path("dedupKey").asText(),
                Collectors.mapping(message -> message.path("id").asText(), Collectors.toSet())));
  }

  /** Without the page about a connector of which nobody heard. */
  private static List<JsonNode> ofServices(List<JsonNode> messages) {
    return messages.stream().filter(message -> !orders(message)).toList();
  }

  private static Set<String> causes(List<JsonNode> messages) {
    return messages.stream()
        .map(message -> message.path("cause").path("name").asText())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static boolean orders(JsonNode message) {
    return message.path("dataset").asText().equals("orders");
  }

  /** {@code -Dcrash.seeds=100} tries more moments than a build has time for. */
  private static LongStream seeds() {
    return LongStream.rangeClosed(1, Long.getLong("crash.seeds", 1));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void what_a_killed_leader_accepted_is_told_by_its_follower_under_one_key_for_each_cause(long seed)
      throws Exception {
    Random random = new Random(seed);
    ServerProcess leader = launch(0);
    leader.awaitLine("ready ", STARTS_WITHIN);
    ServerProcess follower = launch(1);
    assertThat(follower.awaitLine("standby: ", STARTS_WITHIN))
        .isEqualTo("standby: " + base(0) + " leads");
    assertThat(get(base(0).resolve("/ping/orders-cdc")).statusCode()).isEqualTo(200);
    if (seed % 2 == 1) {
      // In the middle of an incident that is open and told.
      assertThat(hook.await(all -> all.stream().anyMatch(TakeOverTest::orders), STARTS_WITHIN))
          .anyMatch(TakeOverTest::orders);
    }
    assertThat(post(base(0), "")).isEqualTo(200);
    // Before, at, or soon after the end of the group wait.
    TimeUnit.MILLISECONDS.sleep(random.nextInt(3_000));
    leader.kill();
    follower.awaitLine("ready ", TAKES_OVER_WITHIN);

    List<JsonNode> messages =
        hook.await(
            all -> told(all).size() == ALERTS && all.stream().anyMatch(TakeOverTest::orders),
            STARTS_WITHIN);
    assertThat(told(messages)).as("alerts that were told").hasSize(ALERTS);
    assertThat(messages).anyMatch(TakeOverTest::orders);

    if (seed % 2 == 1) {
      // Its page was told by the one that is dead.
      String link =
          messages.stream()
              .filter(TakeOverTest::orders)
              .findFirst()
              .orElseThrow()
              .path("links")
              .path("acknowledgeUrl")
              .asText();
      assertThat(link).startsWith(base(0) + "/a/");
      HttpResponse<String> page = get(base(1).resolve(URI.create(link).getPath()));
      assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
    }
    String now = Instant.now().minusSeconds(1).toString();
    assertThat(post(base(1), ",\"startsAt\":\"%s\",\"endsAt\":\"%s\"".formatted(now, now)))
        .isEqualTo(200);
    // An incident is held open for a while after its last alert, in case it comes back.
    messages = hook.await(all -> ids(all, "resolved").size() == SERVICES, RESOLVES_WITHIN);
    assertThat(ids(messages, "triggered"))
        .as("one incident for each cause: %s", causes(messages))
        .hasSize(SERVICES + 1)
        .allSatisfy((key, ids) -> assertThat(ids).as(key).hasSize(1));
    assertThat(ids(messages, "resolved"))
        .hasSize(SERVICES)
        .allSatisfy((key, ids) -> assertThat(ids).as(key).hasSize(1));
    assertThat(
            messages.stream()
                .filter(one -> orders(one) || !told(List.of(one)).isEmpty())
                .map(one -> one.path("dedupKey").asText())
                .distinct())
        .hasSize(SERVICES + 1);
  }

  @Test
  void of_two_that_start_at_once_one_leads_and_the_other_follows_a_clean_stop() throws Exception {
    List<ServerProcess> both = List.of(launch(0), launch(1));
    Instant deadline = Instant.now().plus(STARTS_WITHIN);
    while (get("/readyz", 0) != 200 && get("/readyz", 1) != 200) {
      assertThat(Instant.now()).as("one of them leads").isBefore(deadline);
      TimeUnit.MILLISECONDS.sleep(100);
    }
    int first = get("/readyz", 0) == 200 ? 0 : 1;
    int other = 1 - first;
    assertThat(both.get(other).awaitLine("standby: ", STARTS_WITHIN))
        .isEqualTo("standby: " + base(first) + " leads");
    assertThat(both.get(other).output()).noneMatch(line -> line.startsWith("ready "));

    assertThat(threads(both.get(first))).anyMatch(name -> name.startsWith("tidemark-office"));
    assertThat(get("/healthz", other)).isEqualTo(200);
    assertThat(get(base(other).resolve("/healthz")).body()).isEqualTo("standby\n");
    assertThat(get("/readyz", other)).isEqualTo(503);
    assertThat(get(base(other).resolve("/metrics")).body()).contains("tidemark_leads 0.0");
    assertThat(get(base(first).resolve("/metrics")).body()).contains("tidemark_leads 1.0");
    HttpResponse<String> refused = get(base(other).resolve("/ping/orders-cdc"));
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).contains("5");
    assertThat(JSON.readTree(refused.body()).path("leader").asText())
        .isEqualTo(base(first).toString());
    HttpResponse<Void> sentOn = page(base(other).resolve("/dashboards/oncall?receiver=hook"));
    assertThat(sentOn.statusCode()).isEqualTo(307);
    URI there = URI.create(sentOn.headers().firstValue("Location").orElseThrow());
    assertThat(there).isEqualTo(base(first).resolve("/dashboards/oncall?receiver=hook"));
    assertThat(page(there).statusCode()).isEqualTo(200);

    both.get(first).close();
    both.get(other).awaitLine("ready ", TAKES_OVER_WITHIN);
    // Who comes back finds it taken.
    ServerProcess back = launch(first);
    assertThat(back.awaitLine("standby: ", STARTS_WITHIN))
        .isEqualTo("standby: " + base(other) + " leads");
    assertThat(get("/readyz", other)).isEqualTo(200);
  }

  private int get(String path, int number) throws InterruptedException {
    try {
      return get(base(number).resolve(path)).statusCode();
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      return -1;
    }
  }

  @Test
  void a_leader_that_hung_stands_by_when_it_goes_on_and_says_nothing_of_its_own() throws Exception {
    ServerProcess leader = launch(0);
    leader.awaitLine("ready ", STARTS_WITHIN);
    ServerProcess follower = launch(1);
    assertThat(follower.awaitLine("standby: ", STARTS_WITHIN)).isNotEmpty();
    assertThat(post(base(0), "")).isEqualTo(200);
    signal("STOP", leader);
    try {
      follower.awaitLine("ready ", TAKES_OVER_WITHIN);
    } finally {
      signal("CONT", leader);
    }
    assertThat(leader.awaitLine("standby: ", STARTS_WITHIN))
        .isEqualTo("standby: " + base(1) + " leads");
    assertThat(get("/readyz", 0)).isEqualTo(503);
    List<JsonNode> messages = hook.await(all -> told(all).size() == ALERTS, STARTS_WITHIN);
    assertThat(told(messages)).hasSize(ALERTS);
    assertThat(ids(ofServices(messages), "triggered"))
        .hasSize(SERVICES)
        .allSatisfy((key, ids) -> assertThat(ids).as(key).hasSize(1));
    // It takes over what the other may have left, and is ready again.
    follower.awaitLine("tidemark: another server brought what it had left", STARTS_WITHIN);
    awaitReadiness(1, 200);
    assertThat(get("/readyz", 0)).isEqualTo(503);
  }

  @Test
  void a_leader_cut_off_from_clickhouse_leads_while_it_sees_the_other_and_else_stops()
      throws Exception {
    CuttableLine line = line();
    ServerProcess leader = launch(0, by(line));
    leader.awaitLine("ready ", STARTS_WITHIN);
    ServerProcess follower = launch(1);
    assertThat(follower.awaitLine("standby: ", STARTS_WITHIN)).isNotEmpty();

    line.cut();
    assertThat(post(base(0), "")).as("it goes on").isEqualTo(200);
    List<JsonNode> messages = hook.await(all -> told(all).size() == ALERTS, STARTS_WITHIN);
    assertThat(told(messages)).hasSize(ALERTS);
    // Its lease by the claim is over by now; what it leads by is the other one's word.
    long began = System.nanoTime();
    while (System.nanoTime() - began < LEASE_OVER.toNanos()) {
      assertThat(get("/readyz", 0)).isEqualTo(200);
      assertThat(get("/readyz", 1)).isEqualTo(503);
      TimeUnit.MILLISECONDS.sleep(100);
    }

    signal("STOP", follower);
    try {
      awaitReadiness(0, 503);
      assertThat(post(base(0), "")).as("cut off from both").isEqualTo(503);
      assertThat(get(base(0).resolve("/readyz")).body()).matches("no server leads, for \\d+ s\n");
      awaitLeaderless(0);
    } finally {
      signal("CONT", follower);
    }
    // The one takes over, or the other goes on: whoever comes first.
    Instant deadline = Instant.now().plus(STARTS_WITHIN);
    while (get("/readyz", 0) != 200 && get("/readyz", 1) != 200) {
      assertThat(Instant.now()).as("one of them leads").isBefore(deadline);
      TimeUnit.MILLISECONDS.sleep(100);
    }
    line.mend();
    int first = get("/readyz", 0) == 200 ? 0 : 1;
    awaitReadiness(1 - first, 503);
    assertThat(ids(ofServices(hook.messages()), "triggered"))
        .hasSize(SERVICES)
        .allSatisfy((key, ids) -> assertThat(ids).as(key).hasSize(1));
  }

  private void awaitLeaderless(int number) throws Exception {
    Instant deadline = Instant.now().plus(STARTS_WITHIN);
    while (get(base(number).resolve("/metrics"))
        .body()
        .contains("\ntidemark_leaderless_seconds 0.0")) {
      assertThat(Instant.now()).as("it counts the time without a leader").isBefore(deadline);
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private void awaitReadiness(int number, int status) throws InterruptedException {
    Instant deadline = Instant.now().plus(STARTS_WITHIN);
    while (get("/readyz", number) != status) {
      assertThat(Instant.now()).as("/readyz of %d is %d", number, status).isBefore(deadline);
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private static void signal(String name, ServerProcess server) throws Exception {
    Process kill =
        new ProcessBuilder("kill", "-" + name, Long.toString(server.handle().pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  @Test
  void a_single_server_has_nothing_of_a_cluster() throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("single.yaml"), "clickhouse: " + clickHouse(database) + "\n");
    ServerProcess server =
        ServerProcess.start(folder.resolve("data"), "--config", config.toString());
    started.add(server);
    Set<String> threads = threads(server);
    assertThat(threads).anyMatch(name -> name.startsWith("tidemark-judge"));
    assertThat(threads)
        .noneMatch(
            name ->
                name.startsWith("jgroups")
                    || name.startsWith("tidemark-office")
                    || name.startsWith("tidemark-claims"));
  }

  /** Names as the kernel knows them, of at most 15 characters. */
  private static Set<String> threads(ServerProcess server) throws IOException {
    Set<String> names = new TreeSet<>();
    try (var tasks = Files.list(Path.of("/proc", "" + server.handle().pid(), "task"))) {
      for (Path task : tasks.toList()) {
        names.add(Files.readString(task.resolve("comm")).trim());
      }
    }
    return names;
  }
}
