package dev.tidemark.dashboards.view;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An incident in a list.
 *
 * @param incident its page; the text is the title
 * @param severity page or ticket
 * @param state open, acknowledged by whom, resolved
 * @param since since when the data is bad
 * @param openedAt when it was opened first
 * @param resolvedAt null while it is open
 * @param cause what is wrong at the root, one line
 * @param hurt who suffers, one line
 * @param runbook what to do; null when there is none
 */
public record IncidentRow(
    Link incident,
    Badge severity,
    Badge state,
    Instant since,
    Instant openedAt,
    @Nullable Instant resolvedAt,
    String cause,
    String hurt,
    @Nullable Link runbook) {}
