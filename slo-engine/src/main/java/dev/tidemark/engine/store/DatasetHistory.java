package dev.tidemark.engine.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** What is stored of one dataset, whoever writes it. Blocks; not for an event loop. */
public interface DatasetHistory {
  /**
   * Returns the newest watermark of any partition.
   *
   * @param since only watermarks reported at or after it are looked at
   * @return empty when none was reported
   */
  Optional<Instant> newestRecord(String dataset, Instant since);

  /**
   * What was counted in one step.
   *
   * @param start of the step, event time
   * @param records by outcome, such as {@code observed} and {@code expected}, over all partitions;
   *     an outcome that nobody reported is absent, which is not zero
   */
  record Step(Instant start, SortedMap<String, Double> records) {}

  /**
   * Returns the records counted since, oldest step first; steps without any signal are absent.
   *
   * @param since begin of the first step
   * @param step at least a second
   */
  List<Step> records(String dataset, Instant since, Duration step);
}
