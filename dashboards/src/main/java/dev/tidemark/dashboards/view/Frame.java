package dev.tidemark.dashboards.view;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What surrounds every page.
 *
 * @param now the moment for which the page is true, on the server's clock
 * @param notice a line across the page, such as that the demo's clock runs fast; null for none
 * @param user who is signed in; null when nobody or when nobody has to
 * @param openIncidents shown in the navigation
 * @param live whether the page keeps itself up to date over {@code /api/v1/stream}
 */
public record Frame(
    Instant now, @Nullable String notice, @Nullable String user, int openIncidents, boolean live) {}
