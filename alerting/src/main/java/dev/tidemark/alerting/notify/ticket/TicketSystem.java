package dev.tidemark.alerting.notify.ticket;

import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.notify.http.UndeliveredException;
import java.util.Optional;

/** What a ticket system can do. Safe for use by several threads. */
public interface TicketSystem {
  /** Looks for the ticket of the notification's dedup key; the newest when there are several. */
  Optional<Ticket> find(Notification notification) throws UndeliveredException;

  /** Opens a ticket that {@link #find} will find. */
  Ticket create(Notification notification, TicketText text) throws UndeliveredException;

  /** Says something under it. */
  void comment(Ticket ticket, String text) throws UndeliveredException;

  /** Ends it; its end has been commented on already, unless {@link #closesWithComment}. */
  void close(Ticket ticket, String text) throws UndeliveredException;

  /** Opens it again. */
  void reopen(Ticket ticket) throws UndeliveredException;

  /** Whether the text of {@link #close} goes in together with the end. */
  boolean closesWithComment();

  /** Returns the request that would open it, as text without secrets. */
  String preview(Notification notification, TicketText text);
}
