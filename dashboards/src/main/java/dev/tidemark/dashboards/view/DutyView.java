package dev.tidemark.dashboards.view;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether somebody would hear of it: who is on call, and what does not arrive.
 *
 * @param schedules by name
 * @param failing receivers that cannot be reached now, by name
 * @param dead notifications that were given up, newest first
 * @param more how many of them are not shown
 */
public record DutyView(
    List<OnCall> schedules, List<FailingReceiver> failing, List<DeadLetter> dead, long more) {
  /**
   * A schedule.
   *
   * @param name of the schedule
   * @param members who is on call now, as one text
   * @param state colour and word: somebody or nobody
   * @param until when that changes; null when it does not soon
   * @param next who comes then; empty when it does not change
   * @param calendar name of the file below {@code /calendars/} that a calendar program can
   *     subscribe to
   */
  public record OnCall(
      String name,
      String members,
      Badge state,
      @Nullable Instant until,
      String next,
      String calendar) {}

  /**
   * A receiver that cannot be reached.
   *
   * @param name of the receiver
   * @param since when it failed first
   * @param waiting such as {@code 3 notifications wait}
   */
  public record FailingReceiver(String name, Instant since, String waiting) {}

  /**
   * A notification that was given up.
   *
   * @param id of the notification
   * @param at when it was given up
   * @param receiver who was not told
   * @param incident what about
   * @param reason why
   */
  public record DeadLetter(String id, Instant at, String receiver, Link incident, String reason) {}
}
