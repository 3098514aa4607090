package dev.tidemark.engine.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.store.clickhouse.FreshStore;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClaimsTest {
  private static Optional<Claim> top(Claims claims) {
    return claims.all().stream().max(Claim.BY_WEIGHT);
  }

  @Test
  void the_highest_claim_counts_and_a_renewal_does_not_lift_it_over_a_later_epoch() {
    try (FreshStore store = new FreshStore()) {
      Claims claims = new Claims(store.documents(), Clock.systemUTC());
      assertThat(top(claims)).isEmpty();
      Claim first = new Claim("b:1", "m1", "http://b", 1, 0, false);
      claims.put(first);
      assertThat(top(claims)).contains(first);
      Claim follower = new Claim("a:1", "m2", "http://a", 2, 0, false);
      claims.put(follower);
      claims.put(first.renewed().renewed());
      assertThat(top(claims)).contains(follower);
      claims.put(follower.renewed().given());
      assertThat(top(claims).orElseThrow().released()).isTrue();
    }
  }

  @Test
  void each_word_about_things_left_is_a_new_one() {
    try (FreshStore store = new FreshStore()) {
      Claims claims = new Claims(store.documents(), Clock.systemUTC());
      long none = claims.handovers();
      claims.handOver("a:1");
      long one = claims.handovers();
      claims.handOver("a:1");
      long two = claims.handovers();
      claims.handOver("b:1");
      assertThat(none).isLessThan(one);
      assertThat(one).isLessThan(two);
      assertThat(two).isLessThan(claims.handovers());
    }
  }
}
