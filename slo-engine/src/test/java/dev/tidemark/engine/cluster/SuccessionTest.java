package dev.tidemark.engine.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.cluster.Succession.Sight;
import dev.tidemark.engine.cluster.Succession.Whose;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SuccessionTest {
  private static final Duration SETTLED = Succession.SETTLED;
  private static final Duration SILENT = Succession.UNRENEWED;
  private static final Claim HELD = new Claim("a:1", "m1", "http://a", 4, 9, false);

  private static boolean mayClaim(Claim top, Whose whose, Duration unchanged) {
    return mayClaim(true, SETTLED, Optional.of(top), whose, unchanged, SILENT);
  }

  private static boolean mayClaim(
      boolean first,
      Duration settled,
      Optional<Claim> top,
      Whose whose,
      Duration unchanged,
      Duration promised) {
    return Succession.mayClaim(new Sight(first, settled, top, whose, unchanged, promised));
  }

  @Test
  void a_leader_that_is_gone_and_silent_is_followed() {
    assertThat(mayClaim(HELD, Whose.STRANGER, SILENT)).isTrue();
  }

  @Test
  void a_leader_that_is_gone_but_renews_is_only_cut_off_from_this_server() {
    assertThat(mayClaim(HELD, Whose.STRANGER, SILENT.minusMillis(1))).isFalse();
  }

  @Test
  void a_leader_that_is_there_but_silent_has_no_clickhouse_at_the_moment() {
    assertThat(mayClaim(HELD, Whose.MEMBER, Duration.ofHours(1))).isFalse();
  }

  @Test
  void a_word_that_was_given_is_kept() {
    assertThat(
            mayClaim(
                true,
                SETTLED,
                Optional.of(HELD),
                Whose.STRANGER,
                Duration.ofHours(1),
                SILENT.minusMillis(1)))
        .isFalse();
  }

  @Test
  void an_office_that_was_given_up_or_never_held_is_free_at_once() {
    assertThat(mayClaim(HELD.given(), Whose.MEMBER, Duration.ZERO)).isTrue();
    assertThat(
            mayClaim(true, SETTLED, Optional.empty(), Whose.STRANGER, Duration.ZERO, Duration.ZERO))
        .isTrue();
  }

  @Test
  void only_the_first_of_a_group_that_has_settled_stands_for_it() {
    assertThat(mayClaim(false, SETTLED, Optional.of(HELD), Whose.STRANGER, SILENT, SILENT))
        .isFalse();
    assertThat(
            mayClaim(
                true, SETTLED.minusMillis(1), Optional.of(HELD), Whose.STRANGER, SILENT, SILENT))
        .isFalse();
  }

  @Test
  void an_own_claim_that_came_too_late_to_lead_by_is_followed_by_another_own_one() {
    // All others wait for this server, which is there: nobody would ever lead.
    assertThat(mayClaim(false, SETTLED, Optional.of(HELD), Whose.OWN, Duration.ZERO, Duration.ZERO))
        .isTrue();
  }

  @Test
  void a_lease_is_over_before_anybody_follows() {
    assertThat(Succession.MARGIN).isEqualTo(Duration.ofMillis(2_500));
    // A renewal may fail once, after three seconds, without an end of the lease.
    assertThat(Succession.RENEWED_EVERY.multipliedBy(2)).isLessThan(Succession.LEASE);
    assertThat(Office.PATIENCE).isLessThan(Succession.LEASE);
  }

  @Test
  void of_two_claims_at_once_all_see_the_same_one_on_top() {
    Claim other = new Claim("b:1", "m2", "http://b", 4, 0, false);
    Claim later = new Claim("a:1", "m1", "http://a", 5, 0, false);
    assertThat(Claim.BY_WEIGHT.compare(other, HELD.renewed())).isPositive();
    assertThat(Claim.BY_WEIGHT.compare(later, other)).isPositive();
  }
}
