package dev.tidemark.alerting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Outbox} does. Subclasses give an empty outbox for each test. */
public abstract class OutboxContract {
  private Outbox outbox;

  /** Returns an empty outbox. */
  protected abstract Outbox empty();

  @BeforeEach
  void start() {
    outbox = empty();
  }

  private static OutboxEntry entry(String id, String receiver, String key, long seconds) {
    return OutboxEntry.of(
        Samples.notification(id, NotificationKind.TRIGGERED, receiver, key, Samples.t(seconds)));
  }

  private void put(OutboxEntry... entries) {
    outbox.enqueue(List.of(entries));
  }

  /** Puts one for the pager that nobody has tried yet. */
  private void putForPager(String id, String key, long seconds) {
    put(entry(id, "pager", key, seconds));
  }

  private static ListAssert<String> assertIds(List<OutboxEntry> entries) {
    return assertThat(entries.stream().map(OutboxEntry::id).toList());
  }

  private void settle(String id, UnaryOperator<OutboxEntry> attempt) {
    outbox.settle(outbox.find(id).map(attempt).stream().toList(), List.of());
  }

  private List<String> due(long seconds) {
    return due(seconds, 100).stream().map(OutboxEntry::id).toList();
  }

  private List<OutboxEntry> due(long seconds, int limit) {
    return outbox.due(Samples.t(seconds), any -> limit, any -> true, limit);
  }

  @Test
  public void gives_back_the_whole_entry() {
    OutboxEntry entry = entry("a", "pager", "k1", 0);
    put(entry);
    assertThat(due(0, 1)).containsExactly(entry);
    assertThat(outbox.find("a")).contains(entry);
    assertThat(outbox.find("b")).isEmpty();
  }

  @Test
  public void a_known_id_changes_nothing_in_whatever_state() {
    OutboxEntry one = entry("a", "pager", "k1", 0);
    put(one, one);
    assertThat(outbox.pending()).isEqualTo(1);
    settle("a", entry -> entry.failed(Samples.t(60), "timeout"));
    put(one);
    assertThat(due(59)).isEmpty();
    settle("a", entry -> entry.delivered(Samples.t(60)));
    put(one);
    assertThat(due(100)).isEmpty();
    assertThat(outbox.pending()).isZero();
  }

  @Test
  public void only_the_oldest_of_a_lane_is_due_and_nothing_overtakes_it() {
    put(
        entry("second", "pager", "k1", 2),
        entry("first", "pager", "k1", 1),
        entry("other-receiver", "slack", "k1", 3),
        entry("other-key", "pager", "k2", 4));
    assertThat(due(10)).containsExactly("first", "other-receiver", "other-key");
    settle("first", entry -> entry.failed(Samples.t(60), "503"));
    assertThat(due(10)).containsExactly("other-receiver", "other-key");
    assertThat(due(60)).containsExactly("first", "other-receiver", "other-key");
    settle("first", entry -> entry.delivered(Samples.t(60)));
    assertThat(due(60)).startsWith("second");
  }

  @Test
  public void entries_of_the_same_instant_keep_their_order() {
    putForPager("z", "k1", 0);
    put(entry("b", "pager", "k1", 0), entry("a", "pager", "k1", 0));
    for (String id : List.of("z", "b", "a")) {
      assertThat(due(0)).containsExactly(id);
      settle(id, entry -> entry.delivered(Samples.T0));
    }
  }

  @Test
  public void a_failed_attempt_is_counted_with_its_reason() {
    putForPager("a", "k1", 0);
    settle("a", entry -> entry.failed(Samples.t(5), "503"));
    settle("a", entry -> entry.failed(Samples.t(9), "timeout"));
    assertThat(outbox.find("a").orElseThrow())
        .extracting(OutboxEntry::attempts, OutboxEntry::lastError, OutboxEntry::nextAttemptAt)
        .containsExactly(2, "timeout", Samples.t(9));
    assertThat(outbox.deadLetters(10)).isEmpty();
  }

