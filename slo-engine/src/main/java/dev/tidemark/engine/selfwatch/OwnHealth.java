package dev.tidemark.engine.selfwatch;

import java.time.Duration;

/**
 * How Tidemark is at one moment; all lengths are true time, also where a demonstration's clock runs
 * faster. Immutable.
 *
 * @param judgedBehind how long ago judging last reached the clock
 * @param spooledBytes signals on the own disk that wait for ClickHouse
 * @param oldestUndelivered since when the oldest notification is on its way; zero when none is
 * @param givenUp notifications that were given up and that nobody has looked at
 * @param clickHouseAnswers whether ClickHouse gave a sign of life
 */
public record OwnHealth(
    Duration judgedBehind,
    long spooledBytes,
    Duration oldestUndelivered,
    long givenUp,
    boolean clickHouseAnswers) {}
