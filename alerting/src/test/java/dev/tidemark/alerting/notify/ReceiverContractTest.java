package dev.tidemark.alerting.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.alerting.Delivery;
import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.NotificationKind;
import dev.tidemark.alerting.Notifier;
import dev.tidemark.alerting.Samples;
import dev.tidemark.alerting.notify.FakeEndpoint.Reply;
import dev.tidemark.alerting.route.Receiver;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every receiver, tried against a fake that checks each field. */
class ReceiverContractTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final FakeEndpoint endpoint = new FakeEndpoint();
  private final Notifiers notifiers = new Notifiers(line -> {});

  static Stream<FakeVendor> vendors() {
    return Stream.of(
        new FakeMessageVendors.TidemarkWebhook(),
        new FakeMessageVendors.AlertmanagerWebhook(),
        new FakeMessageVendors.PagerDuty(),
        new FakeMessageVendors.Opsgenie(),
        new FakeMessageVendors.SlackWebhook(),
        new FakeMessageVendors.SlackBot(),
        new FakeMessageVendors.Teams(),
        new FakeMessageVendors.Alertmanager(),
        new FakeTicketVendors.Jira(true),
        new FakeTicketVendors.Jira(false),
        new FakeTicketVendors.Github(),
        new FakeTicketVendors.ServiceNow());
  }

  /** How the incident stands after its whole life, by the vendor. */
  private static final Map<String, String> AT_THE_END =
      Map.of(
          "PagerDuty", "resolve",
          "Opsgenie", "closed",
          "Slack bot", "1 message [RESOLVED]",
          // Opened, then one comment for each of five pieces of news.
          "Jira Cloud", "closed with 5",
          "Jira Data Center", "closed with 5",
          "GitHub", "closed with 5",
          "ServiceNow", "closed with 5");

  @AfterEach
  void stop() {
    endpoint.close();
    notifiers.close();
  }

  private Notifier notifier(FakeVendor vendor, String root, Duration timeout) {
    return notifiers.of(new Receiver("r", vendor.channel(root, timeout), true));
  }

  private static Notification notification(NotificationKind kind) {
    return Samples.notification("INC-1/" + kind + "/r", kind, "r", "tidemark/INC-1", Samples.t(60));
  }

  private Delivery triggered(FakeVendor vendor) {
    return notifier(vendor, endpoint.root(), TIMEOUT)
        .deliver(notification(NotificationKind.TRIGGERED));
  }

  @ParameterizedTest
  @MethodSource("vendors")
  void every_field_of_an_incidents_life_fits_the_vendors_schema(FakeVendor vendor) {
    endpoint.vendor = vendor::reply;
    Notifier notifier = notifier(vendor, endpoint.root(), TIMEOUT);
    for (NotificationKind kind : NotificationKind.values()) {
      assertThat(notifier.deliver(notification(kind)))
          .as("%s", kind)
          .isEqualTo(new Delivery.Delivered());
    }
    assertThat(vendor.complaints).isEmpty();
    assertThat(vendor.stands()).isEqualTo(AT_THE_END.getOrDefault(vendor.toString(), ""));
  }

  @ParameterizedTest
  @MethodSource("vendors")
  void the_longest_names_fit_the_vendors_schema_too(FakeVendor vendor) {
    endpoint.vendor = vendor::reply;
    Notification longest =
        LongNames.in(notification(NotificationKind.TRIGGERED), "x😀<&_*\"".repeat(3000));
    assertThat(notifier(vendor, endpoint.root(), TIMEOUT).deliver(longest))
        .isEqualTo(new Delivery.Delivered());
    assertThat(vendor.complaints).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("vendors")
  void a_receivers_own_texts_are_what_it_is_sent(FakeVendor vendor) {
    endpoint.vendor = vendor::reply;
    Receiver receiver =
        new Receiver(
            "r",
            vendor.channel(endpoint.root(), TIMEOUT),
            true,
            true,
            new Receiver.Templates(
                "our title of {{dataset}}", "our body\n{{#each evidence}}* {{this}}{{/each}}"));
    assertThat(notifiers.of(receiver).deliver(notification(NotificationKind.TRIGGERED)))
        .isEqualTo(new Delivery.Delivered());
    assertThat(vendor.complaints).isEmpty();
    String preview = notifiers.preview(receiver, notification(NotificationKind.TRIGGERED));
    if (vendor instanceof FakeMessageVendors.PagerDuty
        || vendor instanceof FakeMessageVendors.Alertmanager) {
      // Definitions give these no templates.
      return;
    }
    assertThat(preview).contains("our title of flights", "our body", "* no heartbeat for 61 s");
  }

  @ParameterizedTest
  @MethodSource("vendors")
  void any_2xx_is_delivered(FakeVendor vendor) {
    for (int status : new int[] {200, 202}) {
      endpoint.vendor =
          request -> {
            Reply good = vendor.reply(request);
            return new Reply(status, good.body(), good.headers());
          };
      assertThat(triggered(vendor)).as("%d", status).isEqualTo(new Delivery.Delivered());
    }
  }

  @ParameterizedTest
  @MethodSource("vendors")
  void a_400_is_a_dead_letter_whose_reason_says_what_the_vendor_said(FakeVendor vendor) {
    endpoint.vendor = request -> new Reply(400, "no such thing as " + request.path(), Map.of());
    assertThat(triggered(vendor))
        .isInstanceOfSatisfying(
            Delivery.Rejected.class,
            rejected ->
                assertThat(rejected.reason())
                    .contains("400", "no such thing")
                    .doesNotContain(FakeVendor.SECRET));
  }

  @ParameterizedTest
  @MethodSource("vendors")
  void a_429_is_tried_again_when_the_vendor_says_so(FakeVendor vendor) {
    endpoint.vendor = request -> new Reply(429, "slow down", Map.of("Retry-After", "7"));
    assertThat(triggered(vendor))
        .isInstanceOfSatisfying(
            Delivery.Retry.class,
            retry -> assertThat(retry.after()).isEqualTo(Duration.ofSeconds(7)));
  }

  @ParameterizedTest
  @MethodSource("vendors")
  void a_500_is_tried_again(FakeVendor vendor) {
    endpoint.vendor = request -> new Reply(500, "oops " + FakeVendor.SECRET, Map.of());
    assertThat(triggered(vendor))
        .isInstanceOfSatisfying(
            Delivery.Retry.class,
            retry -> assertThat(retry.reason()).contains("500").doesNotContain(FakeVendor.SECRET));
  }

  @ParameterizedTest
  @MethodSource("vendors")
  void garbage_in_a_200_is_tried_again_by_those_who_need_the_answer(FakeVendor vendor) {
    for (String garbage : new String[] {"<html>login</html>", "", "[", "7", "{}", "null"}) {
      endpoint.vendor = request -> Reply.json(200, garbage);
      assertThat(triggered(vendor))
          .as(garbage)
          .isInstanceOf(vendor.isAsked() ? Delivery.Retry.class : Delivery.Delivered.class);
    }
  }

  @ParameterizedTest
  @MethodSource("vendors")
  void what_is_not_http_and_nothing_at_all_are_tried_again(FakeVendor vendor) throws IOException {
    for (String said : new String[] {"220 mail.example.org ESMTP\r\n\r\n", ""}) {
      try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
        speak(server, said);
        Delivery delivery =
            notifier(vendor, "http://127.0.0.1:" + server.getLocalPort(), Duration.ofMillis(300))
                .deliver(notification(NotificationKind.TRIGGERED));
        assertThat(delivery).as("'%s'", said).isInstanceOf(Delivery.Retry.class);
      }
    }
  }

  private static void speak(ServerSocket server, String said) {
    new Thread(
            () -> {
              try (Socket socket = server.accept()) {
                OutputStream out = socket.getOutputStream();
                out.write(said.getBytes(StandardCharsets.US_ASCII));
                out.flush();
                long unused = socket.getInputStream().transferTo(OutputStream.nullOutputStream());
              } catch (IOException e) {
                // The test is over and has closed the socket.
              }
            },
            "fake-vendor")
        .start();
  }

  @ParameterizedTest
  @MethodSource("vendors")
  void a_preview_shows_where_to_and_what_without_the_secret_and_asks_nobody(FakeVendor vendor) {
    endpoint.vendor = vendor::reply;
    String preview =
        notifiers.preview(
            new Receiver("r", vendor.channel(endpoint.root(), TIMEOUT), true),
            notification(NotificationKind.TRIGGERED));
    assertThat(preview)
        .startsWith("POST " + endpoint.root())
        .contains("flights")
        .doesNotContain(FakeVendor.SECRET);
    assertThat(vendor.complaints).isEmpty();
    assertThat(vendor.stands()).isIn("", "0 message ");
  }

  @ParameterizedTest
  @MethodSource("vendors")
  void a_receiver_that_may_not_be_private_does_not_reach_loopback(FakeVendor vendor) {
    endpoint.vendor = vendor::reply;
    Receiver receiver =
        new Receiver(
            "r", vendor.channel(endpoint.root(), TIMEOUT), true, false, Receiver.Templates.NONE);
    assertThat(notifiers.of(receiver).deliver(notification(NotificationKind.TRIGGERED)))
        .isInstanceOfSatisfying(
            Delivery.Rejected.class,
            rejected -> assertThat(rejected.reason()).contains("allowPrivate: true"));
    assertThat(vendor.stands()).isIn("", "0 message ");
  }

  @ParameterizedTest
  @MethodSource("vendors")
  void nobody_is_told_at_a_metadata_address(FakeVendor vendor) {
    assertThat(
            notifier(vendor, "http://169.254.169.254", TIMEOUT)
                .deliver(notification(NotificationKind.TRIGGERED)))
        .isInstanceOfSatisfying(
            Delivery.Rejected.class, rejected -> assertThat(rejected.reason()).contains("refused"));
  }

  /** What is answered to the n-th request of a delivery, from 1. */
  private interface Answers {
    Reply to(int number, FakeEndpoint.Request request);
  }

  private Delivery deliver(Notifier notifier, NotificationKind kind, Answers answers) {
    AtomicInteger number = new AtomicInteger();
    endpoint.vendor = request -> answers.to(number.incrementAndGet(), request);
    return notifier.deliver(notification(kind));
  }

  /** A vendor of the same kind that has heard the first word, unless that is what is tried. */
  private Notifier before(FakeVendor vendor, NotificationKind kind) {
    Notifier notifier = notifier(vendor, endpoint.root(), TIMEOUT);
    if (kind != NotificationKind.TRIGGERED) {
      assertThat(
              deliver(
                  notifier, NotificationKind.TRIGGERED, (number, request) -> vendor.reply(request)))
          .isEqualTo(new Delivery.Delivered());
    }
    return notifier;
  }

  private static FakeVendor fresh(FakeVendor like) {
    return vendors()
        .filter(one -> one.toString().equals(like.toString()))
        .findFirst()
        .orElseThrow();
  }

  /** Numbers of the requests of which each is needed. */
  private List<Integer> requests(FakeVendor like, NotificationKind kind) {
    FakeVendor vendor = fresh(like);
    List<Integer> requests = new ArrayList<>();
    Delivery delivery =
        deliver(
            before(vendor, kind),
            kind,
            (number, request) -> {
              // What becomes of a request is asked after it was taken; see OpsgenieResultsTest.
              if (!request.path().contains("/requests/")) {
                requests.add(number);
              }
              return vendor.reply(request);
            });
    assertThat(delivery).isEqualTo(new Delivery.Delivered());
    return requests;
  }

  @ParameterizedTest
  @MethodSource("vendors")
  void whichever_request_of_whatever_kind_fails_is_said_and_made_good_by_the_next_attempt(
      FakeVendor like) {
    for (NotificationKind kind : NotificationKind.values()) {
      List<Integer> requests = requests(like, kind);
      assertThat(requests).as("%s", kind).isNotEmpty();
      for (int failing : requests) {
        for (int status : new int[] {400, 401, 404, 429, 500, 503}) {
          fail(like, kind, failing, status);
        }
      }
    }
  }

  private void fail(FakeVendor like, NotificationKind kind, int failing, int status) {
    FakeVendor vendor = fresh(like);
    Notifier notifier = before(vendor, kind);
    String what = "%s to request %d of %s".formatted(status, failing, kind);
    Reply bad =
        new Reply(
            status,
            "{\"message\":\"no " + FakeVendor.SECRET + "\"}",
            status == 429 ? Map.of("Retry-After", "7") : Map.of());
    Delivery delivery =
        deliver(
            notifier, kind, (number, request) -> number == failing ? bad : vendor.reply(request));
    assertThat(delivery.toString()).as(what).doesNotContain(FakeVendor.SECRET);
    if (status == 429) {
      assertThat(delivery)
          .as(what)
          .isInstanceOfSatisfying(
              Delivery.Retry.class,
              retry -> assertThat(retry.after()).isEqualTo(Duration.ofSeconds(7)));
    } else if (status >= 500) {
      assertThat(delivery).as(what).isInstanceOf(Delivery.Retry.class);
    } else if (status == 404
        && vendor instanceof FakeTicketVendors.Tickets
        && kind != NotificationKind.TRIGGERED) {
      // The ticket that was remembered may be gone, so it is looked for once more.
      assertThat(delivery).as(what).isInstanceOf(Delivery.Delivered.class);
    } else {
      assertThat(delivery).as(what).isInstanceOf(Delivery.Rejected.class);
    }
    assertThat(deliver(notifier, kind, (number, request) -> vendor.reply(request)))
        .as("the attempt after %s", what)
        .isEqualTo(new Delivery.Delivered());
    assertThat(vendor.complaints).as(what).isEmpty();
    // However often it was tried, there is one ticket, one alert, one message of it.
    assertThat(vendor.stands()).as(what).doesNotContain(",").doesNotStartWith("2 ");
  }

  @Test
  void a_redirect_is_not_followed() {
    endpoint.vendor =
        request ->
            new Reply(307, "", Map.of("Location", "http://169.254.169.254/latest/meta-data/"));
    assertThat(triggered(new FakeMessageVendors.Teams()))
        .isInstanceOfSatisfying(
            Delivery.Rejected.class, rejected -> assertThat(rejected.reason()).contains("307"));
  }
}
