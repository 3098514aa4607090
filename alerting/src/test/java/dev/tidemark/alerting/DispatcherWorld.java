package dev.tidemark.alerting;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** A dispatcher over an outbox in memory, and receivers that answer as the test says. */
abstract class DispatcherWorld {
  static final DispatcherSettings SETTINGS =
      new DispatcherSettings(
          Duration.ofSeconds(2), Duration.ofMinutes(5), Duration.ofHours(1), 3, 100);

  /** No other server leads. */
  static final BooleanSupplier ALWAYS = () -> true;

  final InMemoryOutbox outbox = new InMemoryOutbox();

  /** The ids of what receivers were asked to take, in that order. */
  final List<String> sent = Collections.synchronizedList(new ArrayList<>());

  private @Nullable Dispatcher running;

  @AfterEach
  void stop() {
    if (running != null) {
      running.close();
    }
  }

  Dispatcher dispatcher(Function<Notification, Delivery> answers) {
    return dispatcher(outbox, SETTINGS, answers);
  }

  Dispatcher dispatcher(Outbox over, Function<Notification, Delivery> answers) {
    return dispatcher(over, SETTINGS, answers);
  }

  Dispatcher dispatcher(
      Outbox over, DispatcherSettings settings, Function<Notification, Delivery> answers) {
    Notifier notifier =
        notification -> {
          sent.add(notification.id());
          return answers.apply(notification);
        };
    Dispatcher dispatcher =
        new Dispatcher(
            over,
            Map.of("pager", notifier, "slack", notifier, "mail", notifier, "console", notifier),
            settings,
            new Random(1));
    running = dispatcher;
    return dispatcher;
  }

  void put(String id, String receiver, String key, Instant at) {
    put(id, NotificationKind.TRIGGERED, receiver, key, at);
  }

  void put(String id, NotificationKind kind, String receiver, String key, Instant at) {
    outbox.enqueue(List.of(OutboxEntry.of(Samples.notification(id, kind, receiver, key, at))));
  }

  OutboxEntry entry(String id) {
    return outbox.find(id).orElseThrow();
  }
}
