package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.CookieManager;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what, asked over the wire of a server that has tokens. */
class AccessTest {
  private static final String INGEST = "ingest-token-0123456789";
  private static final String READ = "read-token-0123456789";
  private static final String OPERATE = "operate-token-0123456789";
  private static final String LINEAGE_EVENT =
      """
      {"eventType":"COMPLETE","eventTime":"2026-01-01T00:00:00Z","producer":"urn:test",
       "schemaURL":"urn:test","run":{"runId":"0190a8f0-0000-7000-8000-000000000000"},
       "job":{"namespace":"n","name":"j"}}
      """;

  private static ServerProcess server;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    Path config = folder.resolve("tidemark.yaml");
    Files.writeString(
        config,
        """
        tokens:
          - {name: pipelines, secret: %s, scopes: [ingest]}
          - {name: reader, secret: %s, scopes: [read]}
          - {name: anna, secret: %s, scopes: [operate]}
        """
            .formatted(INGEST, READ, OPERATE));
    server = ServerProcess.start(folder.resolve("data"), "--config", config.toString());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void without_a_token_nothing_is_shown_or_taken() throws Exception {
    assertThat(status("GET", "/api/v1/slos", "")).isEqualTo(401);
    assertThat(status("POST", "/api/v1/lineage", "")).isEqualTo(401);
    assertThat(status("GET", "/ping/a", "")).isEqualTo(401);
    assertThat(status("GET", "/metrics", "")).isEqualTo(401);
    assertThat(status("GET", "/api/v1/slos", "guessed-token-0123456789")).isEqualTo(401);
  }

  @Test
  void health_is_told_to_everybody() throws Exception {
    assertThat(status("GET", "/healthz", "")).isEqualTo(200);
    assertThat(status("GET", "/readyz", "")).isEqualTo(200);
  }

  @Test
  void a_token_opens_what_its_scope_says_and_nothing_else() throws Exception {
    assertThat(status("GET", "/ping/a", INGEST)).isEqualTo(200);
    assertThat(status("POST", "/api/v1/lineage", INGEST)).isBetween(200, 299);
    assertThat(status("GET", "/api/v1/slos", INGEST)).isEqualTo(403);
    assertThat(status("GET", "/api/v1/slos", READ)).isEqualTo(200);
    assertThat(status("POST", "/api/v1/lineage", READ)).isEqualTo(403);
    assertThat(status("POST", "/incidents/none/acknowledge", READ)).isEqualTo(403);
    assertThat(status("GET", "/api/v1/slos", OPERATE)).isEqualTo(200);
    assertThat(status("POST", "/incidents/none/acknowledge", OPERATE)).isNotIn(401, 403);
  }

  @Test
  void refusals_are_counted() throws Exception {
    assertThat(status("GET", "/api/v1/slos", "")).isEqualTo(401);
    assertThat(status("GET", "/api/v1/slos", INGEST)).isEqualTo(403);
    assertThat(send("GET", "/metrics", READ).body())
        .contains("tidemark_http_refused_total{status=\"401\",}")
        .contains("tidemark_http_refused_total{status=\"403\",}");
  }

  @Test
  void a_person_signs_in_comes_back_to_the_page_and_signs_out() throws Exception {
    try (Browser browser = new Browser()) {
      HttpResponse<String> sentAway = browser.get("/slos?x=1");
      assertThat(sentAway.statusCode()).isEqualTo(302);
      assertThat(location(sentAway)).isEqualTo("/signin?next=%2Fslos%3Fx%3D1");
      assertThat(browser.get(location(sentAway)).body())
          .contains("name=\"next\" value=\"/slos?x&#x3D;1\"");

      HttpResponse<String> wrong = browser.signIn("not-a-token-0123456789", "/slos?x=1");
      assertThat(location(wrong)).startsWith("/signin?problem=1&next=");

      HttpResponse<String> in = browser.signIn(READ, "/slos?x=1");
      assertThat(in.statusCode()).isEqualTo(303);
      assertThat(location(in)).isEqualTo("/slos?x=1");
      assertThat(in.headers().firstValue("set-cookie").orElseThrow())
          .containsIgnoringCase("HttpOnly")
          .contains("SameSite=Strict");
      assertThat(browser.get("/slos").body()).contains("reader").contains("Sign out");

      assertThat(browser.post("/signout", "").statusCode()).isEqualTo(303);
      assertThat(browser.get("/slos").statusCode()).isEqualTo(302);
    }
  }

  @Test
  void signing_in_never_leads_to_another_site() throws Exception {
    try (Browser browser = new Browser()) {
      for (String next : new String[] {"//evil.example", "/\\evil.example", "https://e.example"}) {
        assertThat(location(browser.signIn(READ, next))).isEqualTo("/");
      }
    }
  }

  @Test
  void a_page_of_another_site_may_not_change_anything() throws Exception {
    HttpRequest forged =
        request("POST", "/incidents/none/acknowledge", OPERATE)
            .header("Origin", "https://evil.example")
            .build();
    assertThat(send(forged).statusCode()).isEqualTo(403);
  }

  @Test
  void without_tokens_only_loopback_names_are_answered(@TempDir Path data) throws Exception {
    try (ServerProcess open = ServerProcess.start(data)) {
      assertThat(withHost(open.base(), "127.0.0.1")).isEqualTo(200);
      assertThat(withHost(open.base(), "localhost")).isEqualTo(200);
      assertThat(withHost(open.base(), "127.evil.example")).isEqualTo(403);
      assertThat(withHost(open.base(), "evil.example")).isEqualTo(403);
    }
  }

  /** Java's client does not let a test forge the Host, so this speaks HTTP/1.1 itself. */
  private static int withHost(URI base, String host) throws IOException {
    try (Socket socket = new Socket(base.getHost(), base.getPort())) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(
              ("GET /api/v1/slos HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return Integer.parseInt(answer.split(" ", 3)[1]);
    }
  }

  private static int status(String method, String path, String token) throws Exception {
    return send(method, path, token).statusCode();
  }

  private static HttpResponse<String> send(String method, String path, String token)
      throws Exception {
    return send(request(method, path, token).build());
  }

  private static HttpResponse<String> send(HttpRequest request) throws Exception {
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(String method, String path, String token) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(server.base().resolve(path))
            .timeout(Duration.ofSeconds(10))
            .method(
                method,
                method.equals("GET")
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(
                        path.endsWith("lineage") ? LINEAGE_EVENT : ""));
    if (!token.isEmpty()) {
      builder.header("Authorization", "Bearer " + token);
    }
    return builder.header(
        "Content-Type",
        path.endsWith("lineage") ? "application/json" : "application/x-www-form-urlencoded");
  }

  private static String location(HttpResponse<?> response) {
    return response.headers().firstValue("location").orElse("");
  }

  /** Keeps cookies and shows redirects instead of following them. */
  private static final class Browser implements AutoCloseable {
    private final CookieManager cookies = new CookieManager();
    private final HttpClient client = HttpClient.newBuilder().cookieHandler(cookies).build();

    HttpResponse<String> get(String path) throws Exception {
      return client.send(
          HttpRequest.newBuilder(server.base().resolve(path)).header("Accept", "text/html").build(),
          HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, String form) throws Exception {
      return client.send(
          HttpRequest.newBuilder(server.base().resolve(path))
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(HttpRequest.BodyPublishers.ofString(form))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> signIn(String token, String next) throws Exception {
      return post(
          "/signin",
          "token="
              + URLEncoder.encode(token, StandardCharsets.UTF_8)
              + "&next="
              + URLEncoder.encode(next, StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
      cookies.getCookieStore().removeAll();
    }
  }
}
