package dev.tidemark.alerting.notify.http;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a receiver said lately, by dedup key, so that it need not be asked again; nothing depends on
 * it, the receiver itself is the memory. Keeps the last 1000. Thread-safe.
 *
 * @param <T> what is remembered
 */
public final class Recent<T> {
  private static final int KEPT = 1000;

  private final Map<String, T> byKey =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
          return size() > KEPT;
        }
      };

  /** Returns what is remembered; null when nothing. */
  public synchronized @Nullable T get(String key) {
    return byKey.get(key);
  }

  /** Remembers. */
  public synchronized void put(String key, T value) {
    byKey.put(key, value);
  }

  /** Forgets, because it turned out to be wrong. */
  public synchronized void forget(String key) {
    byKey.remove(key);
  }
}