  @Test
  public void dead_letters_are_kept_newest_first_and_free_their_lane() {
    put(entry("a", "pager", "k1", 0), entry("b", "pager", "k1", 1), entry("c", "pager", "k1", 2));
    settle("a", entry -> entry.dead(Samples.t(5), "400: no such key"));
    settle("b", entry -> entry.dead(Samples.t(6), "400: no such key"));
    assertIds(outbox.deadLetters(10)).containsExactly("b", "a");
    assertIds(outbox.deadLetters(1)).containsExactly("b");
    assertThat(due(7)).containsExactly("c");
  }

  @Test
  public void marks_on_unknown_or_finished_ids_are_ignored() {
    settle("nobody", entry -> entry.delivered(Samples.T0));
    putForPager("a", "k1", 0);
    settle("a", entry -> entry.delivered(Samples.t(1)));
    settle("a", entry -> entry.failed(Samples.t(2), "late answer"));
    settle("a", entry -> entry.dead(Samples.t(2), "late answer"));
    assertThat(outbox.find("a").orElseThrow().state()).isEqualTo(OutboxEntry.State.DELIVERED);
    assertThat(due(9)).isEmpty();
  }

  @Test
  public void a_dead_letter_is_sent_again_when_somebody_asks_and_can_die_again() {
    putForPager("a", "k1", 0);
    assertThat(outbox.retry("a", Samples.t(1))).isEmpty();
    assertThat(outbox.retry("nobody", Samples.t(1))).isEmpty();
    settle("a", entry -> entry.dead(Samples.t(5), "400: no such key"));
    OutboxEntry again = outbox.retry("a", Samples.t(9)).orElseThrow();
    assertThat(again.state()).isEqualTo(OutboxEntry.State.PENDING);
    assertThat(again.attempts()).isEqualTo(1);
    assertThat(outbox.deadLetters(10)).isEmpty();
    assertThat(outbox.pending()).isEqualTo(1);
    assertThat(due(8)).isEmpty();
    assertThat(due(9)).containsExactly("a");
    settle("a", entry -> entry.dead(Samples.t(10), "400: still no such key"));
    assertThat(outbox.deadLetters(10))
        .extracting(OutboxEntry::lastError)
        .containsExactly("400: still no such key");
    assertThat(outbox.retry("a", Samples.t(11))).isPresent();
    settle("a", entry -> entry.delivered(Samples.t(12)));
    assertThat(outbox.retry("a", Samples.t(13))).isEmpty();
    assertThat(outbox.find("a").orElseThrow().attempts()).isEqualTo(3);
  }

  @Test
  public void the_limit_holds_and_the_oldest_come_first() {
    put(entry("b", "pager", "k2", 2), entry("a", "pager", "k1", 1), entry("c", "pager", "k3", 3));
    assertIds(due(9, 2)).containsExactly("a", "b");
  }

  @Test
  public void what_is_not_free_is_passed_over_and_the_next_lanes_come() {
    put(entry("a", "pager", "k1", 1), entry("b", "pager", "k1", 2), entry("c", "slack", "k1", 3));
    assertIds(outbox.due(Samples.t(9), one -> one.equals("pager") ? 0 : 5, any -> true, 5))
        .containsExactly("c");
    assertIds(outbox.due(Samples.t(9), any -> 5, lane -> !lane.startsWith("pager\n"), 5))
        .containsExactly("c");
  }

  @Test
  public void a_receiver_gets_no_more_than_it_has_room_for_and_busy_lanes_take_none_of_it() {
    put(
        entry("a", "pager", "k1", 1),
        entry("b", "pager", "k2", 2),
        entry("c", "pager", "k3", 3),
        entry("d", "slack", "k1", 4));
    assertIds(outbox.due(Samples.t(9), any -> 1, lane -> !lane.equals("pager\nk1"), 5))
        .containsExactly("b", "d");
  }

  @Test
  public void what_was_due_is_not_while_the_clock_is_set_back() {
    put(entry("a", "pager", "k1", 1), entry("b", "pager", "k2", 20));
    assertThat(due(30)).containsExactly("a", "b");
    assertThat(due(10)).containsExactly("a");
    assertThat(due(20)).containsExactly("a", "b");
  }

