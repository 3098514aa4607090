package dev.tidemark.engine.server;

import dev.tidemark.engine.loop.SteadyClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * By which time a server goes.
 *
 * @param clock engine time
 * @param steady the same time, but never going back: by it waits are counted
 * @param judgingDelay how far judging stays behind it
 * @param start engine time of the start, up to which signals of an earlier run have been received
 */
record Times(Clock clock, SteadyClock steady, Duration judgingDelay, Instant start) {}
