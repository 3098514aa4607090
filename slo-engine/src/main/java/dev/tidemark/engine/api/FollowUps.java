package dev.tidemark.engine.api;

import dev.tidemark.engine.alerts.StoredFollowUps;
import dev.tidemark.engine.report.FollowUp;
import dev.tidemark.engine.store.clickhouse.AuditTrail;
import io.vertx.ext.web.handler.HttpException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what the talk after an incident decided on, changes it and ticks it off, wherever
 * people do so. Every change goes to the audit trail. Thread-safe; blocks.
 */
public final class FollowUps {
  private static final int LONGEST = 500;
  private static final String OPEN = "open";
  private static final String DONE = "done";

  private final EngineState state;

  /** Writes to this state's records. */
  public FollowUps(EngineState state) {
    this.state = state;
  }

  /**
   * Writes an action down.
   *
   * @param due a date such as {@code 2026-03-31}; empty when nobody says
   * @param ticket may be empty
   * @throws HttpException with status 400 when something is missing or wrong, 404 without such an
   *     incident, 409 when it has too many
   */
  public synchronized FollowUp add(
      String incident, String text, String owner, String due, String ticket, String actor) {
    LocalDate date = checked(text, owner, due, ticket);
    if (state.alerting().find(incident).isEmpty()) {
      throw new HttpException(
          404, "there is no incident '" + incident + "'; /api/v1/incidents lists them");
    }
    List<FollowUp> before = store().of(incident);
    if (before.size() >= StoredFollowUps.OF_ONE) {
      throw new HttpException(
          409, "incident '" + incident + "' has " + before.size() + " actions; that is enough");
    }
    Instant now = state.clock().instant();
    FollowUp action =
        new FollowUp(
            incident,
            before.stream().mapToInt(FollowUp::number).max().orElse(0) + 1,
            text,
            owner,
            date,
            ticket,
            actor,
            now,
            null,
            null);
    store().save(action);
    audit(now, actor, "action added", action);
    return action;
  }

  /**
   * Ticks an action off; one that is done already stays as it is.
   *
   * @throws HttpException with status 404 when there is none of this number
   */
  public FollowUp done(String incident, String number, String actor) {
    return edit(incident, number, new Edit(null, null, null, null, DONE), actor);
  }

  /**
   * How an action is to be from now on; null leaves a field as it is.
   *
   * @param due a date, or empty for none
   * @param ticket empty for none
   * @param state {@code open} or {@code done}
   */
  public record Edit(
      @Nullable String text,
      @Nullable String owner,
      @Nullable String due,
      @Nullable String ticket,
      @Nullable String state) {}

  /**
   * Changes an action. Who wrote it down and when stays; so does who did it, unless it is opened
   * again. What changes nothing is not in the audit trail.
   *
   * @throws HttpException with status 400 when something is missing or wrong, 404 when there is
   *     none of this number
   */
  public synchronized FollowUp edit(String incident, String number, Edit wanted, String actor) {
    FollowUp before = find(incident, number);
    Instant now = state.clock().instant();
    FollowUp after = edited(before, wanted);
    String to = or(wanted.state(), before.open() ? OPEN : DONE);
    if (!to.equals(OPEN) && !to.equals(DONE)) {
      throw new HttpException(400, "state is open or done, not '" + to + "'");
    }
    boolean reworded = !after.equals(before);
    boolean ticked = before.open() && to.equals(DONE);
    boolean reopened = !before.open() && to.equals(OPEN);
    after = ticked ? after.done(now, actor) : reopened ? after.reopened() : after;
    if (after.equals(before)) {
      return before;
    }
    store().save(after);
    if (reworded) {
      audit(now, actor, "action changed", after);
    }
    if (ticked || reopened) {
      audit(now, actor, ticked ? "action done" : "action reopened", after);
    }
    return after;
  }

  private static FollowUp edited(FollowUp before, Edit wanted) {
    String text = or(wanted.text(), before.text());
    String owner = or(wanted.owner(), before.owner());
    String due = or(wanted.due(), before.due() == null ? "" : before.due().toString());
    String ticket = or(wanted.ticket(), before.ticket());
    return before.saying(text, owner, checked(text, owner, due, ticket), ticket);
  }

  private static String or(@Nullable String wanted, String otherwise) {
    return wanted == null ? otherwise : wanted;
  }

  private FollowUp find(String incident, String number) {
    return store().of(incident).stream()
        .filter(one -> Integer.toString(one.number()).equals(number))
        .findFirst()
        .orElseThrow(
            () ->
                new HttpException(
                    404, "there is no action '" + number + "' of incident '" + incident + "'"));
  }

  /** Returns the date, when all of it may stand so. */
  private static @Nullable LocalDate checked(String text, String owner, String due, String ticket) {
    needed("text", text, "say what is to be done");
    needed("owner", owner, "an action that nobody owns is not done");
    atMost("text", text);
    atMost("owner", owner);
    atMost("ticket", ticket);
    return date(due);
  }

  private StoredFollowUps store() {
    return state.records().followUps();
  }

  private static void needed(String name, String value, String why) {
    if (value.isBlank()) {
      throw new HttpException(400, name + " is missing; " + why);
    }
  }

  private static void atMost(String name, String value) {
    if (value.length() > LONGEST) {
      throw new HttpException(400, name + " is longer than " + LONGEST + " characters");
    }
  }

  private static @Nullable LocalDate date(String text) {
    if (text.isBlank()) {
      return null;
    }
    try {
      return LocalDate.parse(text);
    } catch (DateTimeException e) {
      throw new HttpException(400, "due '" + text + "' is not a date such as 2026-03-31", e);
    }
  }

  private void audit(Instant at, String actor, String what, FollowUp action) {
    state
        .records()
        .audit()
        .write(
            new AuditTrail.Entry(
                at,
                actor,
                what,
                action.incident(),
                action.number()
                    + ": "
                    + action.text()
                    + ", owner "
                    + action.owner()
                    + (action.due() == null ? "" : ", due " + action.due())));
  }
}