  @Test
  public void what_was_handed_on_says_so_and_is_not_handed_on_again() {
    OutboxEntry a = entry("a", "pager", "k1", 1);
    put(a, entry("b", "pager", "k1", 2));
    OutboxEntry copy = a.inPlace("slack", List.of("pager"), "which is away", Samples.t(5));
    outbox.settle(List.of(a.asHandedOn()), List.of(copy, copy));
    assertIds(outbox.notHandedOn("pager", 5)).containsExactly("b");
    assertIds(outbox.pendingOf("pager", 5)).containsExactly("a", "b");
    assertThat(outbox.find("a/for/slack")).contains(copy);
    settle("a", entry -> entry.failed(Samples.t(6), "503"));
    assertThat(outbox.find("a").orElseThrow().handedOn()).isTrue();
    assertIds(outbox.notHandedOn("pager", 5)).containsExactly("b");
    settle("a/for/slack", entry -> entry.delivered(Samples.t(7)));
    outbox.settle(List.of(), List.of(copy));
    assertThat(outbox.pending()).isEqualTo(2);
  }

  @Test
  public void a_dead_letter_that_somebody_leaves_at_that_is_none_any_more() {
    putForPager("a", "k1", 0);
    assertThat(outbox.dismiss("a")).isEmpty();
    assertThat(outbox.dismiss("nobody")).isEmpty();
    settle("a", entry -> entry.dead(Samples.t(5), "400: no such key"));
    assertThat(outbox.dismiss("a").orElseThrow().state()).isEqualTo(OutboxEntry.State.DISMISSED);
    assertThat(outbox.deadLetters(10)).isEmpty();
    assertThat(outbox.dismiss("a")).isEmpty();
    assertThat(outbox.retry("a", Samples.t(9))).isEmpty();
    assertThat(outbox.pending()).isZero();
    assertThat(outbox.find("a").orElseThrow().lastError()).isEqualTo("400: no such key");
  }

  @Test
  public void gives_what_is_pending_of_one_receiver_due_or_not() {
    put(entry("b", "pager", "k1", 2), entry("a", "pager", "k1", 1), entry("c", "slack", "k1", 0));
    settle("b", entry -> entry.failed(Samples.t(900), "503"));
    assertIds(outbox.pendingOf("pager", 5)).containsExactly("a", "b");
    settle("a", entry -> entry.delivered(Samples.t(5)));
    assertIds(outbox.pendingOf("pager", 5)).containsExactly("b");
  }

  @Test
  public void knows_who_was_told_in_the_place_of_a_receiver_under_the_same_key() {
    // Ids as Owed makes them: of the incident of Samples, of one that was merged into it under its
    // own key, and of a digest.
    String incident = "INC-20260301-AAAAA/3/pager/triggered";
    String merged = "INC-20260301-BBBBB/1/pager/triggered";
    String digest = "tidemark/digest/INC-20260301-CCCCC-1/4/pager/triggered";
    for (String id : List.of(incident, merged, digest)) {
      String key =
          id.startsWith("INC") ? Incident.dedupKeyOf(id.substring(0, 18)) : id.substring(0, 36);
      OutboxEntry entry = entry(id, "pager", key, 1);
      OutboxEntry first = entry.inPlace("slack", List.of("pager"), "which fails", Samples.t(2));
      OutboxEntry second =
          first.inPlace("mail", List.of("pager", "slack"), "which fails", Samples.t(3));
      put(entry);
      outbox.settle(List.of(entry.asHandedOn()), List.of(second, first));
      settle(first.id(), one -> one.delivered(Samples.t(4)));
      assertIds(outbox.inPlaceOf(entry.notification()))
          .as(key)
          .containsExactly(first.id(), second.id());
      assertIds(outbox.inPlaceOf(first.notification())).containsExactly(second.id());
      assertThat(outbox.inPlaceOf(second.notification())).isEmpty();
    }
  }
}
