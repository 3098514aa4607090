package dev.tidemark.engine.model;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;

/**
 * The 64-bit identities of series and points: FNV-1a over length-prefixed UTF-8 followed by the
 * finaliser of MurmurHash3, so that near inputs lie far apart.
 *
 * <p>Source: Fowler, Noll, Vo, "FNV hash" (offset basis and prime for 64 bits); Appleby,
 * MurmurHash3 {@code fmix64}.
 */
public final class SeriesIds {
  private static final long FNV_OFFSET_BASIS = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private SeriesIds() {}

  /** Returns the identity of a series; independent of the order in which attributes arrived. */
  public static long hash(
      String metric,
      MetricKind kind,
      SortedMap<String, String> resource,
      SortedMap<String, String> attributes) {
    long hash = text(FNV_OFFSET_BASIS, metric);
    hash = text(hash, kind.name());
    hash = map(hash, resource);
    hash = map(hash, attributes);
    return mix(hash);
  }

  /** Returns the identity of one point: the same for a retry, another for any other point. */
  public static long point(
      long seriesId, long startNanos, long timeNanos, double value, long count) {
    long hash = mix(seriesId);
    hash = mix(hash ^ startNanos);
    hash = mix(hash ^ timeNanos);
    hash = mix(hash ^ Double.doubleToLongBits(value));
    return mix(hash ^ count);
  }

  private static long map(long seed, Map<String, String> entries) {
    long hash = number(seed, entries.size());
    for (Map.Entry<String, String> entry : entries.entrySet()) {
      hash = text(hash, entry.getKey());
      hash = text(hash, entry.getValue());
    }
    return hash;
  }

  private static long text(long seed, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    long hash = number(seed, bytes.length);
    for (byte b : bytes) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    return hash;
  }

  private static long number(long seed, int number) {
    long hash = seed;
    for (int shift = 0; shift < 32; shift += 8) {
      hash = (hash ^ ((number >>> shift) & 0xff)) * FNV_PRIME;
    }
    return hash;
  }

  private static long mix(long value) {
    long h = value;
    h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
    h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return h ^ (h >>> 33);
  }
}
