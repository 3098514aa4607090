package dev.tidemark.engine.selfwatch;

import java.time.Duration;
import java.util.List;

/**
 * How Tidemark is at one moment; all lengths are true time, also where a demonstration's clock runs
 * faster. Immutable.
 *
 * @param judgedBehind how long ago judging last reached the clock
 * @param spooledBytes signals on the own disk that wait for ClickHouse
 * @param oldestUndelivered since when the oldest notification is on its way; zero when none is
 * @param givenUp notifications that were given up and that nobody has looked at
 * @param clickHouseAnswers whether ClickHouse gave a sign of life
 * @param pageWaits since when the oldest page is on its way that reached nobody, not even a
 *     fallback; zero when none is
 * @param uncopiedFor since when ClickHouse lacks decisions that are on the own disk; zero when it
 *     has all
 * @param auditDropped audit entries that were cut off since the last look
 * @param standing names of the parts that stand still
 */
public record OwnHealth(
    Duration judgedBehind,
    long spooledBytes,
    Duration oldestUndelivered,
    long givenUp,
    boolean clickHouseAnswers,
    Duration pageWaits,
    Duration uncopiedFor,
    long auditDropped,
    List<String> standing) {
  public OwnHealth {
    standing = List.copyOf(standing);
  }
}
