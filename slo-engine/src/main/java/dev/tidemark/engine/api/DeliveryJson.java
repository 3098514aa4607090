package dev.tidemark.engine.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.alerting.OutboxEntry;
import java.time.Instant;
import java.util.Locale;

/**
 * Notifications on their way as JSON; {@code incident} is the first of the {@code incidents} that a
 * digest tells of. Pure functions.
 */
final class DeliveryJson {
  private DeliveryJson() {}

  static ObjectNode of(OutboxEntry entry) {
    Instant finished = entry.finishedAt();
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", entry.id())
        .put("incident", entry.notification().incident().id())
        .put("incidents", entry.notification().about().size())
        .put("receiver", entry.notification().receiver())
        .put("kind", entry.notification().kind().name().toLowerCase(Locale.ROOT))
        .put(
            "state",
            switch (entry.state()) {
              case PENDING -> "pending";
              case DELIVERED -> "sent";
              case DEAD -> "dead";
              case DISMISSED -> "dismissed";
            })
        .put("attempts", entry.attempts())
        .put("lastError", entry.lastError())
        .put("at", entry.createdAt().toString())
        .put("finishedAt", finished == null ? null : finished.toString());
  }
}
