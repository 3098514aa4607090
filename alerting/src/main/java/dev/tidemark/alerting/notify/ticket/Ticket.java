package dev.tidemark.alerting.notify.ticket;

/**
 * A ticket that is there.
 *
 * @param id by which the system is asked
 * @param open whether it is not done
 */
public record Ticket(String id, boolean open) {}
