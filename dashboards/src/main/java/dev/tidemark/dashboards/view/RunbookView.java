package dev.tidemark.dashboards.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One runbook.
 *
 * @param id stable id
 * @param title such as {@code Stale dataset}
 * @param failureMode in words, such as {@code data is older than promised}
 * @param severity such as {@code page}
 * @param owner team
 * @param reviewed date such as {@code 2026-11-01}
 * @param reviewEvery such as {@code 90 days}
 * @param stale whether the review is overdue
 * @param slis indicators it is for, in words
 * @param body rendered text
 * @param incident the one whose facts are filled in, or null
 * @param steps what that incident has of it; null without one, or when there are none
 * @param others the other runbooks
 */
public record RunbookView(
    String id,
    String title,
    String failureMode,
    String severity,
    String owner,
    String reviewed,
    String reviewEvery,
    boolean stale,
    List<String> slis,
    SafeHtml body,
    @Nullable Link incident,
    @Nullable StepsView steps,
    List<Link> others) {}
