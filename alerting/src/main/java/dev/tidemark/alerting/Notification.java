package dev.tidemark.alerting;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one receiver is told, complete: sending it needs nothing else.
 *
 * @param id the outbox id; a receiver that sees it twice may drop the second
 * @param kind why
 * @param dedupKey the key by which the receiver recognises the incident
 * @param receiver the receiver's name
 * @param note one sentence: why now
 * @param at when it was decided
 * @param incident the incident at that time, without its timeline
 * @param incidentUrl its page
 * @param runbookUrl the runbook's page; null when there is none
 * @param runbookTitle the runbook's title; null when there is none
 */
public record Notification(
    String id,
    NotificationKind kind,
    String dedupKey,
    String receiver,
    String note,
    Instant at,
    Incident incident,
    String incidentUrl,
    @Nullable String runbookUrl,
    @Nullable String runbookTitle) {}
