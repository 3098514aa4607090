package dev.tidemark.alerting.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.alerting.Delivery;
import dev.tidemark.alerting.NotificationKind;
import dev.tidemark.alerting.Samples;
import dev.tidemark.alerting.notify.FakeEndpoint.Request;
import dev.tidemark.alerting.route.Receiver;
import dev.tidemark.alerting.route.Receiver.WebhookFormat;
import dev.tidemark.alerting.route.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WebhookNotifierTest {
  private final FakeEndpoint endpoint = new FakeEndpoint();
  private final Notifiers notifiers =
      new Notifiers(line -> {}, Clock.fixed(Samples.t(90), ZoneOffset.UTC));

  @AfterEach
  void stop() {
    endpoint.close();
    notifiers.close();
  }

  private Request sent(WebhookFormat format, NotificationKind kind) {
    Receiver.Webhook webhook =
        new Receiver.Webhook(
            Secret.of(endpoint.url()),
            Map.of(),
            format,
            Secret.of("k3y of the webhook"),
            Duration.ofSeconds(10));
    assertThat(
            notifiers
                .of(new Receiver("r", webhook, true))
                .deliver(Samples.notification("id", kind, "r", "tidemark/INC-1", Samples.t(60))))
        .isEqualTo(new Delivery.Delivered());
    return endpoint.request();
  }

  @Test
  void the_signature_covers_the_time_of_sending_and_every_byte_of_the_body()
      throws GeneralSecurityException {
    Request request = sent(WebhookFormat.TIDEMARK, NotificationKind.TRIGGERED);
    // 2026-03-01T12:01:30Z, as `date -u -d 2026-03-01T12:01:30Z +%s` says.
    String time = "1772366490";
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(
        new SecretKeySpec("k3y of the webhook".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    mac.update((time + ".").getBytes(StandardCharsets.UTF_8));
    String expected =
        HexFormat.of().formatHex(mac.doFinal(request.text().getBytes(StandardCharsets.UTF_8)));
    assertThat(request.header("x-tidemark-signature")).isEqualTo("t=" + time + ",v1=" + expected);
    assertThat(request.header("idempotency-key")).isEqualTo("id");
  }

  @Test
  void alertmanagers_payload_has_a_group_of_alerts_that_have_not_ended() {
    JsonNode body = sent(WebhookFormat.ALERTMANAGER, NotificationKind.TRIGGERED).json();
    assertThat(body.path("version").asText()).isEqualTo("4");
    assertThat(body.path("status").asText()).isEqualTo("firing");
    assertThat(body.path("groupKey").asText()).isEqualTo("tidemark/INC-1");
    assertThat(body.path("receiver").asText()).isEqualTo("r");
    assertThat(body.path("externalURL").asText()).isEqualTo("https://tidemark.example.org");
    assertThat(body.path("groupLabels").path("incident").asText()).isEqualTo("INC-20260301-AAAAA");
    assertThat(body.path("commonLabels").path("domain").asText()).isEqualTo("travel");
    JsonNode alert = body.path("alerts").path(0);
    assertThat(alert.path("status").asText()).isEqualTo("firing");
    assertThat(alert.at("/labels/alertname").asText()).isEqualTo("Freshness of flights");
    assertThat(alert.at("/labels/severity").asText()).isEqualTo("page");
    assertThat(alert.at("/annotations/cause").asText()).isEqualTo("connector cdc (guessed)");
    assertThat(alert.at("/annotations/runbook_url").asText()).contains("/runbooks/stale-dataset");
    // Alertmanager writes Go's zero time for what has not ended.
    assertThat(alert.path("endsAt").asText()).isEqualTo("0001-01-01T00:00:00Z");
  }

  @Test
  void alertmanagers_payload_says_when_it_ended() {
    JsonNode body = sent(WebhookFormat.ALERTMANAGER, NotificationKind.RESOLVED).json();
    assertThat(body.path("status").asText()).isEqualTo("resolved");
    assertThat(body.path("alerts").path(0).path("endsAt").asText())
        .isEqualTo("2026-03-01T12:01:00Z");
  }
}
