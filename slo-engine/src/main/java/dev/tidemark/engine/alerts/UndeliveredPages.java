package dev.tidemark.engine.alerts;

import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.NotificationKind;
import dev.tidemark.alerting.Outbox;
import dev.tidemark.alerting.OutboxEntry;
import dev.tidemark.alerting.Severity;
import dev.tidemark.alerting.route.Receiver;
import dev.tidemark.alerting.route.Routes;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Pages that have reached nobody: on their way to a receiver, and not taken by the one that stands
 * in for it. Word that something is over, or that a ticket waits, is no page. Thread-safe; blocks.
 */
public final class UndeliveredPages {
  private static final Set<NotificationKind> CALLS =
      EnumSet.of(NotificationKind.TRIGGERED, NotificationKind.ESCALATED, NotificationKind.REPEATED);

  /** Of one receiver; the oldest come first, so that more tell nothing else. */
  private static final int LOOKED_AT = 1_000;

  private final Outbox outbox;
  private final Supplier<Routes> routes;

  /** Looks into this outbox. */
  public UndeliveredPages(Outbox outbox, Supplier<Routes> routes) {
    this.outbox = outbox;
    this.routes = routes;
  }

  /** Returns when the oldest of them was decided, in engine time. */
  public Optional<Instant> oldest() {
    Routes now = routes.get();
    return now.receivers().keySet().stream()
        .flatMap(receiver -> outbox.pendingOf(receiver, LOOKED_AT).stream())
        .filter(UndeliveredPages::page)
        .filter(entry -> !stoodIn(entry, now))
        .map(OutboxEntry::createdAt)
        .min(Comparator.naturalOrder());
  }

  private static boolean page(OutboxEntry entry) {
    Notification notification = entry.notification();
    return notification.incident().severity() == Severity.PAGE
        && CALLS.contains(notification.kind());
  }

  private boolean stoodIn(OutboxEntry entry, Routes now) {
    Receiver.Fallback fallback = now.fallbacks().get(entry.notification().receiver());
    return fallback != null
        && outbox
            .find(entry.id() + OutboxEntry.IN_PLACE + fallback.receiver())
            .filter(copy -> copy.state() == OutboxEntry.State.DELIVERED)
            .isPresent();
  }
}
