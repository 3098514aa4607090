package dev.tidemark.dashboards.view;

/**
 * A short state in a coloured frame.
 *
 * @param tone how it is meant
 * @param text one to three words, such as {@code burning}
 */
public record Badge(Tone tone, String text) {}
