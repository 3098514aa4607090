package dev.tidemark.alerting.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.alerting.ActionLinks;
import dev.tidemark.alerting.AlertingJson;
import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.NotificationKind;
import dev.tidemark.alerting.OutboxEntry;
import dev.tidemark.alerting.Samples;
import dev.tidemark.alerting.route.Receiver;
import dev.tidemark.alerting.route.Secret;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ActionLinksTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final Secret URL = Secret.of("http://127.0.0.1:9/x");
  private static final ActionLinks LINKS =
      new ActionLinks(
          "https://t.example/a/ack.sig",
          "https://t.example/a/quiet.sig",
          "https://t.example/a/load.sig");

  private static Notification notification() {
    return Samples.notification(
        "INC-1/1/r/x", NotificationKind.TRIGGERED, "r", "tidemark/INC-1", Samples.t(60));
  }

  private static String preview(Receiver.Channel channel) {
    try (Notifiers notifiers =
        new Notifiers(line -> {}, Clock.systemUTC(), plain -> plain.with(LINKS))) {
      return notifiers.preview(new Receiver("r", channel, true), notification());
    }
  }

  static Stream<Receiver.Channel> people() {
    return Stream.of(
        new Receiver.Console(),
        new Receiver.Webhook(URL, Map.of(), TIMEOUT),
        new Receiver.PagerDuty(Secret.of("s3cr3t-0123456789"), "http://127.0.0.1:9/x", TIMEOUT),
        new Receiver.Slack(URL, TIMEOUT),
        new Receiver.SlackBot(Secret.of("s3cr3t-0123456789"), "C1", "http://127.0.0.1:9", TIMEOUT),
        new Receiver.Teams(URL, TIMEOUT),
        new Receiver.Opsgenie(
            Secret.of("s3cr3t-0123456789"), "http://127.0.0.1:9", List.of(), null, TIMEOUT),
        new Receiver.Email(
            "127.0.0.1",
            9,
            Receiver.Tls.NONE,
            null,
            null,
            "a@example.org",
            List.of("b@example.org"),
            TIMEOUT));
  }

  @ParameterizedTest
  @MethodSource("people")
  void messages_to_people_have_all_links(Receiver.Channel channel) {
    assertThat(preview(channel))
        .contains(
            "https://t.example/a/ack.sig",
            "https://t.example/a/quiet.sig",
            "https://t.example/a/load.sig");
  }

  @Test
  void a_ticket_that_everybody_reads_has_none() {
    assertThat(
            preview(
                new Receiver.Github(
                    "http://127.0.0.1:9",
                    "example/data",
                    Secret.of("s3cr3t-0123456789"),
                    List.of(),
                    List.of(),
                    TIMEOUT)))
        .contains("flights")
        .doesNotContain("t.example/a/");
  }

  @Test
  void an_outbox_entry_of_a_version_without_links_is_read() {
    OutboxEntry entry = OutboxEntry.of(notification());
    String json = AlertingJson.write(entry);
    assertThat(json).doesNotContain("\"links\"");
    assertThat(AlertingJson.read(json, OutboxEntry.class)).isEqualTo(entry);
  }
}
