package dev.tidemark.alerting.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.alerting.Delivery;
import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.NotificationKind;
import dev.tidemark.alerting.Samples;
import dev.tidemark.alerting.route.Receiver;
import dev.tidemark.alerting.route.Secret;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NotifiersTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private final List<String> printed = new ArrayList<>();
  private final Notifiers notifiers = new Notifiers(printed::add);
  private final FakeEndpoint endpoint = new FakeEndpoint();

  @AfterEach
  void stop() {
    endpoint.close();
    notifiers.close();
  }

  private static Notification notification(NotificationKind kind) {
    return Samples.notification("INC-1/1/r/x", kind, "r", "tidemark/INC-1", Samples.t(60));
  }

  private Delivery deliver(Receiver.Channel channel, NotificationKind kind) {
    return notifiers.of(new Receiver("r", channel, true)).deliver(notification(kind));
  }

  private Receiver.Channel webhook(Duration timeout) {
    return new Receiver.Webhook(
        Secret.of(endpoint.url()), Map.of("X-Token", Secret.of("t0ken")), timeout);
  }

  private static List<String> names(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void the_webhook_gets_the_documented_fields() {
    assertThat(deliver(webhook(TIMEOUT), NotificationKind.TRIGGERED))
        .isEqualTo(new Delivery.Delivered());
    JsonNode body = endpoint.body();
    assertThat(endpoint.seenHeader).isEqualTo("t0ken");
    assertThat(names(body))
        .containsExactly(
            "version",
            "id",
            "kind",
            "dedupKey",
            "receiver",
            "note",
            "at",
            "incident",
            "dataset",
            "objective",
            "budgetLeft",
            "burnRate",
            "since",
            "cause",
            "hurtDatasets",
            "hurtConsumers",
            "atRiskObjectives",
            "runbook",
            "alerts",
            "text");
    assertThat(body.path("kind").asText()).isEqualTo("triggered");
    assertThat(body.path("since").asText()).isEqualTo("2026-03-01T12:00:00Z");
    assertThat(body.path("budgetLeft").asDouble()).isEqualTo(0.425);
    assertThat(body.at("/cause/name").asText()).isEqualTo("cdc");
    assertThat(body.at("/cause/certain").asBoolean(true)).isFalse();
    assertThat(body.at("/incident/severity").asText()).isEqualTo("page");
    assertThat(body.at("/alerts/0/labels/domain").asText()).isEqualTo("travel");
    assertThat(body.at("/runbook/title").asText()).isEqualTo("A dataset is stale");
    assertThat(body.at("/text/budgetLeft").asText()).isEqualTo("42.5 %");
    assertThat(body.at("/text/hurt").asText())
        .isEqualTo("datasets features; consumers booking-app");
  }

  @ParameterizedTest
  @CsvSource({
    "TRIGGERED,trigger",
    "UPDATED,trigger",
    "ACKNOWLEDGED,acknowledge",
    "RESOLVED,resolve"
  })
  void pagerduty_gets_events_v2(NotificationKind kind, String action) {
    endpoint.status = 202;
    endpoint.answer = "{\"status\":\"success\",\"message\":\"Event processed\"}";
    Receiver.Channel pagerDuty = new Receiver.PagerDuty(Secret.of("k3y"), endpoint.url(), TIMEOUT);
    assertThat(deliver(pagerDuty, kind)).isEqualTo(new Delivery.Delivered());
    JsonNode event = endpoint.body();
    assertThat(event.path("routing_key").asText()).isEqualTo("k3y");
    assertThat(event.path("event_action").asText()).isEqualTo(action);
    assertThat(event.path("dedup_key").asText()).isEqualTo("tidemark/INC-1");
    if (action.equals("trigger")) {
      JsonNode payload = event.path("payload");
      assertThat(names(payload))
          .containsExactly(
              "summary",
              "source",
              "severity",
              "timestamp",
              "component",
              "group",
              "class",
              "custom_details");
      assertThat(payload.path("summary").asText())
          .contains("flights: Freshness of flights", "connector cdc (guessed)")
          .hasSizeLessThanOrEqualTo(1024);
      assertThat(payload.path("severity").asText()).isEqualTo("critical");
      assertThat(payload.path("timestamp").asText()).isEqualTo("2026-03-01T12:01:00Z");
      assertThat(event.at("/links/0/href").asText()).contains("/incidents/INC-");
      assertThat(event.at("/links/1/text").asText()).isEqualTo("Runbook: A dataset is stale");
      assertThat(event.path("client").asText()).isEqualTo("Tidemark");
    } else {
      assertThat(names(event)).containsExactly("routing_key", "event_action", "dedup_key");
    }
  }

  @Test
  void pagerduty_shows_a_picture_whose_address_is_made_of_the_notification() {
    endpoint.status = 202;
    Receiver.Channel pagerDuty =
        new Receiver.PagerDuty(
            Secret.of("k3y"),
            endpoint.url(),
            "https://pictures.example.org/{{objective}}.png",
            TIMEOUT);
    assertThat(deliver(pagerDuty, NotificationKind.TRIGGERED)).isEqualTo(new Delivery.Delivered());
    JsonNode image = endpoint.body().at("/images/0");
    assertThat(image.path("src").asText())
        .isEqualTo("https://pictures.example.org/Freshness%20of%20flights.png");
    assertThat(image.path("href").asText()).contains("/incidents/INC-");
    assertThat(image.path("alt").asText()).startsWith("[PAGE] flights");
  }

  @Test
  void slack_gets_blocks_and_a_text() {
    Receiver.Channel slack = new Receiver.Slack(Secret.of(endpoint.url()), TIMEOUT);
    assertThat(deliver(slack, NotificationKind.TRIGGERED)).isEqualTo(new Delivery.Delivered());
    JsonNode message = endpoint.body();
    assertThat(message.path("text").asText()).startsWith("[PAGE] flights: Freshness of flights");
    List<String> types =
        StreamSupport.stream(message.path("blocks").spliterator(), false)
            .map(block -> block.path("type").asText())
            .toList();
    assertThat(types).containsExactly("header", "section", "section", "section", "section");
    assertThat(message.at("/blocks/0/text/type").asText()).isEqualTo("plain_text");
    assertThat(message.at("/blocks/2/fields/4/text").asText()).isEqualTo("*Budget left*\n42.5 %");
    assertThat(message.at("/blocks/4/text/text").asText())
        .contains("|Incident INC-", "|Runbook: A dataset is stale>");
  }

  @ParameterizedTest
  @EnumSource(NotificationKind.class)
  void the_console_prints_everything_a_person_needs(NotificationKind kind) {
    assertThat(deliver(new Receiver.Console(), kind)).isEqualTo(new Delivery.Delivered());
    assertThat(printed)
        .singleElement()
        .asString()
        .contains(
            "flights",
            "Freshness of flights",
            "2026-03-01 12:00:00 UTC (60 s)",
            "14.9× over 1 h",
            "42.5 %",
            "connector cdc (guessed)",
            "no heartbeat for 61 s",
            "cdc → flights",
            "datasets features; consumers booking-app",
            "https://tidemark.example.org/incidents/INC-",
            "https://tidemark.example.org/runbooks/stale-dataset");
  }

  @ParameterizedTest
  @CsvSource({
    "200,Delivered",
    "202,Delivered",
    "204,Delivered",
    "301,Rejected",
    "400,Rejected",
    "401,Rejected",
    "404,Rejected",
    "410,Rejected",
    "408,Retry",
    "429,Retry",
    "500,Retry",
    "503,Retry"
  })
  void an_answer_means_what_the_table_says(int status, String meaning) {
    endpoint.status = status;
    endpoint.answer = status == 204 ? "" : "reason with " + endpoint.url();
    Delivery delivery = deliver(webhook(TIMEOUT), NotificationKind.TRIGGERED);
    assertThat(delivery.getClass().getSimpleName()).isEqualTo(meaning);
    assertThat(delivery.toString()).doesNotContain("s3cret");
    if (!meaning.equals("Delivered")) {
      assertThat(delivery.toString()).contains(String.valueOf(status));
    }
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {"120, PT2M", "'Thu, 01 Jan 2015 11:00:00 GMT', none", "soon, none"})
  void retry_after_in_seconds_is_passed_on_and_what_is_past_or_unreadable_is_not(
      String header, Duration expected) {
    endpoint.status = 429;
    endpoint.headers = Map.of("Retry-After", header);
    assertThat(deliver(webhook(TIMEOUT), NotificationKind.TRIGGERED))
        .isInstanceOfSatisfying(
            Delivery.Retry.class, retry -> assertThat(retry.after()).isEqualTo(expected));
  }

  @Test
  void retry_after_as_a_date_counts_from_the_receivers_own_date() {
    endpoint.status = 503;
    // The server under the fake writes its own Date, so this one test looks at the real clock.
    endpoint.headers =
        Map.of(
            "Retry-After",
            DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).plusMinutes(5)));
    assertThat(deliver(webhook(TIMEOUT), NotificationKind.TRIGGERED))
        .isInstanceOfSatisfying(
            Delivery.Retry.class,
            retry ->
                assertThat(retry.after()).isBetween(Duration.ofMinutes(4), Duration.ofMinutes(5)));
  }

  @Test
  void a_huge_answer_is_not_read_to_its_end() {
    endpoint.status = 400;
    endpoint.answer = "x".repeat(5_000_000);
    assertThat(deliver(webhook(TIMEOUT), NotificationKind.TRIGGERED))
        .isInstanceOfSatisfying(
            Delivery.Rejected.class,
            rejected -> assertThat(rejected.reason()).hasSizeLessThan(300));
  }

  @ParameterizedTest
  @CsvSource({
    "'', no complete answer within 300 ms",
    "'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx', no complete answer within 300 ms",
    "'220 mail.example.org ESMTP\r\n\r\n', Exception"
  })
  void silence_half_an_answer_and_garbage_are_bounded_and_tried_again(String answer, String reason)
      throws IOException {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread speaker =
          new Thread(
              () -> {
                try (Socket socket = server.accept()) {
                  OutputStream out = socket.getOutputStream();
                  out.write(answer.getBytes(StandardCharsets.US_ASCII));
                  out.flush();
                  // Reads until the client hangs up, and says nothing more.
                  long unused = socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                } catch (IOException e) {
                  // The test is over and has closed the socket.
                }
              },
              "fake-endpoint");
      speaker.start();
      Receiver.Channel channel =
          new Receiver.Webhook(
              Secret.of("http://127.0.0.1:" + server.getLocalPort() + "/"),
              Map.of(),
              Duration.ofMillis(300));
      assertThat(deliver(channel, NotificationKind.TRIGGERED))
          .isInstanceOfSatisfying(
              Delivery.Retry.class, retry -> assertThat(retry.reason()).contains(reason));
    }
  }

  @Test
  void a_port_that_nobody_listens_on_is_tried_again() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Receiver.Channel channel =
        new Receiver.Webhook(Secret.of("http://127.0.0.1:" + port + "/"), Map.of(), TIMEOUT);
    assertThat(deliver(channel, NotificationKind.TRIGGERED)).isInstanceOf(Delivery.Retry.class);
  }
}
