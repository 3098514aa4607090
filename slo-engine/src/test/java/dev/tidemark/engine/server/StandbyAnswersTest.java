package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a server says to browsers and programs while another one leads, or none. */
class StandbyAnswersTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final String LEADER = "http://10.0.0.2:8080";

  private final Vertx vertx = Vertx.vertx();
  private final AtomicReference<Optional<String>> leader =
      new AtomicReference<>(Optional.of(LEADER));
  private final AtomicReference<Duration> leaderless = new AtomicReference<>(Duration.ZERO);
  private HttpServer server;

  @BeforeEach
  void start() throws Exception {
    server =
        vertx
            .createHttpServer()
            .requestHandler(
                new StandbyAnswers(
                    vertx, new Access(List.of()), Clock.systemUTC(), leader::get, leaderless::get))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void stop() throws Exception {
    Object unused =
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private HttpResponse<String> send(String method, String path, String accept) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + path))
            .header("Accept", accept)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> browse(String path) throws Exception {
    return send("GET", path, "text/html,application/xhtml+xml,*/*;q=0.8");
  }

  @Test
  void a_page_leads_on_to_the_same_page_of_the_leader() throws Exception {
    for (String path :
        List.of("/incidents/INC-1?x=a%20b", "/a/TOKEN.x_y", "/runbooks/r?incident=INC-1", "/")) {
      HttpResponse<String> answer = browse(path);
      assertThat(answer.statusCode()).as(path).isEqualTo(307);
      assertThat(answer.headers().firstValue("Location")).contains(LEADER + path);
      assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    }
  }

  @Test
  void a_path_that_looks_like_a_host_stays_a_path_of_the_leader() throws Exception {
    assertThat(browse("//evil.example/x").headers().firstValue("Location"))
        .contains(LEADER + "//evil.example/x");
  }

  @Test
  void a_program_is_told_who_leads_and_to_come_back() throws Exception {
    HttpResponse<String> answer = send("GET", "/api/v1/incidents", "application/json");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    assertThat(answer.body()).contains("\"leader\":\"" + LEADER + "\"");
    assertThat(send("POST", "/v1/metrics", "*/*").statusCode()).isEqualTo(503);
  }

  @Test
  void a_form_is_not_sent_on_but_answered_with_a_page_that_names_the_leader() throws Exception {
    HttpResponse<String> answer = send("POST", "/incidents/INC-1/resolve", "text/html");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body())
        .contains("This server stands by", "nothing was done here", "href=\"" + LEADER + "/\"");
    String style = answer.body().replaceFirst("(?s).*href=\"(/assets/tidemark[^\"]+)\".*", "$1");
    assertThat(browse(style).statusCode()).as(style).isEqualTo(200);
  }

  @Test
  void a_leader_whose_address_is_every_address_is_named_and_not_led_to() throws Exception {
    leader.set(Optional.of("http://0.0.0.0:8080"));
    HttpResponse<String> answer = browse("/incidents/INC-1");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("0.0.0.0:8080");
  }

  @Test
  void that_nobody_leads_is_said_on_pages_to_programs_and_to_monitoring() throws Exception {
    assertThat(send("GET", "/readyz", "*/*").body()).isEqualTo("standby\n");
    assertThat(send("GET", "/metrics", "*/*").body()).contains("tidemark_leaderless_seconds 0.0");
    leader.set(Optional.empty());
    leaderless.set(Duration.ofSeconds(93));
    assertThat(send("GET", "/readyz", "*/*").statusCode()).isEqualTo(503);
    assertThat(send("GET", "/readyz", "*/*").body()).isEqualTo("no server leads, for 93 s\n");
    assertThat(send("GET", "/healthz", "*/*").statusCode()).isEqualTo(200);
    assertThat(send("GET", "/metrics", "*/*").body())
        .contains("tidemark_leaderless_seconds 93.0", "tidemark_leads 0.0");
    assertThat(send("GET", "/api/v1/slos", "*/*").body()).contains("\"leaderlessSeconds\":93");
    HttpResponse<String> page = browse("/dashboards/oncall");
    assertThat(page.statusCode()).isEqualTo(503);
    assertThat(page.body()).contains("No server leads", "nobody told for");
  }
}
