package dev.tidemark.alerting.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.alerting.Delivery;
import dev.tidemark.alerting.NotificationKind;
import dev.tidemark.alerting.Samples;
import dev.tidemark.alerting.notify.FakeEndpoint.Reply;
import dev.tidemark.alerting.notify.http.HttpSender;
import dev.tidemark.alerting.notify.opsgenie.OpsgenieNotifier;
import dev.tidemark.alerting.notify.text.Messages;
import dev.tidemark.alerting.route.Receiver;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Opsgenie says 202 before it has looked: what became of it is asked for, a few times. */
class OpsgenieResultsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int ASKED_AT_MOST = 4;
  private static final Delivery DELIVERED = new Delivery.Delivered();

  private final FakeEndpoint endpoint = new FakeEndpoint();
  private final HttpSender sender = new HttpSender();
  private final FakeMessageVendors.Opsgenie opsgenie = new FakeMessageVendors.Opsgenie();

  @AfterEach
  void stop() {
    endpoint.close();
    sender.close();
  }

  private Delivery deliver(NotificationKind kind) {
    Receiver.Opsgenie channel = (Receiver.Opsgenie) opsgenie.channel(endpoint.root(), TIMEOUT);
    return new OpsgenieNotifier(
            sender,
            new Messages(),
            new Receiver("r", channel, true),
            channel,
            Collections.nCopies(ASKED_AT_MOST, Duration.ZERO))
        .deliver(
            Samples.notification("INC-1/" + kind + "/r", kind, "r", "tidemark/1", Samples.t(60)));
  }

  private void vendor() {
    endpoint.vendor = opsgenie::reply;
  }

  @Test
  void what_was_processed_well_is_delivered_and_asked_for_no_more() {
    vendor();
    opsgenie.unprocessed.set(2);
    assertThat(deliver(NotificationKind.TRIGGERED)).isEqualTo(DELIVERED);
    assertThat(opsgenie.asked).hasValue(3);
    assertThat(opsgenie.complaints).isEmpty();
  }

  @Test
  void what_is_not_processed_in_time_counts_as_accepted() {
    vendor();
    opsgenie.unprocessed.set(100);
    assertThat(deliver(NotificationKind.TRIGGERED)).isEqualTo(DELIVERED);
    assertThat(opsgenie.asked).hasValue(ASKED_AT_MOST);
  }

  @ParameterizedTest
  @EnumSource(
      value = NotificationKind.class,
      names = {"TRIGGERED", "REPEATED", "ESCALATED"})
  void a_page_that_failed_afterwards_is_tried_again_with_the_reason(NotificationKind kind) {
    vendor();
    opsgenie.failure = "The integration is disabled " + FakeVendor.SECRET;
    assertThat(deliver(kind))
        .isInstanceOfSatisfying(
            Delivery.Retry.class,
            retry ->
                assertThat(retry.reason())
                    .startsWith(
                        "Opsgenie accepted the request and then failed to process it:"
                            + " The integration is disabled")
                    .doesNotContain(FakeVendor.SECRET));
    opsgenie.failure = null;
    assertThat(deliver(kind)).isEqualTo(DELIVERED);
  }

  @Test
  void news_of_an_alert_that_somebody_deleted_is_a_dead_letter_and_its_end_is_no_news() {
    vendor();
    assertThat(deliver(NotificationKind.TRIGGERED)).isEqualTo(DELIVERED);
    // The status text that Opsgenie's documentation shows.
    opsgenie.failure = "Alert does not exist";
    for (NotificationKind kind :
        new NotificationKind[] {NotificationKind.UPDATED, NotificationKind.ACKNOWLEDGED}) {
      assertThat(deliver(kind))
          .isInstanceOfSatisfying(
              Delivery.Rejected.class,
              rejected -> assertThat(rejected.reason()).endsWith(": Alert does not exist"));
    }
    assertThat(deliver(NotificationKind.RESOLVED)).isEqualTo(DELIVERED);
  }

  @Test
  void what_is_as_it_should_be_already_is_delivered() {
    vendor();
    assertThat(deliver(NotificationKind.TRIGGERED)).isEqualTo(DELIVERED);
    opsgenie.failure = "Alert is already acknowledged";
    assertThat(deliver(NotificationKind.ACKNOWLEDGED)).isEqualTo(DELIVERED);
    opsgenie.failure = "Alert is already closed";
    assertThat(deliver(NotificationKind.RESOLVED)).isEqualTo(DELIVERED);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 422, 429, 500, 503})
  void a_result_that_may_not_be_read_leaves_what_was_accepted_as_it_is(int status) {
    endpoint.vendor =
        request -> {
          Reply reply = opsgenie.reply(request);
          return request.method().equals("GET") ? new Reply(status, "no", Map.of()) : reply;
        };
    assertThat(deliver(NotificationKind.TRIGGERED)).isEqualTo(DELIVERED);
    assertThat(opsgenie.asked).as("not again").hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "<html>", "[]", "{\"data\": 7}", "{\"data\": {\"isSuccess\": \"no\"}}"})
  void a_result_that_is_garbage_too(String garbage) {
    endpoint.vendor =
        request -> {
          Reply reply = opsgenie.reply(request);
          return request.method().equals("GET") ? Reply.json(200, garbage) : reply;
        };
    assertThat(deliver(NotificationKind.TRIGGERED)).isEqualTo(DELIVERED);
    assertThat(opsgenie.asked).hasValue(1);
  }
}
