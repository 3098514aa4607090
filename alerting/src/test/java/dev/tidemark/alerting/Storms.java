package dev.tidemark.alerting;

import static dev.tidemark.alerting.Samples.alert;
import static dev.tidemark.alerting.Samples.t;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.alerting.notify.Notifiers;
import dev.tidemark.alerting.route.Receiver;
import dev.tidemark.alerting.route.Route;
import dev.tidemark.alerting.route.Routes;
import dev.tidemark.alerting.route.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A hundred causes at once, and what is said of them. Pure functions. */
final class Storms {
  static final Route.Timing TIMING =
      new Route.Timing(Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofHours(4));
  static final IncidentSettings SETTINGS =
      new IncidentSettings(Duration.ofMinutes(2), Duration.ofMinutes(30));
  static final Receiver.Webhook WEBHOOK =
      new Receiver.Webhook(Secret.of("https://hooks.example.org"), Map.of(), Duration.ofSeconds(5));

  private Storms() {}

  static Routes to(Receiver receiver) {
    return new Routes(
        new Route(List.of(), List.of(receiver.name()), false, TIMING, List.of()),
        Map.of(receiver.name(), receiver));
  }

  static Alert[] alerts(int from, int to, long seconds) {
    return IntStream.range(from, to)
        .mapToObj(number -> alert("set" + number, t(seconds)))
        .toArray(Alert[]::new);
  }

  static Alert[] over(long seconds, Alert... alerts) {
    return List.of(alerts).stream()
        .map(alert -> alert.resolvedAt(t(seconds)))
        .toArray(Alert[]::new);
  }

  static World world() {
    return new World(SETTINGS, Routes.console(TIMING));
  }

  static List<Notification> sent(World world) {
    return world.outbox.all().stream().map(OutboxEntry::notification).toList();
  }

  static long count(World world, String said) {
    return world.said().stream().filter(said::equals).count();
  }

  static Notification digest(World world, NotificationKind kind) {
    List<Notification> found =
        sent(world).stream().filter(one -> one.digest() != null && one.kind() == kind).toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  /** The datasets whose first word is in the messages, each as often as it is. */
  static List<String> toldOf(World world) {
    return sent(world).stream()
        .filter(one -> one.kind() == NotificationKind.TRIGGERED)
        .flatMap(one -> one.about().stream())
        .flatMap(part -> part.incident().alerts().stream())
        .map(Alert::dataset)
        .toList();
  }

  static List<String> sets(int from, int to) {
    return IntStream.range(from, to).mapToObj(number -> "set" + number).toList();
  }

  static String preview(Receiver receiver, Notification notification) {
    try (Notifiers notifiers = new Notifiers(line -> {})) {
      return notifiers.preview(receiver, notification);
    }
  }
}
