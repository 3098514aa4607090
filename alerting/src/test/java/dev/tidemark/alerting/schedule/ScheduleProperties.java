package dev.tidemark.alerting.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random schedules in zones whose clocks change, looked at around the changes. */
class ScheduleProperties {
  private static final String[] ZONES = {
    "Europe/Warsaw", "America/New_York", "Australia/Lord_Howe", "UTC", "America/St_Johns"
  };
  private static final Instant FROM = Instant.parse("2026-02-20T00:00:00Z");
  private static final int DAYS = 300;

  @Property(tries = 200)
  void with_a_layer_around_the_clock_exactly_one_member_is_on_call(@ForAll long seed) {
    Random random = new Random(seed);
    Schedule schedule = random(random, 1 + random.nextInt(3));
    for (int i = 0; i < 50; i++) {
      assertThat(schedule.onCall(moment(random))).hasSize(1);
    }
  }

  @Property(tries = 200)
  void shifts_fill_the_time_and_agree_with_who_is_on_call(@ForAll long seed) {
    Random random = new Random(seed);
    Schedule schedule = random(random, random.nextInt(4));
    Instant from = moment(random);
    Instant to = from.plus(Duration.ofMinutes(1 + random.nextInt(40 * 24 * 60)));
    List<Shift> shifts = schedule.shifts(from, to);
    assertThat(shifts.get(0).from()).isEqualTo(from);
    assertThat(shifts.get(shifts.size() - 1).to()).isEqualTo(to);
    for (int i = 0; i < shifts.size(); i++) {
      Shift shift = shifts.get(i);
      if (i > 0) {
        assertThat(shift.from()).isEqualTo(shifts.get(i - 1).to());
        assertThat(shift.members()).isNotEqualTo(shifts.get(i - 1).members());
      }
      long length = Duration.between(shift.from(), shift.to()).toSeconds();
      assertThat(schedule.onCall(shift.from())).isEqualTo(shift.members());
      assertThat(schedule.onCall(shift.to().minusNanos(1))).isEqualTo(shift.members());
      assertThat(schedule.onCall(shift.from().plusSeconds((long) (length * random.nextDouble()))))
          .isEqualTo(shift.members());
    }
  }

  @Property(tries = 100)
  void what_is_written_as_a_calendar_and_read_again_says_the_same(@ForAll long seed) {
    Random random = new Random(seed);
    Schedule schedule = random(random, random.nextInt(4));
    Instant from = moment(random);
    Instant to = from.plus(Duration.ofDays(1 + random.nextInt(40)));
    OnCallCalendar read =
        ScheduleCalendar.read(
            ScheduleCalendar.write(schedule, from, to, from), ZoneId.of("Asia/Tokyo"));
    assertThat(read.onCall(from)).isEqualTo(schedule.onCall(from));
    assertThat(read.onCall(to)).isEmpty();
    for (int i = 0; i < 20; i++) {
      Instant at =
          from.plusSeconds((long) (Duration.between(from, to).toSeconds() * random.nextDouble()));
      assertThat(read.onCall(at)).isEqualTo(schedule.onCall(at));
    }
  }

  private static Instant moment(Random random) {
    return FROM.plusSeconds(random.nextInt(DAYS * 86_400));
  }

  /** The lowest layer is around the clock when there is any. */
  private static Schedule random(Random random, int layers) {
    ZoneId zone = ZoneId.of(ZONES[random.nextInt(ZONES.length)]);
    List<Layer> all = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      all.add(layer(random, i));
    }
    List<StandIn> standIns = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      Instant from = moment(random);
      standIns.add(
          new StandIn(from, from.plus(Duration.ofMinutes(1 + random.nextInt(5_000))), "s" + i));
    }
    return new Schedule("random", zone, all, standIns, OnCallCalendar.NONE);
  }

  private static Layer layer(Random random, int number) {
    LocalDateTime anchor =
        LocalDateTime.parse("2026-01-01T00:00").plusMinutes(random.nextInt(20 * 24 * 60));
    Duration every =
        random.nextBoolean()
            ? Duration.ofHours(1 + random.nextInt(30))
            : Duration.ofDays(1 + random.nextInt(14));
    List<Restriction> hours = new ArrayList<>();
    for (int i = number == 0 ? 0 : random.nextInt(3); i > 0; i--) {
      Set<DayOfWeek> days =
          IntStream.range(0, 1 + random.nextInt(5))
              .mapToObj(day -> DayOfWeek.of(1 + random.nextInt(7)))
              .collect(Collectors.toSet());
      hours.add(
          new Restriction(
              days,
              LocalTime.of(random.nextInt(24), random.nextInt(60)),
              LocalTime.of(random.nextInt(24), random.nextInt(60))));
    }
    List<String> members =
        IntStream.rangeClosed(0, random.nextInt(4)).mapToObj(m -> number + "m" + m).toList();
    return new Layer(
        "layer" + number,
        members,
        anchor.plusMinutes(random.nextInt(10_000)),
        anchor,
        every,
        hours);
  }
}
