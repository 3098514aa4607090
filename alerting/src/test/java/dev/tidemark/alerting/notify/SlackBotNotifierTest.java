package dev.tidemark.alerting.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.alerting.Delivery;
import dev.tidemark.alerting.NotificationKind;
import dev.tidemark.alerting.Samples;
import dev.tidemark.alerting.notify.FakeEndpoint.Reply;
import dev.tidemark.alerting.route.Receiver;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One message per incident, updated, with the news in its thread. */
class SlackBotNotifierTest {
  private final FakeEndpoint endpoint = new FakeEndpoint();
  private final FakeMessageVendors.SlackBot slack = new FakeMessageVendors.SlackBot();
  private Notifiers notifiers = new Notifiers(line -> {});

  @AfterEach
  void stop() {
    endpoint.close();
    notifiers.close();
  }

  private Delivery afterRestart(String key, NotificationKind kind) {
    notifiers.close();
    notifiers = new Notifiers(line -> {});
    return notifiers
        .of(new Receiver("r", slack.channel(endpoint.root(), Duration.ofSeconds(10)), true))
        .deliver(Samples.notification(key + kind, kind, "r", key, Samples.t(60)));
  }

  private List<ObjectNode> replies() {
    return slack.messages.values().stream().filter(message -> message.has("thread_ts")).toList();
  }

  @Test
  void the_message_is_found_after_a_restart_on_a_later_page_of_the_history() {
    endpoint.vendor = slack::reply;
    for (String key : new String[] {"tidemark/INC-1", "tidemark/INC-2", "tidemark/INC-3"}) {
      assertThat(afterRestart(key, NotificationKind.TRIGGERED)).isEqualTo(new Delivery.Delivered());
    }
    assertThat(afterRestart("tidemark/INC-1", NotificationKind.RESOLVED))
        .isEqualTo(new Delivery.Delivered());
    assertThat(slack.complaints).isEmpty();
    assertThat(slack.stands()).isEqualTo("3 message [RESOLVED]");
    assertThat(replies())
        .singleElement()
        .satisfies(
            reply -> {
              assertThat(reply.path("thread_ts").asText()).isEqualTo("1772366400.000100");
              assertThat(reply.path("text").asText()).startsWith("*[RESOLVED] flights");
              assertThat(reply.has("reply_broadcast")).isFalse();
            });
  }

  @Test
  void a_lost_answer_posts_no_second_message_and_says_nothing_twice() {
    endpoint.vendor =
        request -> {
          Reply reply = slack.reply(request);
          return request.path().endsWith("chat.postMessage") ? new Reply(502, "", Map.of()) : reply;
        };
    assertThat(afterRestart("tidemark/INC-1", NotificationKind.TRIGGERED))
        .isInstanceOf(Delivery.Retry.class);
    endpoint.vendor = slack::reply;
    assertThat(afterRestart("tidemark/INC-1", NotificationKind.TRIGGERED))
        .isEqualTo(new Delivery.Delivered());
    assertThat(slack.messages).hasSize(1);
  }

  @Test
  void a_rise_to_a_page_is_shown_in_the_channel_too() {
    endpoint.vendor = slack::reply;
    assertThat(afterRestart("tidemark/INC-1", NotificationKind.TRIGGERED))
        .isEqualTo(new Delivery.Delivered());
    assertThat(afterRestart("tidemark/INC-1", NotificationKind.ESCALATED))
        .isEqualTo(new Delivery.Delivered());
    assertThat(replies())
        .singleElement()
        .satisfies(reply -> assertThat(reply.path("reply_broadcast").asBoolean()).isTrue());
  }

  @Test
  void a_message_that_somebody_deleted_is_posted_anew() {
    endpoint.vendor = slack::reply;
    var notifier =
        notifiers.of(
            new Receiver("r", slack.channel(endpoint.root(), Duration.ofSeconds(10)), true));
    for (NotificationKind kind :
        new NotificationKind[] {NotificationKind.TRIGGERED, NotificationKind.UPDATED}) {
      slack.messages.clear();
      assertThat(
              notifier.deliver(
                  Samples.notification("id-" + kind, kind, "r", "tidemark/INC-1", Samples.t(60))))
          .isEqualTo(new Delivery.Delivered());
    }
    assertThat(slack.stands()).isEqualTo("1 message [UPDATE]");
  }

  @ParameterizedTest
  @CsvSource({
    // https://docs.slack.dev/reference/methods/chat.postMessage#errors
    "not_in_channel, Rejected, invite the app",
    "channel_not_found, Rejected, invite the app",
    "invalid_auth, Rejected, check the token",
    "missing_scope, Rejected, channels:history",
    "is_archived, Rejected, is_archived",
    "internal_error, Retry, internal_error",
    "fatal_error, Retry, fatal_error",
    "ratelimited, Retry, ratelimited"
  })
  void an_error_in_a_200_is_a_dead_letter_unless_it_passes(
      String error, String meaning, String reason) {
    endpoint.vendor = request -> Reply.json(200, "{\"ok\":false,\"error\":\"" + error + "\"}");
    Delivery delivery = afterRestart("tidemark/INC-1", NotificationKind.TRIGGERED);
    assertThat(delivery.getClass().getSimpleName()).isEqualTo(meaning);
    assertThat(delivery.toString()).contains(reason);
  }
}
