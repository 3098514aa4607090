package dev.tidemark.engine.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.Selector;
import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.planned.Plans;
import dev.tidemark.engine.store.BucketStore.Bucket;
import dev.tidemark.engine.store.BucketStore.Checkpoint;
import dev.tidemark.engine.store.SignalReader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start after a stop. */
class RestartTest {
  private static final ObjectiveId ID = new ObjectiveId("orders-validity");
  private static final Instant STOPPED = Instant.parse("2026-03-28T12:00:00Z");
  private static final Definitions DEFINITIONS =
      SavedWindowsProperties.definitions(
          """
          apiVersion: tidemark/v1
          kind: Dataset
          metadata: {name: orders}
          spec:
            owner: team-payments
            objectives: [{validity: {target: 99%, window: 7d}}]
          """);

  private static final class NoSignals implements SignalReader {
    @Override
    public void readPoints(
        Collection<Selector> selectors, Instant from, Instant to, Consumer<MetricPoint> consumer) {}

    @Override
    public void readArrivals(
        Collection<Selector> selectors, Instant from, Instant to, Arrivals consumer) {}

    @Override
    public void readPointsReceived(
        Collection<Selector> selectors, Instant from, Instant to, Consumer<MetricPoint> consumer) {}
  }

  /** Two days of 100 rows a minute, one of them rejected: 288,000 rows in all. */
  private static MemoryBuckets twoDays() {
    List<Bucket> all = new ArrayList<>();
    for (int minute = 2 * 1_440; minute > 0; minute--) {
      Instant start = STOPPED.minusSeconds(60L * minute);
      all.add(new Bucket(ID, start, new EventCounts(99, 100), false, false));
    }
    MemoryBuckets buckets = new MemoryBuckets();
    buckets.write(all, 1);
    buckets.writeCheckpoint(new Checkpoint(STOPPED, STOPPED));
    return buckets;
  }

  private static EventCounts counts(Restart.Resumed resumed) {
    return resumed.judge().snapshot(ID, resumed.judgedUntil()).orElseThrow().counts();
  }

  @Test
  void a_clock_that_was_set_back_costs_no_history(@TempDir Path folder) {
    Instant now = STOPPED.minusSeconds(6 * 3_600);
    Restart.Resumed resumed =
        new Restart(twoDays(), new NoSignals(), folder.resolve("windows.bin"))
            .resume(DEFINITIONS, Plans.of(DEFINITIONS), now, now);
    assertThat(resumed.judgedUntil()).isEqualTo(STOPPED);
    // Minutes younger than the allowed lateness are judged again from signals, of which none are
    // here: of 2,880 minutes all count but those of the allowed hour and one slice.
    assertThat(counts(resumed)).isEqualTo(new EventCounts(2_819 * 99, 2_819 * 100));
  }
}
