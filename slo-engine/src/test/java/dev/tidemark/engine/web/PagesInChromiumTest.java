package dev.tidemark.engine.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.engine.server.ServerProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The pages as people see them, of a server with an open incident, in a real browser. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PagesInChromiumTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final String DEFINITIONS =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: orders, displayName: Orders of all shops, labels: {tier: critical}}
      spec:
        domain: payments
        owner: team-payments
        producedBy: orders_ingest
        consumers: [billing, revenue-dashboard]
        objectives:
          - freshness: {within: 5m, target: 99.5%, window: 30d}
          - completeness: {atLeast: 99.95%, per: hour, target: 99%, window: 30d}
          - heartbeat: {connector: orders-cdc, every: 2s, target: 99.9%, window: 7d}
        runbook: silent-connector-death
      ---
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: invoices}
      spec:
        owner: team-billing
        producedBy: invoices_daily
        dependsOn: [orders]
        objectives:
          - freshness: {within: 26h, target: 99%, window: 30d}
          - heartbeat: {connector: invoices-cdc, every: 1h, target: 99.9%, window: 7d}
      """;
  private static final String METRICS =
      """
      {"resourceMetrics":[{"resource":{"attributes":[
         {"key":"service.name","value":{"stringValue":"orders_ingest"}}]},
       "scopeMetrics":[{"metrics":[
         {"name":"tidemark.watermark","unit":"s","gauge":{"dataPoints":[{"timeUnixNano":"%1$d",
           "asDouble":%2$d,"attributes":[{"key":"dataset","value":{"stringValue":"orders"}},
             {"key":"partition","value":{"stringValue":"eu"}}]}]}},
         {"name":"tidemark.records","unit":"{record}","sum":{"aggregationTemporality":1,
           "isMonotonic":true,"dataPoints":[
             {"startTimeUnixNano":"%1$d","timeUnixNano":"%1$d","asInt":"990","attributes":[
               {"key":"dataset","value":{"stringValue":"orders"}},
               {"key":"outcome","value":{"stringValue":"observed"}}]},
             {"startTimeUnixNano":"%1$d","timeUnixNano":"%1$d","asInt":"1000","attributes":[
               {"key":"dataset","value":{"stringValue":"orders"}},
               {"key":"outcome","value":{"stringValue":"expected"}}]}]}}]}]}]}
      """;

  private static ServerProcess server;
  private static Chromium chromium;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    Path definitions = folder.resolve("orders.yaml");
    Files.writeString(definitions, DEFINITIONS);
    server = ServerProcess.start(folder.resolve("data"), "--definitions", definitions.toString());
    Instant now = Instant.now();
    assertThat(
            send(request("/v1/metrics")
                    .header("Content-Type", "application/json")
                    .POST(
                        HttpRequest.BodyPublishers.ofString(
                            METRICS.formatted(
                                now.getEpochSecond() * 1_000_000_000L, now.getEpochSecond())))
                    .build())
                .statusCode())
        .isEqualTo(200);
    assertThat(send(request("/ping/orders-cdc").build()).statusCode()).isEqualTo(200);
    // The ping does not come again: an incident opens.
    Chromium.await("the incident opens", () -> openIncidents().size() == 1);
    chromium = new Chromium(folder.resolve("profile"));
  }

  @AfterAll
  static void stop() {
    if (chromium != null) {
      chromium.close();
    }
    server.close();
  }

  @Test
  void every_page_that_is_linked_fits_its_screen_and_has_nothing_to_complain_of() throws Exception {
    List<String> problems = new ArrayList<>();
    chromium.screen(1400, 1000, false, false);
    Set<String> pages = pages(problems);
    assertThat(pages)
        .contains("/dashboards/oncall", "/dashboards/executive", "/datasets/orders")
        .anyMatch(page -> page.startsWith("/dashboards/debug/"))
        .anyMatch(page -> page.startsWith("/slos/"))
        .anyMatch(page -> page.startsWith("/incidents/INC-"))
        .anyMatch(page -> page.startsWith("/runbooks/silent-connector-death"));
    look(pages, "desktop-light", problems);
    chromium.screen(390, 844, true, true);
    look(pages, "phone-dark", problems);
    assertThat(problems).isEmpty();
  }

  @Test
  @Order(2) // What is acknowledged has no field for a note any more.
  void an_incident_is_acknowledged_from_its_page_and_an_open_page_shows_it_at_once(
      @TempDir Path folder) throws Exception {
    String id = openIncidents().get(0).path("id").asText();
    chromium.screen(390, 844, true, false);
    chromium.open(server.base().resolve("/incidents/" + id));
    try (Chromium colleague = new Chromium(folder)) {
      colleague.screen(1400, 1000, false, false);
      colleague.open(server.base().resolve("/dashboards/oncall"));
      assertThat(colleague.links()).contains("/incidents/" + id);
      assertThat(colleague.text()).doesNotContainIgnoringCase("acknowledged");
      chromium.type(".acknowledge input[name='note']", "looking at it");
      chromium.click(".acknowledge button");
      Chromium.await("the page says so", () -> chromium.text().contains("looking at it"));
      Chromium.await(
          "the colleague sees it without loading the page again",
          () -> colleague.text().toLowerCase(Locale.ROOT).contains("acknowledged"));
    }
    JsonNode incident = JSON.readTree(send(request("/api/v1/incidents/" + id).build()).body());
    assertThat(incident.path("state").asText()).isEqualToIgnoringCase("acknowledged");
  }

  @Test
  @Order(1)
  void what_was_typed_while_the_page_was_fetched_anew_stays() throws Exception {
    String id = openIncidents().get(0).path("id").asText();
    chromium.screen(1400, 1000, false, false);
    // A live page fetches itself once its stream is open; this one waits for its answer.
    String hold =
        chromium.beforeEveryPage(
            "const real = window.fetch; window.fetch = (...asked) => new Promise("
                + "(done, failed) => { window.release = () => real(...asked)"
                + ".then((answer) => { done(answer); setTimeout(() => { window.taken = true; }, 500); },"
                + " failed); });");
    try {
      chromium.open(server.base().resolve("/incidents/" + id));
      Chromium.await(
          "the page asks for itself", () -> chromium.holds("typeof window.release === 'function'"));
      chromium.type("#note", "half a sentence");
      assertThat(chromium.holds("(window.release(), true)")).isTrue();
      Chromium.await("the page has its answer", () -> chromium.holds("window.taken === true"));
      assertThat(chromium.find("#note").getDomProperty("value")).isEqualTo("half a sentence");
    } finally {
      chromium.withoutScript(hold);
    }
  }

  /** Follows links from the first page; every one has to lead somewhere. */
  private static Set<String> pages(List<String> problems) throws Exception {
    Set<String> seen = new LinkedHashSet<>(List.of("/dashboards/oncall"));
    Set<String> pages = new LinkedHashSet<>();
    List<String> next = List.copyOf(seen);
    for (int depth = 0; depth < 4 && !next.isEmpty(); depth++) {
      List<String> found = new ArrayList<>();
      for (String path : next) {
        HttpResponse<String> answer = send(request(path).build());
        if (answer.statusCode() != 200) {
          problems.add(path + " answers " + answer.statusCode());
        } else if (answer.headers().firstValue("Content-Type").orElse("").contains("html")) {
          pages.add(path);
          chromium.open(server.base().resolve(path));
          chromium.links().stream().filter(seen::add).forEach(found::add);
        }
      }
      next = found;
    }
    return pages;
  }

  private static void look(Set<String> pages, String screen, List<String> problems)
      throws Exception {
    for (String path : pages) {
      String place = screen + " " + path;
      chromium.open(server.base().resolve(path));
      if (chromium.overflowPixels() > 0) {
        problems.add(place + ": " + chromium.overflowPixels() + " px wider than the screen");
      }
      chromium.complaints().forEach(complaint -> problems.add(place + ": " + complaint));
      chromium.accessibilityProblems().forEach(problem -> problems.add(place + ": " + problem));
      if (chromium.find("h1").getText().isBlank()) {
        problems.add(place + ": has no heading");
      }
      chromium.screenshot(
          screen + path.replaceFirst("\\?.*", "").replaceAll("INC-[^/]*", "INC").replace('/', '-'));
    }
  }

  private static JsonNode openIncidents() throws Exception {
    return JSON.readTree(send(request("/api/v1/incidents?state=open").build()).body())
        .path("incidents");
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(server.base() + path)).timeout(Duration.ofSeconds(10));
  }

  private static HttpResponse<String> send(HttpRequest request) throws Exception {
    return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
