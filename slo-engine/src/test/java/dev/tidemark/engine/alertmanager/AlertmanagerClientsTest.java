package dev.tidemark.engine.alertmanager;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tidemark.engine.server.Amtool;
import dev.tidemark.engine.server.PageCollector;
import dev.tidemark.engine.server.ServerProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's amtool and Prometheus against a running server. */
class AlertmanagerClientsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final String DEFINITIONS =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: orders}
      spec: {owner: team-payments, producedBy: orders_ingest, consumers: [billing],
             objectives: [{freshness: {within: 5m, target: 99.5%%, window: 30d}}]}
      ---
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: refunds}
      spec: {objectives: [{freshness: {within: 5m, target: 99.5%%, window: 30d}}]}
      ---
      apiVersion: tidemark/v1
      kind: Receiver
      metadata: {name: hook}
      spec: {webhook: {url: "%1$s"}}
      ---
      apiVersion: tidemark/v1
      kind: Receiver
      metadata: {name: database-team}
      spec: {webhook: {url: "%1$s"}}
      ---
      apiVersion: tidemark/v1
      kind: Route
      metadata: {name: everything}
      spec: {receiver: hook, groupWait: 1s, groupInterval: 1s}
      ---
      apiVersion: tidemark/v1
      kind: Route
      metadata: {name: databases}
      spec: {matchers: ['severity="critical"', 'service=~"db.*"'], receiver: database-team,
             groupWait: 1s}
      """;

  private static PageCollector pages;
  private static ServerProcess server;
  private static Path folder;

  @BeforeAll
  static void start(@TempDir Path temporary) throws Exception {
    folder = temporary;
    pages = new PageCollector();
    Path definitions = folder.resolve("definitions.yaml");
    Files.writeString(definitions, DEFINITIONS.formatted(pages.url()));
    server = ServerProcess.start(folder.resolve("data"), "--definitions", definitions.toString());
  }

  @AfterAll
  static void stop() {
    server.close();
    pages.close();
  }

  private static Amtool.Said amtool(String... arguments) throws Exception {
    return new Amtool(server.base(), folder).said(arguments);
  }

  @CanIgnoreReturnValue
  private static String done(String... arguments) throws Exception {
    return new Amtool(server.base(), folder).done(arguments);
  }

  private static void await(String what, Callable<Boolean> condition) throws Exception {
    Instant deadline = Instant.now().plusSeconds(60);
    while (!condition.call()) {
      assertThat(Instant.now()).as(what).isBefore(deadline);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private static List<JsonNode> pagesAbout(String text) {
    return pages.pages().stream().filter(page -> page.toString().contains(text)).toList();
  }

  private static HttpResponse<String> post(String body) throws Exception {
    return send("POST", "/api/v2/alerts", body);
  }

  private static HttpResponse<String> send(String method, String path, String body)
      throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(server.base().resolve(path))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static JsonNode get(String path) throws Exception {
    URI uri = URI.create(server.base() + path);
    return JSON.readTree(
        CLIENT
            .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
            .body());
  }

  @Test
  void alerts_added_by_amtool_are_listed_routed_as_their_labels_say_and_told_once()
      throws Exception {
    done("alert", "add", "DiskFull", "service=db1", "instance=a", "severity=critical");
    done("alert", "add", "DiskFull", "service=db1", "instance=b", "severity=critical");
    assertThat(done("alert", "query", "alertname=DiskFull", "-o", "extended"))
        .contains("instance=\"a\"", "instance=\"b\"", "active");
    assertThat(done("alert", "query", "instance=b", "-o", "simple"))
        .contains("DiskFull")
        .hasLineCount(2);
    assertThat(done("alert", "query", "--receiver=hook", "alertname=DiskFull", "-o", "simple"))
        .doesNotContain("DiskFull");
    await("the page", () -> !pagesAbout("DiskFull").isEmpty());
    List<JsonNode> told = pagesAbout("DiskFull");
    assertThat(told).hasSize(1);
    assertThat(told.get(0).path("receiver").asText()).isEqualTo("database-team");
    assertThat(told.get(0).toString()).contains("\"instance\":\"a\"", "\"instance\":\"b\"");
    JsonNode group = get("/api/v2/alerts/groups?filter=" + "alertname%3D%22DiskFull%22").path(0);
    assertThat(group.path("receiver").path("name").asText()).isEqualTo("database-team");
    assertThat(group.path("alerts")).hasSize(2);
  }

  @Test
  void silences_are_added_queried_updated_and_expired_by_amtool_and_keep_people_undisturbed()
      throws Exception {
    String id =
        done(
                "silence",
                "add",
                "alertname=Noise",
                "host!~prod.*",
                "--author=ann",
                "--comment=moving the rack",
                "--duration=2h")
            .strip();
    assertThat(done("silence", "query", "-o", "extended"))
        .contains(id, "ann", "moving the rack", "alertname=\"Noise\"", "host!~\"prod.*\"");
    done("alert", "add", "Noise", "host=test1");
    await(
        "it is suppressed",
        () ->
            get("/api/v2/alerts?filter=alertname%3DNoise")
                .path(0)
                .path("status")
                .path("state")
                .asText()
                .equals("suppressed"));
    assertThat(done("alert", "query", "alertname=Noise", "-o", "simple")).doesNotContain("test1");
    assertThat(done("alert", "query", "--silenced", "alertname=Noise", "-o", "simple"))
        .contains("Noise");
    assertThat(done("silence", "update", id, "--comment=the rack is heavy").strip()).contains(id);
    assertThat(done("silence", "query", "alertname=Noise", "-o", "extended"))
        .contains("the rack is heavy");
    assertThat(pagesAbout("Noise")).isEmpty();
    done("silence", "expire", id);
    assertThat(done("silence", "query", "-o", "simple")).doesNotContain(id);
    assertThat(done("silence", "query", "--expired", "-o", "simple")).contains(id.substring(0, 8));
    await("what was silenced is told now", () -> !pagesAbout("Noise").isEmpty());
  }

  @Test
  void matchers_with_quotes_and_backslashes_are_taken_and_printed_back() throws Exception {
    // Go's and Alertmanager's escapes in quotes: \\ is a backslash, \" a quote.
    String path = "path=\"C:\\\\logs\\\\new\"";
    String said = "said=\"a \\\"b\\\" c\"";
    String digits = "digits=~\"\\\\d+\"";
    String id =
        done(
                "silence",
                "add",
                path,
                said,
                digits,
                "--author=ann",
                "--comment=odd names",
                "--duration=2h")
            .strip();
    assertThat(done("silence", "query", "-o", "extended")).contains(path, said, digits);
    JsonNode matchers = get("/api/v2/silence/" + id).path("matchers");
    assertThat(matchers)
        .anySatisfy(one -> assertThat(one.path("value").asText()).isEqualTo("C:\\logs\\new"))
        .anySatisfy(one -> assertThat(one.path("value").asText()).isEqualTo("a \"b\" c"))
        .anySatisfy(one -> assertThat(one.path("value").asText()).isEqualTo("\\d+"));
    assertThat(
            post("""
                    [{"labels": {"alertname": "Odd", "path": "C:\\\\logs\\\\new",
                                 "said": "a \\"b\\" c", "digits": "17"}},
                     {"labels": {"alertname": "Odd", "path": "C:\\\\logs\\\\new",
                                 "said": "a b c", "digits": "17"}}]
                    """)
                .statusCode())
        .isEqualTo(200);
    assertThat(done("alert", "query", "--silenced", "alertname=Odd", "-o", "extended"))
        // Here amtool does not escape.
        .contains("said=\"a \"b\" c\"")
        .doesNotContain("said=\"a b c\"");
    // What amtool printed is what it takes again.
    assertThat(done("silence", "query", path, "-o", "simple")).contains("odd names");
    done("silence", "expire", id);
  }

  @Test
  void a_declared_backfill_keeps_people_quiet_about_alerts_of_others_on_its_dataset_until_it_ends()
      throws Exception {
    HttpResponse<String> declared =
        send(
            "POST",
            "/api/v1/backfills",
            """
            {"covers": ["refunds"], "duration": "PT2H", "ticket": "PAY-7", "reason": "replay"}
            """);
    assertThat(declared.statusCode()).as(declared.body()).isEqualTo(201);
    done("alert", "add", "ReplayRuns", "dataset=refunds", "severity=critical");
    done("alert", "add", "NotOfTheReplay", "dataset=fees", "severity=critical");
    // What is not covered was told; by then the other one would have been.
    await("the page about the other dataset", () -> !pagesAbout("NotOfTheReplay").isEmpty());
    await(
        "it is suppressed",
        () ->
            get("/api/v2/alerts?filter=alertname%3DReplayRuns")
                .path(0)
                .path("status")
                .path("state")
                .asText()
                .equals("suppressed"));
    assertThat(get("/api/v1/incidents?state=all").toString())
        .contains("planned work PAY-7: replay");
    assertThat(pagesAbout("ReplayRuns")).isEmpty();

    String id = JSON.readTree(declared.body()).path("id").asText();
    assertThat(send("DELETE", "/api/v1/backfills/" + id, "").statusCode()).isEqualTo(200);
    await("it is told once the backfill is over", () -> !pagesAbout("ReplayRuns").isEmpty());
  }

  @Test
  void amtool_shows_and_tests_the_routes() throws Exception {
    assertThat(done("config", "routes", "show"))
        .contains("receiver: hook")
        .contains("receiver: database-team");
    assertThat(done("config", "routes", "test", "severity=critical", "service=db7").strip())
        .isEqualTo("database-team");
    assertThat(done("config", "routes", "test", "severity=warning").strip()).isEqualTo("hook");
    assertThat(done("config", "show")).doesNotContain(pages.url());
    assertThat(get("/api/v2/receivers").toString())
        .isEqualTo("[{\"name\":\"console\"},{\"name\":\"database-team\"},{\"name\":\"hook\"}]");
  }

  @Test
  void what_amtool_is_refused_comes_with_the_reason() throws Exception {
    Amtool.Said refused = amtool("silence", "expire", "4ab0c0f6-0000-0000-0000-000000000000");
    assertThat(refused.exit()).isNotZero();
    assertThat(refused.errors()).contains("404");
    HttpResponse<String> half =
        post("[{\"labels\":{}},{\"labels\":{\"alertname\":\"Half\",\"severity\":\"info\"}}]");
    assertThat(half.statusCode()).isEqualTo(400);
    assertThat(JSON.readTree(half.body()).asText())
        .contains("alert 0: it has no labels", "the other 1 were taken");
    assertThat(get("/api/v2/alerts?filter=alertname%3DHalf")).hasSize(1);
    assertThat(post("{}").body()).startsWith("\"the body has to be a JSON array");
    assertThat(post("[{\"labels\":{\"a b\":\"c\"}}]").body()).contains("'a b' is no name");
    assertThat(post("[{\"labels\":{\"a\":\"c\"},\"startsAt\":\"yesterday\"}]").body())
        .contains("startsAt 'yesterday' is no time");
  }

  @Test
  void prometheus_sends_its_alerts_here_and_their_end() throws Exception {
    Path metrics = folder.resolve("prometheus");
    Files.createDirectories(metrics);
    Files.writeString(
        metrics.resolve("rules.yml"),
        """
        groups:
          - name: g
            interval: 1s
            rules:
              - alert: OrdersConnectorLags
                expr: up == 1 and on() vector(time()) < %d
                labels: {severity: critical, dataset: orders}
                annotations: {summary: "Orders lag behind on {{ $labels.instance }}"}
        """
            .formatted(Instant.now().plusSeconds(25).getEpochSecond()));
    Files.writeString(
        metrics.resolve("prometheus.yml"),
        """
        global: {scrape_interval: 1s, evaluation_interval: 1s}
        rule_files: [rules.yml]
        scrape_configs:
          - job_name: self
            static_configs: [{targets: ["127.0.0.1:%1$d"]}]
        alerting:
          alertmanagers:
            - api_version: v2
              static_configs: [{targets: ["127.0.0.1:%2$d"]}]
        """
            .formatted(freePort(), server.base().getPort()));
    int port =
        Integer.parseInt(
            Files.readString(metrics.resolve("prometheus.yml"))
                .replaceFirst("(?s).*?127.0.0.1:(\\d+).*", "$1"));
    Process prometheus =
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + metrics.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + metrics.resolve("tsdb"),
                "--web.listen-address=127.0.0.1:" + port,
                "--rules.alert.resend-delay=1s")
            .redirectErrorStream(true)
            .redirectOutput(metrics.resolve("log").toFile())
            .start();
    try {
      await("the page", () -> !pagesAbout("Orders lag behind on 127.0.0.1").isEmpty());
      JsonNode page = pagesAbout("Orders lag behind").get(0);
      // Lineage knows the dataset, so its consumers are named.
      assertThat(page.toString()).contains("billing").contains("dataset:orders");
      JsonNode listed = get("/api/v2/alerts?filter=alertname%3DOrdersConnectorLags").path(0);
      assertThat(listed.path("generatorURL").asText()).contains("g0.expr=");
      await(
          "Prometheus says that it is over",
          () -> get("/api/v2/alerts?filter=alertname%3DOrdersConnectorLags").isEmpty());
    } finally {
      prometheus.destroy();
      assertThat(prometheus.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static int freePort() throws Exception {
    try (java.net.ServerSocket socket =
        new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
