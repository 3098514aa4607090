package dev.tidemark.engine.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.cluster.Succession.Sight;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SuccessionTest {
  private static final Duration SETTLED = Succession.SETTLED;
  private static final Duration SILENT = Succession.UNRENEWED;
  private static final Claim HELD = new Claim("a:1", "m1", "http://a", 4, 9, false);

  private static boolean mayClaim(Claim top, boolean member, Duration unchanged) {
    return Succession.mayClaim(new Sight(true, SETTLED, Optional.of(top), member, unchanged));
  }

  @Test
  void a_leader_that_is_gone_and_silent_is_followed() {
    assertThat(mayClaim(HELD, false, SILENT)).isTrue();
  }

  @Test
  void a_leader_that_is_gone_but_renews_is_only_cut_off_from_this_server() {
    assertThat(mayClaim(HELD, false, SILENT.minusMillis(1))).isFalse();
  }

  @Test
  void a_leader_that_is_there_but_silent_has_no_clickhouse_at_the_moment() {
    assertThat(mayClaim(HELD, true, Duration.ofHours(1))).isFalse();
  }

  @Test
  void an_office_that_was_given_up_or_never_held_is_free_at_once() {
    assertThat(mayClaim(HELD.given(), true, Duration.ZERO)).isTrue();
    assertThat(
            Succession.mayClaim(new Sight(true, SETTLED, Optional.empty(), false, Duration.ZERO)))
        .isTrue();
  }

  @Test
  void only_the_first_of_a_group_that_has_settled_stands_for_it() {
    assertThat(Succession.mayClaim(new Sight(false, SETTLED, Optional.of(HELD), false, SILENT)))
        .isFalse();
    assertThat(
            Succession.mayClaim(
                new Sight(true, SETTLED.minusMillis(1), Optional.of(HELD), false, SILENT)))
        .isFalse();
  }

  @Test
  void of_two_claims_at_once_all_see_the_same_one_on_top() {
    Claim other = new Claim("b:1", "m2", "http://b", 4, 0, false);
    Claim later = new Claim("a:1", "m1", "http://a", 5, 0, false);
    assertThat(Claim.BY_WEIGHT.compare(other, HELD.renewed())).isPositive();
    assertThat(Claim.BY_WEIGHT.compare(later, other)).isPositive();
  }
}
