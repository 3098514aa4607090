package dev.tidemark.alerting.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.alerting.Delivery;
import dev.tidemark.alerting.NotificationKind;
import dev.tidemark.alerting.Samples;
import dev.tidemark.alerting.notify.FakeEndpoint.Reply;
import dev.tidemark.alerting.route.Receiver;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Opened once, whatever happens in between. */
class TicketNotifierTest {
  private final FakeEndpoint endpoint = new FakeEndpoint();
  private Notifiers notifiers = new Notifiers(line -> {});

  static Stream<FakeTicketVendors.Tickets> vendors() {
    return Stream.of(
        new FakeTicketVendors.Jira(true),
        new FakeTicketVendors.Jira(false),
        new FakeTicketVendors.Github(),
        new FakeTicketVendors.ServiceNow());
  }

  @AfterEach
  void stop() {
    endpoint.close();
    notifiers.close();
  }

  /** Forgets everything, as a new process has. */
  private Delivery afterRestart(FakeVendor vendor, String key, NotificationKind kind) {
    notifiers.close();
    notifiers = new Notifiers(line -> {});
    return notifiers
        .of(new Receiver("r", vendor.channel(endpoint.root(), Duration.ofSeconds(10)), true))
        .deliver(Samples.notification(key + kind, kind, "r", key, Samples.t(60)));
  }

