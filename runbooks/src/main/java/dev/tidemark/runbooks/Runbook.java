package dev.tidemark.runbooks;

import java.time.LocalDate;
import java.time.Period;
import java.util.List;

/**
 * Steps for a known failure, as its owner wrote them. Immutable.
 *
 * @param id stable; part of the address {@code /runbooks/ID}
 * @param title for people
 * @param failureMode such as {@code F2}
 * @param owner the team that keeps it true
 * @param reviewed when the owner last read it whole
 * @param reviewEvery after how long it has to be read again
 * @param severity {@code page} or {@code ticket}: how its incidents usually arrive
 * @param slis the indicators it is for, such as {@code M2}
 * @param markdown the text without its front matter
 */
public record Runbook(
    String id,
    String title,
    String failureMode,
    String owner,
    LocalDate reviewed,
    Period reviewEvery,
    String severity,
    List<String> slis,
    String markdown) {

  /** Copies the list. */
  public Runbook {
    slis = List.copyOf(slis);
  }

  /** Returns the first day on which it counts as stale. */
  public LocalDate staleFrom() {
    return reviewed.plus(reviewEvery).plusDays(1);
  }

  /** Returns whether its review is overdue on {@code today}. */
  public boolean isStale(LocalDate today) {
    return !today.isBefore(staleFrom());
  }
}
