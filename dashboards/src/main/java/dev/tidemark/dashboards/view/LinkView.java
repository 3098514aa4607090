package dev.tidemark.dashboards.view;

import org.jspecify.annotations.Nullable;

/**
 * What a link in a message leads to: a question with one button, or what came of it.
 *
 * @param title the question or the outcome
 * @param incident the incident's title
 * @param incidentId its id
 * @param message one sentence
 * @param action path that the button posts to; null when there is nothing to press
 * @param button what it says
 * @param datasets that a backfill is asked for; null when it is about something else
 * @param more where to go
 */
public record LinkView(
    String title,
    String incident,
    String incidentId,
    String message,
    @Nullable String action,
    String button,
    @Nullable String datasets,
    Link more) {}
