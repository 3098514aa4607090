package dev.tidemark.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FormatsTest {
  private static final Instant NOW = Instant.parse("2026-11-20T03:12:40Z");

  @Test
  void percentages_never_claim_perfection_that_is_not_there() {
    assertThat(Formats.percent(1.0)).isEqualTo("100\u00a0%");
    assertThat(Formats.percent(0.9999999)).isEqualTo("99.999\u00a0%");
    assertThat(Formats.percent(0.9995)).isEqualTo("99.95\u00a0%");
    assertThat(Formats.percent(0.625)).isEqualTo("62.5\u00a0%");
    assertThat(Formats.percent(0.0)).isEqualTo("0\u00a0%");
    assertThat(Formats.percent(-0.12)).isEqualTo("−12\u00a0%");
    assertThat(Formats.percent(null)).isEqualTo("unknown");
    assertThat(Formats.percent(Double.NaN)).isEqualTo("unknown");
  }

  @Test
  void an_overspent_budget_is_told_by_how_many_times_it_was_spent() {
    assertThat(Formats.left(0.625)).isEqualTo("62.5\u00a0% left");
    assertThat(Formats.left(0.0)).isEqualTo("0\u00a0% left");
    // −1,298.8 % left: the whole budget and 12.988 more.
    assertThat(Formats.left(-12.988)).isEqualTo("14.0× spent");
    assertThat(Formats.left(-0.3)).isEqualTo("1.3× spent");
    assertThat(Formats.left(null)).isEqualTo("unknown");
  }

  @Test
  void durations_have_two_units_at_most() {
    assertThat(Formats.duration(Duration.parse("PT3H12M59S"))).isEqualTo("3\u00a0h 12\u00a0min");
    assertThat(Formats.duration(Duration.ofDays(30))).isEqualTo("30\u00a0d");
    assertThat(Formats.duration(Duration.parse("PT24H5S"))).isEqualTo("1\u00a0d");
    assertThat(Formats.duration(Duration.ofSeconds(62))).isEqualTo("1\u00a0min 2\u00a0s");
    assertThat(Formats.duration(Duration.ofMillis(1500))).isEqualTo("1.5\u00a0s");
    assertThat(Formats.duration(Duration.ofMillis(80))).isEqualTo("80\u00a0ms");
    assertThat(Formats.duration(Duration.ZERO)).isEqualTo("0\u00a0ms");
    assertThat(Formats.duration(Duration.ofMinutes(-5))).isEqualTo("−5\u00a0min");
    assertThat(Formats.duration(null)).isEqualTo("unknown");
  }

  @Test
  void moments_are_relative_to_the_page_and_in_utc() {
    assertThat(Formats.relative(NOW.minusSeconds(720), NOW)).isEqualTo("12\u00a0min ago");
    assertThat(Formats.relative(NOW.plusSeconds(10800), NOW)).isEqualTo("in 3\u00a0h");
    assertThat(Formats.relative(NOW.minusMillis(900), NOW)).isEqualTo("just now");
    assertThat(Formats.minute(NOW)).isEqualTo("2026-11-20 03:12");
    assertThat(Formats.second(NOW)).isEqualTo("2026-11-20 03:12:40 UTC");
  }

  @Test
  void other_numbers_carry_their_unit() {
    assertThat(Formats.count(1240031)).isEqualTo("1\u202f240\u202f031");
    assertThat(Formats.burnRate(14.4)).isEqualTo("14.4×");
    assertThat(Formats.burnRate(0.05)).isEqualTo("0.05×");
    assertThat(Formats.burnRate(0.0)).isEqualTo("0×");
    assertThat(Formats.burnRate(Double.POSITIVE_INFINITY)).isEqualTo("∞");
    assertThat(Formats.burnRate(Double.NaN)).isEqualTo("unknown");
    assertThat(Formats.bytes(999)).isEqualTo("999\u00a0B");
    assertThat(Formats.bytes(1_250_000)).isEqualTo("1.3\u00a0MB");
    assertThat(Formats.money(1234.5, "EUR")).isEqualTo("1\u202f234.50\u00a0EUR");
  }
}
