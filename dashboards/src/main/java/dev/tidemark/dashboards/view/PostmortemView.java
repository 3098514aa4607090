package dev.tidemark.dashboards.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an incident for the talk after it; what only people know is left open. All texts
 * are as they are shown, times in UTC.
 *
 * @param id the incident's id
 * @param title the incident's title
 * @param state such as {@code resolved}
 * @param severity page or ticket
 * @param owner who is responsible, may be empty
 * @param cause at the root, one sentence
 * @param evidence what speaks for it, one fact each
 * @param measures how long each part of the last episode took
 * @param episodes one for each time that it came and went, oldest first
 * @param datasets that were affected
 * @param consumers that were affected
 * @param timeline oldest first
 * @param notifications oldest first
 * @param runbook or null
 * @param steps of the runbook, and which of them were done
 * @param actions that were decided on
 */
public record PostmortemView(
    String id,
    String title,
    Badge state,
    Badge severity,
    String owner,
    String cause,
    List<String> evidence,
    List<Measure> measures,
    List<Episode> episodes,
    List<Link> datasets,
    List<String> consumers,
    List<Event> timeline,
    List<Delivery> notifications,
    @Nullable Link runbook,
    List<StepsView.Step> steps,
    List<Action> actions) {

  /** Returns the path of the incident's page. */
  public String incidentPath() {
    return "/incidents/" + Link.segment(id);
  }

  /** Returns the path of this as Markdown. */
  public String markdownPath() {
    return incidentPath() + "/postmortem.md";
  }

  /**
   * How long something took.
   *
   * @param name such as {@code Time to detect}
   * @param value such as {@code 4 min}, or why there is none
   * @param meaning from when to when
   */
  public record Measure(String name, String value, String meaning) {}

  /**
   * One time that the incident came and went.
   *
   * @param opened when it was opened or came back
   * @param detected how long after the data went bad that was
   * @param acknowledged how long after that somebody took it, and who
   * @param recovered how long after the data went bad nothing fired any more
   * @param over when it was over
   */
  public record Episode(
      String opened, String detected, String acknowledged, String recovered, String over) {}

  /**
   * Something that happened.
   *
   * @param at when
   * @param what in a word
   * @param text one sentence
   */
  public record Event(String at, String what, String text) {}

  /** Returns the path that the form for actions posts to. */
  public String actionsPath() {
    return incidentPath() + "/actions";
  }

  /**
   * Something to be done after it.
   *
   * @param path that the form for changes posts to
   * @param text what
   * @param owner by whom
   * @param due until when, may be empty
   * @param ticket may be empty
   * @param state open, overdue, or done by whom and when
   * @param done whether it is
   */
  public record Action(
      String path,
      String text,
      String owner,
      String due,
      String ticket,
      Badge state,
      boolean done) {
    /** Returns the path that the button posts to. */
    public String donePath() {
      return path + "/done";
    }
  }

  /**
   * Somebody was told, or was not.
   *
   * @param at when that was decided
   * @param receiver who
   * @param kind what of
   * @param outcome whether it arrived, and why not
   */
  public record Delivery(String at, String receiver, String kind, String outcome) {}
}
