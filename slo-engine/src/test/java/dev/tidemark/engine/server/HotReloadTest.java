package dev.tidemark.engine.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of definitions change under a running server. */
class HotReloadTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static String dataset(String name, String within) {
    return """
        apiVersion: tidemark/v1
        kind: Dataset
        metadata: {name: %s}
        spec:
          objectives: [{freshness: {within: %s}}]
        """
        .formatted(name, within);
  }

  @Test
  void what_is_good_is_taken_and_what_is_wrong_stays_as_it_last_was(@TempDir Path folder)
      throws Exception {
    Path definitions = Files.createDirectory(folder.resolve("definitions"));
    Path orders = Files.writeString(definitions.resolve("orders.yaml"), dataset("orders", "5m"));
    Path bills = Files.writeString(definitions.resolve("bills.yaml"), dataset("bills", "5m"));
    Files.writeString(definitions.resolve("wrong.yaml"), "kind: Datset\n");
    try (ServerProcess server =
        ServerProcess.start(folder.resolve("data"), "--definitions", definitions.toString())) {
      assertThat(names(server)).containsExactlyInAnyOrder("orders-freshness", "bills-freshness");
      assertThat(String.join("\n", server.output())).contains("wrong.yaml:1:1: ");
      assertThat(get(server, "/api/v1/definitions/problems")).contains("wrong.yaml");
      assertThat(get(server, "/dashboards/oncall")).contains("wrong.yaml:1:1");
      assertThat(get(server, "/metrics"))
          .contains("tidemark_definition_problems{severity=\"error\",}");

      // One file changes for the better, one for the worse, one is new.
      Files.writeString(bills, dataset("bills", "soon"));
      Files.writeString(orders, dataset("orders", "7m"));
      Files.writeString(definitions.resolve("new.yaml"), dataset("refunds", "1h"));
      await("the new objective", () -> names(server).contains("refunds-freshness"));
      assertThat(names(server))
          .containsExactlyInAnyOrder("orders-freshness", "bills-freshness", "refunds-freshness");
      assertThat(get(server, "/slos/orders-freshness")).contains("at most 7 min old");
      assertThat(get(server, "/slos/bills-freshness")).contains("at most 5 min old");
      assertThat(get(server, "/api/v1/definitions/problems"))
          .contains("bills.yaml")
          .contains("soon");

      // And is mended, while another goes.
      Files.writeString(bills, dataset("bills", "9m"));
      Files.delete(definitions.resolve("wrong.yaml"));
      Files.delete(orders);
      await("orders to go", () -> !names(server).contains("orders-freshness"));
      assertThat(get(server, "/slos/bills-freshness")).contains("at most 9 min old");
      assertThat(JSON.readTree(get(server, "/api/v1/definitions/problems")).path("problems"))
          .isEmpty();
    }
  }

  /** What one file takes away must not make the promises of another vanish. */
  @Test
  void a_calendar_changes_under_its_deadlines_and_stays_while_they_need_it(@TempDir Path folder)
      throws Exception {
    String calendar =
        """
        apiVersion: tidemark/v1
        kind: Calendar
        metadata: {name: %s}
        spec: {timeZone: Europe/Warsaw, on: %s, ical: {file: holidays.ics}}
        """;
    Path definitions = Files.createDirectory(folder.resolve("definitions"));
    Files.writeString(
        definitions.resolve("a-sales.yaml"),
        """
        apiVersion: tidemark/v1
        kind: Dataset
        metadata: {name: sales}
        spec:
          objectives: [{arrival: {dueBy: "06:00", calendar: work, target: 99%, window: 7d}}]
        """);
    Path work =
        Files.writeString(
            definitions.resolve("b-calendar.yaml"), calendar.formatted("work", "business-days"));
    Path holidays =
        Files.writeString(
            definitions.resolve("holidays.ics"),
            """
            BEGIN:VCALENDAR
            VERSION:2.0
            PRODID:-//Example//Holidays//EN
            BEGIN:VEVENT
            UID:1
            DTSTAMP:20260101T000000Z
            SUMMARY:Christmas
            DTSTART;VALUE=DATE:20261225
            END:VEVENT
            END:VCALENDAR
            """);
    try (ServerProcess server =
        ServerProcess.start(folder.resolve("data"), "--definitions", definitions.toString())) {
      assertThat(get(server, "/slos/sales-arrival"))
          .contains("complete by 06:00 Europe/Warsaw on business days");

      Files.writeString(work, calendar.formatted("work", "[mon, sat]"));
      await(
          "the other days",
          () -> get(server, "/slos/sales-arrival").contains("Europe/Warsaw on Mon, Sat"));

      Files.writeString(work, calendar.formatted("word", "business-days"));
      await("the problem", () -> get(server, "/api/v1/definitions/problems").contains("'work'"));
      assertThat(get(server, "/slos/sales-arrival")).contains("Europe/Warsaw on Mon, Sat");

      Files.delete(work);
      await(
          "the other problem",
          () -> get(server, "/api/v1/definitions/problems").contains("no other either"));
      assertThat(get(server, "/slos/sales-arrival")).contains("Europe/Warsaw on Mon, Sat");

      Files.writeString(work, calendar.formatted("work", "business-days"));
      await("it is back", () -> get(server, "/slos/sales-arrival").contains("on business days"));
      assertThat(JSON.readTree(get(server, "/api/v1/definitions/problems")).path("problems"))
          .isEmpty();

      Files.delete(holidays);
      await(
          "the file of holidays is missed",
          () -> get(server, "/api/v1/definitions/problems").contains("holidays.ics"));
      assertThat(get(server, "/slos/sales-arrival")).contains("on business days");
    }
  }

  private static final String ROUTES =
      """
      apiVersion: tidemark/v1
      kind: Receiver
      metadata: {name: hook}
      spec:
        webhook: {url: "http://127.0.0.1:%d/page"}
      ---
      apiVersion: tidemark/v1
      kind: Route
      metadata: {name: everything}
      spec: {receiver: hook, groupWait: %s}
      """;

  /** A slip in a route must not cost a page. */
  @Test
  void a_route_that_becomes_wrong_is_told_and_the_last_good_one_pages(@TempDir Path folder)
      throws Exception {
    Queue<String> received = new ConcurrentLinkedQueue<>();
    HttpServer hook =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    hook.createContext(
        "/",
        exchange -> {
          received.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    hook.start();
    int port = hook.getAddress().getPort();
    Path definitions = Files.createDirectory(folder.resolve("definitions"));
    Path routes =
        Files.writeString(definitions.resolve("routes.yaml"), ROUTES.formatted(port, "1s"));
    try (ServerProcess server =
        ServerProcess.start(folder.resolve("data"), "--definitions", definitions.toString())) {
      Files.writeString(routes, ROUTES.formatted(port, "soon"));
      await(
          "the problem", () -> get(server, "/api/v1/definitions/problems").contains("routes.yaml"));
      assertThat(get(server, "/api/v1/definitions/problems")).contains("soon");
      assertThat(get(server, "/metrics"))
          .contains("tidemark_definition_problems{severity=\"error\",} 1.0");
      Files.writeString(
          definitions.resolve("orders.yaml"),
          """
          apiVersion: tidemark/v1
          kind: Dataset
          metadata: {name: orders}
          spec:
            objectives: [{heartbeat: {connector: cdc, every: 2s, target: 99.9%, window: 7d}}]
          """);
      await("the page", () -> !received.isEmpty());
      assertThat(received.peek()).contains("connector").contains("cdc");
    } finally {
      hook.stop(0);
    }
  }

  private static List<String> names(ServerProcess server) throws Exception {
    JsonNode slos = JSON.readTree(get(server, "/api/v1/slos")).path("slos");
    return StreamSupport.stream(slos.spliterator(), false)
        .map(slo -> slo.path("name").asText())
        .toList();
  }

  private static String get(ServerProcess server, String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(server.base().resolve(path))
                .timeout(Duration.ofSeconds(10))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body()
        // Numbers and units are kept together by spaces that do not break.
        .replaceAll("\\p{Zs}", " ");
  }

  private static void await(String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      Thread.onSpinWait();
    }
  }
}
