package dev.tidemark.engine.alerts;

import dev.tidemark.alerting.AlertingJson;
import dev.tidemark.alerting.OutboxEntry;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes entries as {@link AlertingJson} does, but the notification, which is nearly all of it and
 * never changes, only once: most entries are written twice within a second, as pending and as
 * delivered. What was written last is remembered, a few megabytes of it. Not thread-safe.
 */
final class EntryJson {
  private static final int REMEMBERED = 2_048;

  /** Digests may have megabytes. */
  private static final int LONGEST_REMEMBERED = 16 * 1024;

  private final Map<String, String> notifications =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** An entry without its notification, field by field as there. */
  private record Rest(
      OutboxEntry.State state,
      int attempts,
      Instant nextAttemptAt,
      @Nullable Instant finishedAt,
      @Nullable String lastError,
      int retries,
      boolean handedOn,
      List<String> sharedWith) {}

  String write(OutboxEntry entry) {
    String rest =
        AlertingJson.write(
            new Rest(
                entry.state(),
                entry.attempts(),
                entry.nextAttemptAt(),
                entry.finishedAt(),
                entry.lastError(),
                entry.retries(),
                entry.handedOn(),
                entry.sharedWith()));
    return "{\"notification\":" + notification(entry) + "," + rest.substring(1);
  }

  private String notification(OutboxEntry entry) {
    String known = notifications.remove(entry.id());
    String json = known == null ? AlertingJson.write(entry.notification()) : known;
    if (entry.state() == OutboxEntry.State.PENDING && json.length() <= LONGEST_REMEMBERED) {
      notifications.put(entry.id(), json);
    }
    return json;
  }
}
