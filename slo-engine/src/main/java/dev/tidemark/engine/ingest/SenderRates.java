package dev.tidemark.engine.ingest;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A token bucket per sender, in records: it fills with the allowed rate up to ten seconds' worth. A
 * request is taken while anything is left and may overdraw, since its size is known only after it
 * was read; the sender waits until the debt is paid. Remembers the last 10,000 senders.
 * Thread-safe.
 */
final class SenderRates {
  private static final int SENDERS = 10_000;
  private static final int BURST_SECONDS = 10;

  private final long perSecond;
  private final InstantSource clock;
  private final Map<String, Bucket> buckets =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
          return size() > SENDERS;
        }
      };

  private static final class Bucket {
    double records;
    long atMillis;
  }

  SenderRates(long perSecond, InstantSource clock) {
    this.perSecond = perSecond;
    this.clock = clock;
  }

  /** Returns how long the sender has to wait, or null when it may go on. */
  @Nullable Duration wait(String sender) {
    if (perSecond == 0) {
      return null;
    }
    synchronized (buckets) {
      Bucket bucket = filled(sender);
      if (bucket.records > 0) {
        return null;
      }
      return Duration.ofMillis((long) Math.ceil((1 - bucket.records) * 1000 / perSecond));
    }
  }

  /** Takes records out of the sender's bucket. */
  void spend(String sender, int records) {
    if (perSecond == 0) {
      return;
    }
    synchronized (buckets) {
      filled(sender).records -= records;
    }
  }

  private Bucket filled(String sender) {
    long now = clock.millis();
    double most = (double) perSecond * BURST_SECONDS;
    Bucket bucket = buckets.get(sender);
    if (bucket == null) {
      bucket = new Bucket();
      bucket.records = most;
      bucket.atMillis = now;
      buckets.put(sender, bucket);
    }
    long passed = Math.max(0, now - bucket.atMillis);
    bucket.records = Math.min(most, bucket.records + passed * perSecond / 1000.0);
    bucket.atMillis = now;
    return bucket;
  }
}
