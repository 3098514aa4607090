package dev.tidemark.alerting.schedule;

import static dev.tidemark.alerting.schedule.Rotas.at;
import static dev.tidemark.alerting.schedule.Rotas.layer;
import static dev.tidemark.alerting.schedule.Rotas.listed;
import static dev.tidemark.alerting.schedule.Rotas.only;
import static dev.tidemark.alerting.schedule.Rotas.schedule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Expected moments are worked out by hand from the offsets of the zones on these days. */
class ScheduleTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration WEEK = Duration.ofDays(7);
  private static final Restriction OFFICE =
      new Restriction(
          EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY),
          LocalTime.of(9, 0),
          LocalTime.of(17, 0));

  @Test
  void a_weekly_rotation_hands_over_on_its_day_and_begins_again_after_the_last() {
    // 2026-01-05 is a Monday; Warsaw is at +01:00.
    Schedule schedule = schedule("Europe/Warsaw", layer("2026-01-05T09:00", WEEK, "a", "b", "c"));
    assertThat(schedule.onCall(at("2026-01-05T07:59:59Z"))).isEmpty();
    assertThat(schedule.onCall(at("2026-01-05T08:00:00Z"))).containsExactly("a");
    assertThat(schedule.onCall(at("2026-01-12T07:59:59Z"))).containsExactly("a");
    assertThat(schedule.onCall(at("2026-01-12T08:00:00Z"))).containsExactly("b");
    assertThat(schedule.onCall(at("2026-01-25T12:00:00Z"))).containsExactly("c");
    assertThat(schedule.onCall(at("2026-01-26T08:00:00Z"))).containsExactly("a");
  }

  @Test
  void hands_over_at_the_same_wall_time_when_the_clocks_change_in_warsaw() {
    // Summer time 2026: from 29 March 01:00 UTC to 25 October 01:00 UTC.
    Schedule schedule = schedule("Europe/Warsaw", layer("2026-03-27T09:00", DAY, "a", "b"));
    assertThat(listed(schedule.shifts(at("2026-03-27T08:00:00Z"), at("2026-03-31T00:00:00Z"))))
        .containsExactly(
            "2026-03-27T08:00:00Z a",
            "2026-03-28T08:00:00Z b",
            "2026-03-29T07:00:00Z a",
            "2026-03-30T07:00:00Z b");
    // From 27 March to 24 October are 211 days: b has the 24th.
    assertThat(listed(schedule.shifts(at("2026-10-24T07:00:00Z"), at("2026-10-27T00:00:00Z"))))
        .containsExactly(
            "2026-10-24T07:00:00Z b", "2026-10-25T08:00:00Z a", "2026-10-26T08:00:00Z b");
  }

  @Test
  void a_hand_over_that_the_clocks_skip_moves_on_and_of_two_the_earlier_counts() {
    // New York: 2026-03-08 02:00 becomes 03:00 EDT; 2026-11-01 02:00 EDT becomes 01:00 EST.
    Schedule skipped = schedule("America/New_York", layer("2026-03-07T02:30", DAY, "a", "b"));
    assertThat(listed(skipped.shifts(at("2026-03-07T07:30:00Z"), at("2026-03-10T00:00:00Z"))))
        .containsExactly(
            "2026-03-07T07:30:00Z a",
            // 02:30 EST would be 07:30 UTC, which is shown as 03:30 EDT.
            "2026-03-08T07:30:00Z b",
            "2026-03-09T06:30:00Z a");
    Schedule repeated = schedule("America/New_York", layer("2026-10-31T01:30", DAY, "a", "b"));
    assertThat(listed(repeated.shifts(at("2026-10-31T05:30:00Z"), at("2026-11-03T00:00:00Z"))))
        .containsExactly(
            "2026-10-31T05:30:00Z a",
            // 01:30 EDT, and not again an hour later at 01:30 EST.
            "2026-11-01T05:30:00Z b",
            "2026-11-02T06:30:00Z a");
    assertThat(repeated.onCall(at("2026-11-01T06:15:00Z"))).containsExactly("b");
  }

  @Test
  void follows_lord_howe_whose_clocks_change_by_half_an_hour() {
    // +10:30 until 2026-10-04 02:00 becomes 02:30 (+11:00); back on 2026-04-05 02:00 to 01:30.
    Schedule skipped = schedule("Australia/Lord_Howe", layer("2026-10-03T02:15", DAY, "a", "b"));
    assertThat(listed(skipped.shifts(at("2026-10-02T15:45:00Z"), at("2026-10-05T15:00:00Z"))))
        .containsExactly(
            "2026-10-02T15:45:00Z a",
            // 02:15 at +10:30, shown as 02:45.
            "2026-10-03T15:45:00Z b",
            "2026-10-04T15:15:00Z a");
    Schedule repeated = schedule("Australia/Lord_Howe", layer("2026-04-04T01:45", DAY, "a", "b"));
    assertThat(listed(repeated.shifts(at("2026-04-03T14:45:00Z"), at("2026-04-06T15:00:00Z"))))
        .containsExactly(
            "2026-04-03T14:45:00Z a",
            "2026-04-04T14:45:00Z b",
            // Now at +10:30.
            "2026-04-05T15:15:00Z a");
  }

  @Test
  void a_day_that_an_island_skipped_is_nobodys_turn() {
    // Samoa had no 30 December 2011: -10:00 became +14:00 at 2011-12-30 10:00 UTC.
    Schedule schedule = schedule("Pacific/Apia", layer("2011-12-28T09:00", DAY, "a", "b", "c"));
    assertThat(listed(schedule.shifts(at("2011-12-28T19:00:00Z"), at("2012-01-01T00:00:00Z"))))
        .containsExactly(
            "2011-12-28T19:00:00Z a",
            "2011-12-29T19:00:00Z b",
            // The turn of the 30th and that of the 31st begin at the same moment.
            "2011-12-30T19:00:00Z a",
            "2011-12-31T19:00:00Z b");
  }

  @Test
  void a_start_between_two_hand_overs_gives_the_first_member_what_is_left() {
    // Wednesday 14:00, hand-over on Mondays at 9:00.
    Layer layer =
        new Layer(
            "week",
            List.of("a", "b"),
            LocalDateTime.parse("2026-01-07T14:00"),
            LocalDateTime.parse("2026-01-05T09:00"),
            WEEK,
            List.of());
    assertThat(
            listed(
                schedule("UTC", layer)
                    .shifts(at("2026-01-05T00:00:00Z"), at("2026-01-20T00:00:00Z"))))
        .containsExactly(
            "2026-01-05T00:00:00Z ",
            "2026-01-07T14:00:00Z a",
            "2026-01-12T09:00:00Z b",
            "2026-01-19T09:00:00Z a");
  }

  @Test
  void the_higher_layer_wins_and_its_gaps_fall_to_the_lower() {
    Schedule schedule =
        schedule(
            "Europe/Warsaw",
            layer("2026-01-05T00:00", WEEK, "night"),
            only(layer("2026-01-05T00:00", WEEK, "day"), OFFICE));
    // Friday to Monday, +01:00.
    assertThat(listed(schedule.shifts(at("2026-01-09T00:00:00Z"), at("2026-01-12T12:00:00Z"))))
        .containsExactly(
            "2026-01-09T00:00:00Z night",
            "2026-01-09T08:00:00Z day",
            "2026-01-09T16:00:00Z night",
            "2026-01-12T08:00:00Z day");
  }

  @Test
  void hours_past_midnight_belong_to_the_day_on_which_they_begin() {
    Restriction nights =
        new Restriction(EnumSet.of(DayOfWeek.FRIDAY), LocalTime.of(22, 0), LocalTime.of(6, 0));
    Schedule schedule = schedule("UTC", only(layer("2026-01-05T00:00", WEEK, "a"), nights));
    assertThat(listed(schedule.shifts(at("2026-01-08T00:00:00Z"), at("2026-01-12T00:00:00Z"))))
        .containsExactly(
            "2026-01-08T00:00:00Z ", "2026-01-09T22:00:00Z a", "2026-01-10T06:00:00Z ");
  }

  @Test
  void who_stands_in_comes_before_every_layer_the_later_before_the_earlier() {
    Schedule layers = schedule("UTC", layer("2026-01-05T09:00", DAY, "a", "b"));
    Schedule schedule =
        new Schedule(
            "primary",
            ZoneId.of("UTC"),
            layers.layers(),
            List.of(
                new StandIn(at("2026-01-05T12:00:00Z"), at("2026-01-06T12:00:00Z"), "c"),
                new StandIn(at("2026-01-05T18:00:00Z"), at("2026-01-05T20:00:00Z"), "d")),
            OnCallCalendar.NONE);
    assertThat(listed(schedule.shifts(at("2026-01-05T09:00:00Z"), at("2026-01-07T09:00:00Z"))))
        .containsExactly(
            "2026-01-05T09:00:00Z a",
            "2026-01-05T12:00:00Z c",
            "2026-01-05T18:00:00Z d",
            "2026-01-05T20:00:00Z c",
            "2026-01-06T12:00:00Z b");
    assertThat(schedule.members()).containsExactly("a", "b", "c", "d");
  }

  @Test
  void twelve_hour_turns_keep_their_wall_times_across_a_change() {
    Schedule schedule =
        schedule("Europe/Warsaw", layer("2026-03-28T08:00", Duration.ofHours(12), "day", "night"));
    assertThat(listed(schedule.shifts(at("2026-03-28T07:00:00Z"), at("2026-03-30T00:00:00Z"))))
        .containsExactly(
            "2026-03-28T07:00:00Z day",
            "2026-03-28T19:00:00Z night",
            "2026-03-29T06:00:00Z day",
            "2026-03-29T18:00:00Z night");
  }

  @Test
  void what_makes_no_sense_is_refused() {
    assertThatThrownBy(() -> layer("2026-01-05T09:00", DAY)).hasMessageContaining("has no members");
    assertThatThrownBy(() -> layer("2026-01-05T09:00", Duration.ofMinutes(30), "a"))
        .hasMessageContaining("at least an hour");
    assertThatThrownBy(
            () -> new StandIn(at("2026-01-05T12:00:00Z"), at("2026-01-05T12:00:00Z"), "c"))
        .hasMessageContaining("not after");
    assertThatThrownBy(
            () ->
                schedule("UTC", layer("2026-01-05T09:00", DAY, "a"))
                    .shifts(at("2026-01-05T12:00:00Z"), at("2046-01-05T12:00:00Z")))
        .hasMessageContaining("ask for less");
  }
}
