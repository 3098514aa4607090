package dev.tidemark.dashboards.view;

/**
 * An objective in a list.
 *
 * @param slo its page
 * @param dataset what it is about
 * @param promise in words
 * @param target with window, such as {@code 99.5 % over 30 d}
 * @param measured the indicator now
 * @param budget what is left
 * @param burn fastest burn rate now
 * @param state such as healthy, burning, exhausted, unknown
 */
public record ObjectiveRow(
    Link slo,
    Link dataset,
    String promise,
    String target,
    String measured,
    Meter budget,
    Badge burn,
    Badge state) {}
