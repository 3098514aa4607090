package dev.tidemark.alerting;

import static dev.tidemark.alerting.Samples.t;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class DispatcherTest extends DispatcherWorld {
  @Test
  void sends_a_lane_in_order_within_one_step() {
    put("2", "pager", "k", t(2));
    put("1", "pager", "k", t(1));
    put("3", "pager", "k", t(3));
    Dispatcher dispatcher = dispatcher(outbox, any -> new Delivery.Delivered());
    dispatcher.run(() -> t(10), ALWAYS);
    assertThat(sent).containsExactly("1", "2", "3");
    assertThat(dispatcher.stats().delivered()).containsEntry("pager", 3L);
    assertThat(dispatcher.stats().pending()).isZero();
  }

  @Test
  void sends_nothing_more_when_it_may_not_any_more_and_settles_what_was_under_way() {
    put("1", "pager", "k", t(1));
    put("2", "pager", "k", t(2));
    AtomicBoolean allowed = new AtomicBoolean(true);
    Dispatcher dispatcher =
        dispatcher(
            outbox,
            any -> {
              allowed.set(false);
              return new Delivery.Delivered();
            });
    dispatcher.run(() -> t(10), allowed::get);
    assertThat(sent).containsExactly("1");
    assertThat(entry("1").state()).isEqualTo(OutboxEntry.State.DELIVERED);
    assertThat(entry("2").state()).isEqualTo(OutboxEntry.State.PENDING);
    allowed.set(true);
    dispatcher.run(() -> t(10), allowed::get);
    assertThat(sent).containsExactly("1", "2");
  }

  @Test
  void backs_off_with_doubling_jittered_pauses_up_to_the_cap() {
    put("1", "pager", "k", t(0));
    Dispatcher dispatcher = dispatcher(outbox, any -> new Delivery.Retry("503", null));
    AtomicReference<Instant> clock = new AtomicReference<>(t(0));
    for (int attempt = 0; attempt < 10; attempt++) {
      Instant now = clock.get();
      dispatcher.run(clock::get, ALWAYS);
      Duration pause = Duration.between(now, entry("1").nextAttemptAt());
      Duration full = Duration.ofSeconds(Math.min(300, 2L << attempt));
      assertThat(pause).isBetween(full.dividedBy(2), full);
      dispatcher.run(clock::get, ALWAYS);
      assertThat(entry("1").attempts()).isEqualTo(attempt + 1);
      clock.set(entry("1").nextAttemptAt());
    }
    assertThat(dispatcher.stats().failed()).containsEntry("pager", 10L);
  }

  @Test
  void honours_what_the_receiver_asks_for() {
    put("1", "pager", "k", t(0));
    dispatcher(outbox, any -> new Delivery.Retry("429", Duration.ofMinutes(15)))
        .run(() -> t(0), ALWAYS);
    assertThat(entry("1").nextAttemptAt()).isEqualTo(t(900));
  }

  @Test
  void gives_up_when_too_old_and_frees_the_lane() {
    put("1", "pager", "k", t(0));
    put("2", "pager", "k", t(3000));
    Dispatcher dispatcher =
        dispatcher(
            outbox,
            one ->
                one.id().equals("1") ? new Delivery.Retry("503", null) : new Delivery.Delivered());
    dispatcher.run(() -> t(3600), ALWAYS);
    assertThat(outbox.deadLetters(5))
        .singleElement()
        .satisfies(dead -> assertThat(dead.lastError()).contains("too old", "503"));
    assertThat(entry("2").state()).isEqualTo(OutboxEntry.State.DELIVERED);
    assertThat(dispatcher.stats().dead()).containsEntry("pager", 1L);
  }

  @Test
  void a_rejection_is_a_dead_letter_after_one_attempt() {
    put("1", "pager", "k", t(0));
    dispatcher(outbox, any -> new Delivery.Rejected("400: invalid key")).run(() -> t(0), ALWAYS);
    assertThat(sent).hasSize(1);
    assertThat(entry("1").state()).isEqualTo(OutboxEntry.State.DEAD);
    assertThat(entry("1").lastError()).isEqualTo("400: invalid key");
  }

  @Test
  void a_failing_receiver_does_not_hold_up_another() {
    put("1", "pager", "k", t(0));
    put("2", "slack", "k", t(0));
    dispatcher(
            outbox,
            one ->
                one.receiver().equals("pager")
                    ? new Delivery.Retry("timeout", null)
                    : new Delivery.Delivered())
        .run(() -> t(0), ALWAYS);
    assertThat(entry("2").state()).isEqualTo(OutboxEntry.State.DELIVERED);
    assertThat(entry("1").state()).isEqualTo(OutboxEntry.State.PENDING);
  }

  @Test
  void a_notifier_that_throws_and_an_unknown_receiver_are_tried_again() {
    put("1", "pager", "k", t(0));
    put("2", "gone", "k", t(0));
    dispatcher(
            outbox,
            any -> {
              throw new IllegalStateException("a bug");
            })
        .run(() -> t(0), ALWAYS);
    assertThat(entry("1").lastError()).contains("a bug");
    assertThat(entry("2").lastError()).contains("no receiver 'gone'");
  }

  @Test
  void speaks_to_as_many_receivers_at_once_as_allowed_and_no_more() {
    for (int i = 0; i < 12; i++) {
      put("e" + i, "pager", "k" + i, t(0));
    }
    CyclicBarrier three = new CyclicBarrier(3);
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    dispatcher(
            outbox,
            any -> {
              int here = now.incrementAndGet();
              int unused = most.accumulateAndGet(here, Math::max);
              meet(three);
              int left = now.decrementAndGet();
              return left < 0 ? new Delivery.Rejected("impossible") : new Delivery.Delivered();
            })
        .run(() -> t(0), ALWAYS);
    assertThat(sent).hasSize(12);
    assertThat(most.get()).isEqualTo(3);
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      int unused = barrier.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new AssertionError("fewer than three at a time", e);
    }
  }

  @Test
  void an_outbox_that_cannot_mark_is_asked_again_and_nothing_is_sent_twice() {
    put("1", "pager", "k1", t(0));
    put("2", "pager", "k2", t(0));
    AtomicInteger marks = new AtomicInteger();
    InMemoryOutbox faulty =
        new InMemoryOutbox() {
          @Override
          public synchronized void settle(List<OutboxEntry> tried, List<OutboxEntry> added) {
            if (!tried.isEmpty() && marks.getAndIncrement() == 0) {
              throw new IllegalStateException("the store is away");
            }
            super.settle(tried, added);
          }
        };
    faulty.enqueue(outbox.all());
    Dispatcher dispatcher = dispatcher(faulty, any -> new Delivery.Delivered());
    assertThatThrownBy(() -> dispatcher.run(() -> t(0), ALWAYS)).hasMessage("the store is away");
    dispatcher.run(() -> t(1), ALWAYS);
    assertThat(sent).containsExactlyInAnyOrder("1", "2");
    assertThat(faulty.pending()).isZero();
  }

  @Test
  void a_receiver_that_fails_five_times_in_a_row_is_tried_with_one_at_a_time() {
    for (int i = 0; i < 20; i++) {
      put("e" + i, "pager", "k" + i, t(0));
    }
    AtomicReference<Delivery> answer = new AtomicReference<>(new Delivery.Retry("503", null));
    Duration pause = Duration.ofSeconds(40);
    Dispatcher dispatcher =
        dispatcher(
            outbox,
            new DispatcherSettings(pause, pause, Duration.ofHours(1), 3, 100),
            any -> answer.get());
    dispatcher.run(() -> t(0), ALWAYS);
    // Five, and what was under way already when the fifth failed: three at a time are allowed.
    assertThat(sent).hasSizeBetween(5, 7);
    assertThat(dispatcher.stats().failingSince()).containsEntry("pager", t(0));
    int before = sent.size();
    // Half of the pause of 40 s is fixed, the other half random.
    dispatcher.run(() -> t(19), ALWAYS);
    assertThat(sent).hasSize(before);
    dispatcher.run(() -> t(40), ALWAYS);
    assertThat(sent).hasSize(before + 1);
    answer.set(new Delivery.Delivered());
    dispatcher.run(() -> t(80), ALWAYS);
    assertThat(outbox.pending()).isZero();
    assertThat(dispatcher.stats().failingSince()).isEmpty();
  }

  @Test
  void a_slow_receiver_holds_up_no_other_even_with_many_waiting() throws Exception {
    for (int i = 0; i < 4; i++) {
      put("slow" + i, "pager", "k" + i, t(0));
    }
    put("quick", "slack", "k", t(1));
    CountDownLatch told = new CountDownLatch(1);
    Dispatcher dispatcher =
        dispatcher(
            outbox,
            new DispatcherSettings(
                Duration.ofSeconds(2), Duration.ofMinutes(5), Duration.ofHours(1), 3, 2),
            one -> {
              if (one.receiver().equals("slack")) {
                told.countDown();
              } else {
                awaitQuick(told);
              }
              return new Delivery.Delivered();
            });
    dispatcher.run(() -> t(2), ALWAYS);
    assertThat(outbox.pending()).isZero();
  }

  private static void awaitQuick(CountDownLatch told) {
    try {
      assertThat(told.await(10, TimeUnit.SECONDS)).as("the other one was told").isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void an_error_in_a_notifier_neither_keeps_its_lane_busy_nor_a_place() {
    put("1", "pager", "k", t(0));
    put("2", "pager", "k", t(1));
    AtomicInteger calls = new AtomicInteger();
    Dispatcher dispatcher =
        dispatcher(
            outbox,
            new DispatcherSettings(
                Duration.ofSeconds(2), Duration.ofMinutes(5), Duration.ofHours(1), 1, 1),
            any -> {
              if (calls.getAndIncrement() == 0) {
                throw new StackOverflowError("deep");
              }
              return new Delivery.Delivered();
            });
    dispatcher.run(() -> t(2), ALWAYS);
    assertThat(entry("1").lastError()).contains("StackOverflowError");
    dispatcher.run(() -> t(60), ALWAYS);
    assertThat(sent).containsExactly("1", "1", "2");
  }

  @Test
  void nothing_more_is_begun_once_another_server_leads() throws Exception {
    for (int i = 0; i < 10; i++) {
      put("e" + i, "pager", "k" + i, t(0));
    }
    AtomicBoolean leads = new AtomicBoolean(true);
    CountDownLatch slow = new CountDownLatch(1);
    Dispatcher dispatcher =
        dispatcher(
            outbox,
            any -> {
              // The office is lost while the first three are on their way.
              leads.set(false);
              awaitQuick(slow);
              return new Delivery.Delivered();
            });
    Thread step = new Thread(() -> dispatcher.run(() -> t(0), leads::get));
    step.start();
    while (leads.get()) {
      Thread.onSpinWait();
    }
    slow.countDown();
    step.join(10_000);
    assertThat(step.isAlive()).isFalse();
    assertThat(sent).hasSizeBetween(1, 3);
    assertThat(outbox.pending()).isEqualTo(10 - sent.size());
  }

  @Test
  void a_receiver_that_asks_for_silence_is_sent_nothing_of_any_incident_until_it_is_over() {
    put("1", "pager", "k1", t(0));
    AtomicReference<Delivery> answer =
        new AtomicReference<>(new Delivery.Retry("429", Duration.ofHours(3)));
    Dispatcher dispatcher =
        dispatcher(
            outbox,
            new DispatcherSettings(
                Duration.ofSeconds(2), Duration.ofMinutes(5), Duration.ofDays(1), 3, 2),
            one -> one.receiver().equals("pager") ? answer.get() : new Delivery.Delivered());
    dispatcher.run(() -> t(0), ALWAYS);
    put("2", "pager", "k2", t(1));
    put("other", "slack", "k2", t(1));
    answer.set(new Delivery.Delivered());
    dispatcher.run(() -> t(3_599), ALWAYS);
    assertThat(sent).containsExactly("1", "other");
    // Who asks for longer than an hour is asked again after one.
    dispatcher.run(() -> t(3_600), ALWAYS);
    assertThat(outbox.pending()).isZero();
  }
}
