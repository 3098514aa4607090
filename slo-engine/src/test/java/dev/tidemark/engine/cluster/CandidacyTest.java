package dev.tidemark.engine.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.cluster.SimulatedCluster.Server;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who tells people when lines break: each row of the README's table, on a clock that is driven. */
class CandidacyTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  /** By then a lease that is not renewed is over. */
  private static final Duration LEASE_OVER = Succession.LEASE.plusMillis(100);

  private final SimulatedCluster cluster = SimulatedCluster.ofTwo();
  private final Server leader = cluster.servers.get(0);
  private final Server follower = cluster.servers.get(1);

  @AfterEach
  void never_do_two_tell_at_once() {
    assertThat(cluster.overlaps).isEmpty();
  }

  private void theySeeEachOtherNoMore() {
    leader.sees(leader);
    follower.sees(follower);
  }

  private void theySeeEachOther() {
    leader.sees(leader, follower);
    follower.sees(leader, follower);
  }

  @Test
  void with_all_lines_whole_the_leader_tells() {
    cluster.pass(LONG);
    assertThat(leader.tells()).isTrue();
    assertThat(follower.leads()).isFalse();
    assertThat(follower.candidacy.leader()).contains("http://a:1");
  }

  @Test
  void a_killed_leader_is_followed_within_ten_seconds() {
    cluster.stops(leader);
    follower.sees(follower);
    // 6 s of silence, 1.5 s of hold, and the steps of both, each 0.5 s.
    cluster.pass(Duration.ofMillis(8_600));
    assertThat(follower.tells()).isTrue();
  }

  @Test
  void with_clickhouse_away_for_both_the_leader_goes_on_and_is_not_followed() {
    cluster.clickHouseAway = true;
    cluster.pass(LONG);
    assertThat(leader.tells()).isTrue();
    assertThat(follower.leads()).isFalse();
    cluster.mend();
    cluster.pass(LONG);
    assertThat(leader.tells()).isTrue();
  }

  @Test
  void with_clickhouse_away_for_the_leader_only_it_goes_on_and_is_not_followed() {
    cluster.cutFromClickHouse(leader);
    cluster.pass(LONG);
    assertThat(leader.tells()).isTrue();
    assertThat(follower.leads()).isFalse();
  }

  @Test
  void with_clickhouse_away_for_the_follower_only_the_leader_goes_on() {
    cluster.cutFromClickHouse(follower);
    cluster.pass(LONG);
    assertThat(leader.tells()).isTrue();
  }

  @Test
  void with_the_line_between_them_cut_the_claim_decides() {
    cluster.cut(leader, follower);
    theySeeEachOtherNoMore();
    cluster.pass(LONG);
    assertThat(leader.tells()).isTrue();
    assertThat(follower.leads()).isFalse();
  }

  @Test
  void a_leader_cut_off_from_both_stops_telling_before_it_is_followed() {
    cluster.cut(leader, follower);
    cluster.cutFromClickHouse(leader);
    cluster.pass(LEASE_OVER);
    assertThat(leader.tells()).isFalse();
    assertThat(follower.leads()).isFalse();
    follower.sees(follower);
    cluster.pass(Duration.ofSeconds(4));
    assertThat(follower.tells()).isTrue();

    leader.sees(leader);
    cluster.mend();
    cluster.pass(SimulatedCluster.STEP);
    assertThat(leader.leads()).as("it finds the higher claim").isFalse();
    cluster.pass(LONG);
    assertThat(follower.tells()).isTrue();
  }

  @Test
  void a_leader_cut_off_while_clickhouse_was_away_already_stops_before_it_is_followed() {
    cluster.cutFromClickHouse(leader);
    cluster.pass(LONG);
    cluster.cut(leader, follower);
    // The follower finds out at once, the leader not at all.
    follower.sees(follower);
    cluster.pass(LEASE_OVER);
    assertThat(leader.tells()).isFalse();
    cluster.pass(Duration.ofSeconds(4));
    assertThat(follower.tells()).isTrue();
  }

  @Test
  void a_follower_cut_off_from_both_does_nothing() {
    cluster.cut(leader, follower);
    cluster.cutFromClickHouse(follower);
    theySeeEachOtherNoMore();
    cluster.pass(LONG);
    assertThat(leader.tells()).isTrue();
    assertThat(follower.leads()).isFalse();
  }

  @Test
  void with_everything_away_nobody_tells_and_the_leader_goes_on_when_clickhouse_is_back() {
    cluster.cut(leader, follower);
    cluster.clickHouseAway = true;
    theySeeEachOtherNoMore();
    cluster.pass(LONG);
    assertThat(leader.tells()).isFalse();
    assertThat(leader.leads()).as("nobody followed").isTrue();
    assertThat(follower.leads()).isFalse();
    cluster.clickHouseAway = false;
    cluster.pass(Duration.ofSeconds(12));
    assertThat(leader.tells() ^ follower.tells()).as("one of them").isTrue();
  }

  @Test
  void with_everything_away_the_leader_goes_on_when_the_other_is_back() {
    cluster.cut(leader, follower);
    cluster.clickHouseAway = true;
    theySeeEachOtherNoMore();
    cluster.pass(LONG);
    cluster.cut.clear();
    theySeeEachOther();
    cluster.pass(Succession.ASKED_EVERY);
    assertThat(leader.tells()).isTrue();
    cluster.pass(LONG);
    assertThat(leader.tells()).isTrue();
  }

  @Test
  void a_survivor_goes_on_with_clickhouse_and_waits_without_it() {
    cluster.stops(follower);
    leader.sees(leader);
    cluster.pass(LONG);
    assertThat(leader.tells()).isTrue();
    cluster.clickHouseAway = true;
    cluster.pass(LEASE_OVER);
    assertThat(leader.tells()).isFalse();
    cluster.clickHouseAway = false;
    cluster.pass(SimulatedCluster.STEP);
    assertThat(leader.tells()).isTrue();
  }

  @Test
  void a_leader_that_hung_tells_nothing_when_it_goes_on() {
    cluster.stops(leader);
    cluster.pass(LEASE_OVER);
    // Its threads may run before it has looked.
    cluster.goesOn(leader);
    assertThat(leader.tells()).isFalse();
    cluster.stops(leader);
    follower.sees(follower);
    cluster.pass(Duration.ofSeconds(4));
    assertThat(follower.tells()).isTrue();
    cluster.goesOn(leader);
    cluster.pass(LONG);
    assertThat(leader.leads()).isFalse();
    assertThat(follower.tells()).isTrue();
  }

  @Test
  void a_leader_whose_machine_slept_tells_nothing_before_it_has_looked() {
    cluster.sleeps(LEASE_OVER);
    assertThat(leader.tells()).isFalse();
    cluster.pass(Succession.RENEWED_EVERY);
    assertThat(leader.tells()).isTrue();
  }

  @Test
  void an_office_that_is_given_up_is_taken_without_waiting() {
    leader.candidacy.giveUp();
    cluster.stops(leader);
    follower.sees(follower);
    cluster.pass(Duration.ofMillis(3_600));
    assertThat(follower.tells()).isTrue();
  }

  @Test
  void a_claim_that_arrives_after_its_server_gave_it_up_stops_nobody_from_leading() {
    cluster.stops(leader);
    follower.sees(follower);
    cluster.lateWrites.add(follower.node);
    cluster.pass(Duration.ofSeconds(7));
    assertThat(cluster.lateWrites).as("the claim was tried").isEmpty();
    cluster.lateWritesArrive();
    Server back = cluster.start("a:1");
    back.sees(follower, back);
    follower.sees(follower, back);
    cluster.pass(Duration.ofSeconds(20));
    assertThat(follower.tells()).isTrue();
  }

  @Test
  void a_restarted_leader_that_nobody_followed_leads_again() {
    cluster.stops(follower);
    cluster.stops(leader);
    Server again = cluster.start("a:1");
    cluster.pass(Duration.ofSeconds(10));
    assertThat(again.tells()).isTrue();
  }

  @Test
  void what_a_standby_brought_is_news_for_the_term_once() {
    assertThat(leader.candidacy.moreToTakeOver()).isFalse();
    cluster.handOver("b:1");
    cluster.pass(Duration.ofSeconds(3));
    assertThat(leader.candidacy.moreToTakeOver()).isTrue();
    leader.candidacy.takesOver();
    cluster.pass(LONG);
    assertThat(leader.candidacy.moreToTakeOver()).isFalse();
  }

  @Test
  void with_three_a_leader_without_clickhouse_needs_the_word_of_both_others() {
    Server third = cluster.start("c:1");
    for (Server one : cluster.servers) {
      one.sees(leader, follower, third);
    }
    cluster.cutFromClickHouse(leader);
    cluster.pass(LONG);
    assertThat(leader.tells()).isTrue();
    cluster.cut(leader, third);
    third.sees(third);
    cluster.pass(LEASE_OVER);
    assertThat(leader.tells()).isFalse();
    cluster.pass(Duration.ofSeconds(4));
    assertThat(third.tells()).isTrue();
  }

  /** Whatever breaks, in whichever order, and whoever notices it when: never two. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void in_any_weather_at_most_one_tells_and_one_does_when_it_is_over(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      switch (random.nextInt(11)) {
        case 0 -> cluster.cut(leader, follower);
        case 1 -> cluster.cutFromClickHouse(leader);
        case 2 -> cluster.cutFromClickHouse(follower);
        case 3 -> cluster.clickHouseAway ^= true;
        case 4 -> leader.sees(leader);
        case 5 -> follower.sees(follower);
        case 6 -> theySeeEachOther();
        case 7 -> cluster.mend();
        case 8 -> cluster.stops(random.nextBoolean() ? leader : follower);
        case 9 -> cluster.lateWrites.add(random.nextBoolean() ? leader.node : follower.node);
        default -> {
          cluster.lateWritesArrive();
          cluster.goesOn(leader);
          cluster.goesOn(follower);
        }
      }
      cluster.pass(Duration.ofMillis(50L * random.nextInt(1, 200)));
    }
    cluster.mend();
    cluster.lateWrites.clear();
    cluster.goesOn(leader);
    cluster.goesOn(follower);
    theySeeEachOther();
    cluster.pass(Duration.ofSeconds(30));
    assertThat(leader.tells() ^ follower.tells()).isTrue();
  }
}
