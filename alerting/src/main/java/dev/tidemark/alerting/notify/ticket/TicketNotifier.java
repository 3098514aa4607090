package dev.tidemark.alerting.notify.ticket;

import dev.tidemark.alerting.Delivery;
import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.NotificationKind;
import dev.tidemark.alerting.PreviewedNotifier;
import dev.tidemark.alerting.notify.http.Recent;
import dev.tidemark.alerting.notify.http.UndeliveredException;
import dev.tidemark.alerting.notify.text.Messages;
import dev.tidemark.alerting.notify.text.NotificationText;
import dev.tidemark.alerting.notify.text.Wording;
import dev.tidemark.alerting.route.Receiver;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one ticket per incident: opened once, commented on, closed. Before anything is opened the
 * system is asked for a ticket with the incident's dedup key, so that a restart or a lost answer
 * opens no second one. A ticket that a person has closed is commented on but not opened again,
 * until the incident itself has ended and come back. A comment whose answer was lost is made twice.
 */
public final class TicketNotifier implements PreviewedNotifier {
  private final TicketSystem system;
  private final Messages messages;
  private final Wording wording;
  private final Recent<Known> recent = new Recent<>();

  /**
   * What is known of a ticket.
   *
   * @param commented id of the notification that it was commented on for last; null when none was
   */
  private record Known(Ticket ticket, @Nullable String commented) {}

  /** Keeps the tickets of one receiver. */
  public TicketNotifier(TicketSystem system, Messages messages, Receiver receiver) {
    this.system = system;
    this.messages = messages;
    this.wording = new Wording(receiver.templates());
  }

  @Override
  public Delivery deliver(Notification notification) {
    try {
      tell(notification);
      return new Delivery.Delivered();
    } catch (UndeliveredException e) {
      // What was remembered may be what is wrong, such as a ticket that was deleted.
      if (e.status() == 404 || e.status() == 410) {
        return again(notification, e);
      }
      return e.delivery();
    }
  }

  private Delivery again(Notification notification, UndeliveredException first) {
    if (recent.get(notification.dedupKey()) == null) {
      return first.delivery();
    }
    recent.forget(notification.dedupKey());
    try {
      tell(notification);
      return new Delivery.Delivered();
    } catch (UndeliveredException e) {
      return e.delivery();
    }
  }

  private void tell(Notification notification) throws UndeliveredException {
    Known known = known(notification);
    boolean over = notification.kind() == NotificationKind.RESOLVED;
    if (known == null) {
      if (!over) {
        Ticket ticket = system.create(notification, text(notification));
        remember(notification, new Known(ticket, notification.id()));
      }
    } else if (over) {
      close(notification, known);
    } else {
      carryOn(notification, known);
    }
  }

  private void close(Notification notification, Known known) throws UndeliveredException {
    if (!known.ticket().open()) {
      return;
    }
    Known commented = system.closesWithComment() ? known : comment(notification, known);
    system.close(known.ticket(), news(notification));
    remember(
        notification, new Known(new Ticket(known.ticket().id(), false), commented.commented()));
  }

  private void carryOn(Notification notification, Known known) throws UndeliveredException {
    Known current = known;
    boolean first = notification.kind() == NotificationKind.TRIGGERED;
    if (!current.ticket().open() && (first || notification.kind() == NotificationKind.ESCALATED)) {
      Known commented = comment(notification, current);
      system.reopen(current.ticket());
      remember(
          notification, new Known(new Ticket(current.ticket().id(), true), commented.commented()));
      return;
    }
    // Opened already, and the answer was lost: there is nothing new to say.
    if (!first) {
      current = comment(notification, current);
    }
    remember(notification, current);
  }

  /** Not twice by this process, when what follows the comment fails and is tried again. */
  private Known comment(Notification notification, Known known) throws UndeliveredException {
    if (notification.id().equals(known.commented())) {
      return known;
    }
    system.comment(known.ticket(), news(notification));
    Known commented = new Known(known.ticket(), notification.id());
    remember(notification, commented);
    return commented;
  }

  /** A person may have closed it since, so the system is asked even when the ticket is known. */
  private @Nullable Known known(Notification notification) throws UndeliveredException {
    Known remembered = recent.get(notification.dedupKey());
    Optional<Ticket> found = system.find(notification);
    if (found.isPresent()) {
      return new Known(found.get(), remembered == null ? null : remembered.commented());
    }
    // A search may lag behind what was opened a moment ago.
    return remembered;
  }

  private void remember(Notification notification, Known known) {
    recent.put(notification.dedupKey(), known);
  }

  @Override
  public String preview(Notification notification) {
    return system.preview(notification, text(notification));
  }

  private TicketText text(Notification notification) {
    return new TicketText(
        wording.title(notification),
        Objects.requireNonNullElseGet(
                wording.body(notification), () -> messages.text(NotificationText.of(notification)))
            .strip());
  }

  private String news(Notification notification) {
    return wording.title(notification)
        + ": "
        + notification.note()
        + "\n\n"
        + notification.incidentUrl();
  }
}
