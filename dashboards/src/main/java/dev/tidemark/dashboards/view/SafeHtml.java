package dev.tidemark.dashboards.view;

/**
 * HTML that was made by a renderer that escapes; it goes into a page as it is. Never wrap text from
 * outside in it.
 *
 * @param html well-formed body content
 */
public record SafeHtml(String html) {}
