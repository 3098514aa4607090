package dev.tidemark.alerting.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.alerting.Delivery;
import dev.tidemark.alerting.NotificationKind;
import dev.tidemark.alerting.Samples;
import dev.tidemark.alerting.route.Matcher;
import dev.tidemark.alerting.route.Receiver;
import dev.tidemark.alerting.route.Route;
import dev.tidemark.alerting.route.Routes;
import dev.tidemark.alerting.route.Secret;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When another Alertmanager may forget an alert. */
class AlertmanagerNotifierTest {
  /** An hour after what is said below was decided, because the receiver was away. */
  private static final Instant NOW = Samples.t(3660);

  private final FakeEndpoint endpoint = new FakeEndpoint();
  private final FakeMessageVendors.Alertmanager alertmanager =
      new FakeMessageVendors.Alertmanager();
  private final Notifiers notifiers = new Notifiers(line -> {}, Clock.fixed(NOW, ZoneOffset.UTC));

  @AfterEach
  void stop() {
    endpoint.close();
    notifiers.close();
  }

  private Delivery deliver(NotificationKind kind, List<String> urls, Duration repeat) {
    endpoint.vendor = alertmanager::reply;
    Receiver receiver =
        new Receiver(
            "r",
            new Receiver.Alertmanager(
                urls,
                Map.of("Authorization", Secret.of("Bearer " + FakeVendor.SECRET)),
                Duration.ofSeconds(10)),
            true);
    Route.Timing timing = new Route.Timing(Duration.ZERO, Duration.ZERO, repeat);
    Route child =
        new Route(List.of(Matcher.parse("severity=page")), List.of("r"), false, timing, List.of());
    Routes routes =
        new Routes(
            new Route(List.of(), List.of("other"), false, Route.Timing.DEFAULT, List.of(child)),
            Map.of("r", receiver));
    return Objects.requireNonNull(notifiers.of(routes).get("r"))
        .deliver(Samples.notification("id", kind, "r", "tidemark/INC-1", Samples.t(60)));
  }

  private void delivered(NotificationKind kind, Duration repeat) {
    assertThat(deliver(kind, List.of(endpoint.root()), repeat)).isEqualTo(new Delivery.Delivered());
  }

  private Instant endsAt(String severity) {
    JsonNode alert =
        alertmanager.alerts.values().stream()
            .filter(found -> found.at("/labels/severity").asText().equals(severity))
            .findFirst()
            .orElseThrow();
    return Instant.parse(alert.path("endsAt").asText());
  }

  @Test
  void what_fires_lasts_from_sending_until_a_quarter_after_the_routes_next_repeat() {
    delivered(NotificationKind.TRIGGERED, Duration.ofHours(8));
    assertThat(endsAt("page")).isEqualTo(NOW.plus(Duration.ofHours(10)));
    // A quarter of four minutes would be less than a quarter of an hour.
    delivered(NotificationKind.TRIGGERED, Duration.ofMinutes(4));
    assertThat(endsAt("page")).isEqualTo(NOW.plus(Duration.ofMinutes(19)));
  }

  @Test
  void what_is_over_ended_when_it_did() {
    delivered(NotificationKind.RESOLVED, Duration.ofHours(4));
    assertThat(endsAt("page")).isEqualTo(Samples.t(60));
  }

  @Test
  void what_became_a_page_ends_as_a_ticket() {
    delivered(NotificationKind.ESCALATED, Duration.ofHours(4));
    assertThat(endsAt("page")).isEqualTo(NOW.plus(Duration.ofHours(5)));
    assertThat(endsAt("ticket")).isEqualTo(Samples.t(60));
    assertThat(alertmanager.complaints).isEmpty();
  }

  @Test
  void one_member_of_the_cluster_is_enough_and_each_is_asked() {
    try (FakeEndpoint broken = new FakeEndpoint()) {
      broken.status = 503;
      assertThat(
              deliver(
                  NotificationKind.TRIGGERED,
                  List.of(broken.root(), endpoint.root()),
                  Duration.ofHours(4)))
          .isEqualTo(new Delivery.Delivered());
      assertThat(broken.body().isArray()).isTrue();
      assertThat(deliver(NotificationKind.TRIGGERED, List.of(broken.root()), Duration.ofHours(4)))
          .isInstanceOf(Delivery.Retry.class);
    }
  }
}
