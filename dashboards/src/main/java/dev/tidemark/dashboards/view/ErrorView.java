package dev.tidemark.dashboards.view;

import org.jspecify.annotations.Nullable;

/**
 * When a page cannot be shown.
 *
 * @param status HTTP status
 * @param title such as {@code No such dataset}
 * @param message what is wrong, one sentence
 * @param wayOut what to do about it, one sentence
 * @param more where to go, or null
 */
public record ErrorView(
    int status, String title, String message, String wayOut, @Nullable Link more) {}
