package dev.tidemark.alerting.notify.ticket;

/**
 * What a new ticket says.
 *
 * @param title one line
 * @param body several lines
 */
public record TicketText(String title, String body) {}