  private void assertDelivered(FakeVendor vendor, NotificationKind... kinds) {
    for (NotificationKind kind : kinds) {
      assertThat(afterRestart(vendor, "tidemark/INC-1", kind))
          .as("%s", kind)
          .isEqualTo(new Delivery.Delivered());
    }
    assertThat(vendor.complaints).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("vendors")
  void a_restart_between_all_steps_keeps_one_ticket(FakeTicketVendors.Tickets vendor) {
    endpoint.vendor = vendor::reply;
    assertDelivered(
        vendor, NotificationKind.TRIGGERED, NotificationKind.UPDATED, NotificationKind.RESOLVED);
    assertThat(vendor.stands()).isEqualTo("closed with 2");
  }

  @ParameterizedTest
  @MethodSource("vendors")
  void a_lost_answer_opens_no_second_ticket(FakeTicketVendors.Tickets vendor) {
    endpoint.vendor =
        request -> {
          int before = vendor.tickets.size();
          Reply reply = vendor.reply(request);
          // The ticket is there, and the answer does not arrive.
          return vendor.tickets.size() > before ? new Reply(502, "", Map.of()) : reply;
        };
    assertThat(afterRestart(vendor, "tidemark/INC-1", NotificationKind.TRIGGERED))
        .isInstanceOf(Delivery.Retry.class);
    assertDelivered(vendor, NotificationKind.TRIGGERED);
    assertThat(vendor.stands()).isEqualTo("open with 0");
  }

  @ParameterizedTest
  @MethodSource("vendors")
  void each_incident_has_its_own_ticket(FakeTicketVendors.Tickets vendor) {
    endpoint.vendor = vendor::reply;
    for (String key : new String[] {"tidemark/INC-1", "tidemark/INC-12", "tidemark/INC-2"}) {
      assertThat(afterRestart(vendor, key, NotificationKind.TRIGGERED))
          .isEqualTo(new Delivery.Delivered());
    }
    assertThat(afterRestart(vendor, "tidemark/INC-12", NotificationKind.RESOLVED))
        .isEqualTo(new Delivery.Delivered());
    assertThat(vendor.stands()).isEqualTo("open with 0, closed with 1, open with 0");
  }

  @ParameterizedTest
  @MethodSource("vendors")
  void a_ticket_that_a_person_closed_is_commented_on_and_stays_closed(
      FakeTicketVendors.Tickets vendor) {
    endpoint.vendor = vendor::reply;
    assertDelivered(vendor, NotificationKind.TRIGGERED);
    vendor.tickets.get(0).open = false;
    assertDelivered(vendor, NotificationKind.REPEATED, NotificationKind.RESOLVED);
    assertThat(vendor.stands()).isEqualTo("closed with 1");
  }

  @ParameterizedTest
  @MethodSource("vendors")
  void an_incident_that_comes_back_opens_its_ticket_again(FakeTicketVendors.Tickets vendor) {
    endpoint.vendor = vendor::reply;
    assertDelivered(
        vendor, NotificationKind.TRIGGERED, NotificationKind.RESOLVED, NotificationKind.TRIGGERED);
    assertThat(vendor.stands()).isEqualTo("open with 2");
  }

  @ParameterizedTest
  @MethodSource("vendors")
  void the_end_of_what_was_never_opened_opens_nothing(FakeTicketVendors.Tickets vendor) {
    endpoint.vendor = vendor::reply;
    assertDelivered(vendor, NotificationKind.RESOLVED);
    assertThat(vendor.stands()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("vendors")
  void what_fails_after_the_comment_does_not_comment_again(FakeTicketVendors.Tickets vendor) {
    Predicate<FakeEndpoint.Request> closing =
        request -> request.text().contains("state") || request.text().contains("\"transition\"");
    endpoint.vendor =
        request -> closing.test(request) ? new Reply(503, "", Map.of()) : vendor.reply(request);
    var notifier =
        notifiers.of(
            new Receiver("r", vendor.channel(endpoint.root(), Duration.ofSeconds(10)), true));
    assertThat(notifier.deliver(notification(NotificationKind.TRIGGERED)))
        .isEqualTo(new Delivery.Delivered());
    for (int attempt = 0; attempt < 3; attempt++) {
      assertThat(notifier.deliver(notification(NotificationKind.RESOLVED)))
          .isInstanceOf(Delivery.Retry.class);
    }
    endpoint.vendor = vendor::reply;
    assertThat(notifier.deliver(notification(NotificationKind.RESOLVED)))
        .isEqualTo(new Delivery.Delivered());
    assertThat(vendor.stands()).isEqualTo("closed with 1");
  }

  private static dev.tidemark.alerting.Notification notification(NotificationKind kind) {
    return Samples.notification("id-" + kind, kind, "r", "tidemark/INC-1", Samples.t(60));
  }

  @Test
  void a_search_that_lags_opens_no_second_ticket_while_the_process_lives() {
    FakeTicketVendors.Jira jira = new FakeTicketVendors.Jira(true);
    endpoint.vendor =
        request ->
            request.path().contains("/search/jql")
                ? Reply.json(200, "{\"issues\":[]}")
                : jira.reply(request);
    var notifier =
        notifiers.of(
            new Receiver("r", jira.channel(endpoint.root(), Duration.ofSeconds(10)), true));
    assertThat(notifier.deliver(notification(NotificationKind.TRIGGERED)))
        .isEqualTo(new Delivery.Delivered());
    assertThat(notifier.deliver(notification(NotificationKind.ESCALATED)))
        .isEqualTo(new Delivery.Delivered());
    assertThat(jira.stands()).isEqualTo("open with 1");
  }

  @Test
  void a_jira_workflow_without_a_way_to_done_is_a_dead_letter_that_names_the_ways() {
    FakeTicketVendors.Jira jira = new FakeTicketVendors.Jira(true);
    endpoint.vendor =
        request ->
            request.path().endsWith("/transitions")
                ? Reply.json(
                    200,
                    "{\"transitions\":[{\"id\":\"5\",\"name\":\"Review\","
                        + "\"to\":{\"statusCategory\":{\"key\":\"indeterminate\"}}}]}")
                : jira.reply(request);
    assertDelivered(jira, NotificationKind.TRIGGERED);
    assertThat(afterRestart(jira, "tidemark/INC-1", NotificationKind.RESOLVED))
        .isInstanceOfSatisfying(
            Delivery.Rejected.class,
            rejected ->
                assertThat(rejected.reason()).contains("DATA-1", "Review", "closeTransition"));
  }

  @Test
  void githubs_rate_limit_is_tried_again_when_it_is_over_and_a_refusal_is_not() {
    FakeTicketVendors.Github github = new FakeTicketVendors.Github();
    // https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
    endpoint.vendor =
        request ->
            new Reply(
                403,
                "{\"message\":\"API rate limit exceeded\"}",
                Map.of("x-ratelimit-remaining", "0", "x-ratelimit-reset", "4102444800"));
    assertThat(afterRestart(github, "tidemark/INC-1", NotificationKind.TRIGGERED))
        .isInstanceOfSatisfying(
            Delivery.Retry.class,
            retry ->
                assertThat(Objects.requireNonNull(retry.after()))
                    .isGreaterThan(Duration.ofDays(1)));
    endpoint.vendor =
        request ->
            new Reply(
                403,
                "{\"message\":\"Resource not accessible\"}",
                Map.of("x-ratelimit-remaining", "4999"));
    assertThat(afterRestart(github, "tidemark/INC-1", NotificationKind.TRIGGERED))
        .isInstanceOf(Delivery.Rejected.class);
  }
}
