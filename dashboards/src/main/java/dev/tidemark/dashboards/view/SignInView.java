package dev.tidemark.dashboards.view;

import org.jspecify.annotations.Nullable;

/**
 * The form that asks for a token; it posts the fields {@code token}, {@code next} and {@code csrf}.
 *
 * @param action path the form posts to
 * @param next path to go to afterwards
 * @param problem why the last attempt failed, or null
 * @param csrfToken hidden field, or null
 */
public record SignInView(
    String action, String next, @Nullable String problem, @Nullable String csrfToken) {}
