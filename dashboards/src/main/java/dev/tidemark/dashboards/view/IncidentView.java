package dev.tidemark.dashboards.view;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One incident.
 *
 * @param id stable id
 * @param title one line
 * @param severity page or ticket
 * @param state open, acknowledged, resolved
 * @param since since when the data is bad
 * @param openedAt when it was opened first
 * @param reopenedAt when it came back last; null when it has not
 * @param resolvedAt or null
 * @param duration so far or in all
 * @param acknowledgedBy who, or null
 * @param acknowledgedAt when, or null
 * @param owner who is responsible, may be empty
 * @param cause at the root
 * @param affected objectives
 * @param blast datasets and consumers that are hurt, nearest first
 * @param timeline oldest first
 * @param notifications sent or not
 * @param runbook or null
 * @param runbookHtml its text with this incident's facts, or null
 * @param steps of the runbook, or null when it has none
 * @param canAcknowledge whether the form is shown
 * @param actions what else can be done about it; null when it is over
 * @param csrfToken hidden field of the form, or null when none is needed
 */
public record IncidentView(
    String id,
    String title,
    Badge severity,
    Badge state,
    Instant since,
    Instant openedAt,
    @Nullable Instant reopenedAt,
    @Nullable Instant resolvedAt,
    String duration,
    @Nullable String acknowledgedBy,
    @Nullable Instant acknowledgedAt,
    String owner,
    Cause cause,
    List<Affected> affected,
    List<LineageNode> blast,
    List<Event> timeline,
    List<Delivery> notifications,
    @Nullable Link runbook,
    @Nullable SafeHtml runbookHtml,
    @Nullable StepsView steps,
    boolean canAcknowledge,
    @Nullable Actions actions,
    @Nullable String csrfToken) {

  /** Returns the path the acknowledge form posts to. */
  public String acknowledgePath() {
    return path() + "/acknowledge";
  }

  /** Returns the path the resolve form posts to. */
  public String resolvePath() {
    return path() + "/resolve";
  }

  /** Returns the path the silence form posts to. */
  public String silencePath() {
    return path() + "/silence";
  }

  /** Returns the path the backfill form posts to. */
  public String backfillPath() {
    return path() + "/backfill";
  }

  /** Returns the path the form that moves alerts out posts to. */
  public String splitPath() {
    return path() + "/split";
  }

  /** Returns the path the merge form posts to. */
  public String mergePath() {
    return path() + "/merge";
  }

  /** Returns the path of the postmortem. */
  public String postmortemPath() {
    return path() + "/postmortem";
  }

  private String path() {
    return "/incidents/" + Link.segment(id);
  }

  /**
   * What an open incident's forms offer.
   *
   * @param firing names of the datasets that a silence covers, as one text
   * @param downstream the same with everything that the cause can reach; null when that is no more
   * @param datasets that a backfill can be declared for, the lead's first
   * @param ends proposed end of a backfill, such as {@code 2026-03-01T12:00}, UTC
   * @param regrouping what can be moved, and where to
   */
  public record Actions(
      String firing,
      @Nullable String downstream,
      List<String> datasets,
      String ends,
      Regrouping regrouping) {}

  /**
   * What can be put into another incident.
   *
   * @param alerts that fire; empty when none can be moved
   * @param others open incidents, the newest first; may be empty
   * @param more whether there are more of either than are offered
   */
  public record Regrouping(List<Choice> alerts, List<Choice> others, boolean more) {}

  /**
   * Something to choose.
   *
   * @param value what the form sends
   * @param text what people read
   */
  public record Choice(String value, String text) {}

  /**
   * What is wrong at the root.
   *
   * @param text one sentence
   * @param node where in the lineage, or null
   * @param certain whether the evidence proves it; otherwise it is a guess and says so
   * @param evidence what speaks for it, one fact each
   */
  public record Cause(String text, @Nullable Link node, boolean certain, List<String> evidence) {}

  /**
   * An objective that burns because of it.
   *
   * @param slo its page
   * @param dataset what it is about
   * @param since when its alert began
   * @param burn rate now
   * @param budget what is left
   * @param state firing or resolved
   * @param ledger the budget as known when told and as known now, or null when nothing promises it
   *     any more
   */
  public record Affected(
      Link slo,
      Link dataset,
      Instant since,
      Badge burn,
      Meter budget,
      Badge state,
      @Nullable String ledger) {}

  /**
   * Something that happened.
   *
   * @param at when
   * @param what such as {@code opened}, {@code alert joined}, {@code acknowledged}
   * @param text one sentence
   * @param tone for the mark on the line
   */
  public record Event(Instant at, String what, String text, Tone tone) {}

  /**
   * A notification.
   *
   * @param at when it was decided
   * @param receiver such as {@code platform-oncall (pagerduty)}
   * @param kind such as {@code page}, {@code resolve}
   * @param state delivered, waiting, dead
   * @param detail such as {@code after 3 attempts: HTTP 503}, may be empty
   */
  public record Delivery(Instant at, String receiver, String kind, Badge state, String detail) {}
}
