package dev.tidemark.dashboards.view;

/**
 * A judged piece of time in a row of such.
 *
 * @param tone good, bad, unknown; neutral for excluded
 * @param restated whether late signals changed the verdict
 * @param label what a person reads when pointing at it, such as {@code 08:00–08:05 UTC: bad}
 */
public record Slice(Tone tone, boolean restated, String label) {}
