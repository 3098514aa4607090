package dev.tidemark.engine.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.NotificationKind;
import dev.tidemark.alerting.OutboxEntry;
import dev.tidemark.alerting.Samples;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PendingEntriesTest {
  private static final Notification SAMPLE =
      Samples.notification("s", NotificationKind.TRIGGERED, "dead", "k", Samples.T0);

  /** Shares the incident, so that a hundred thousand fit. */
  private static OutboxEntry entry(String id, String receiver, String key, Instant at) {
    return OutboxEntry.of(
        new Notification(
            id,
            NotificationKind.TRIGGERED,
            key,
            receiver,
            "new",
            at,
            SAMPLE.incident(),
            "https://x",
            null,
            null,
            null));
  }

  @Test
  void a_hundred_thousand_that_wait_for_a_dead_receiver_are_not_looked_at_for_another() {
    PendingEntries pending = new PendingEntries();
    for (int i = 0; i < 100_000; i++) {
      pending.hold(entry("d" + i, "dead", "k" + i, Samples.t(0)));
    }
    pending.hold(entry("a", "alive", "k", Samples.t(1)));
    AtomicInteger looked = new AtomicInteger();
    List<OutboxEntry> due =
        pending.due(
            Samples.t(2),
            receiver -> receiver.equals("dead") ? 1 : 8,
            lane -> {
              looked.incrementAndGet();
              // One is on its way to the receiver that is dead.
              return !lane.equals("dead\nk0");
            },
            32);
    assertThat(due).extracting(OutboxEntry::id).containsExactly("d1", "a");
    assertThat(looked).hasValue(3);
    assertThat(pending.due(Samples.t(2), receiver -> 0, lane -> true, 32)).isEmpty();
  }

  @Test
  void what_is_tried_again_later_is_not_looked_at_before() {
    PendingEntries pending = new PendingEntries();
    List<OutboxEntry> failed = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      OutboxEntry entry = entry("e" + i, "pager", "k" + i, Samples.t(0));
      pending.hold(entry);
      failed.add(entry.failed(Samples.t(60 + i), "503"));
    }
    assertThat(pending.due(Samples.t(1), receiver -> 5_000, lane -> true, 5_000)).hasSize(1_000);
    failed.forEach(pending::hold);
    AtomicInteger looked = new AtomicInteger();
    assertThat(
            pending.due(
                Samples.t(61), receiver -> 5_000, lane -> looked.incrementAndGet() > 0, 5_000))
        .extracting(OutboxEntry::id)
        .containsExactly("e0", "e1");
    assertThat(looked).hasValue(2);
    assertThat(pending.size()).isEqualTo(1_000);
    failed.forEach(pending::remove);
    assertThat(pending.size()).isZero();
    assertThat(pending.oldest()).isEmpty();
    assertThat(pending.find("e7")).isNull();
  }
}
