package dev.tidemark.engine.runs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.engine.model.LineageEvent;
import dev.tidemark.engine.model.SpanRecord;
import dev.tidemark.engine.runs.Run.Outcome;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts runs together: a run may be told of by spans, by OpenLineage events, or by both under the
 * same id. Of two outcomes the later one counts; a root span has its outcome when it arrives,
 * because spans are sent at their end. Stateless.
 */
public final class RunHistory {
  private static final ObjectMapper JSON = new ObjectMapper();

  private RunHistory() {}

  /**
   * Returns the runs, newest first.
   *
   * @param roots root spans of the pipeline
   * @param events run events of the job
   */
  public static List<Run> of(List<SpanRecord> roots, List<LineageEvent> events) {
    Map<String, Run> runs = new LinkedHashMap<>();
    for (SpanRecord root : roots) {
      runs.merge(idOf(root), of(root), RunHistory::joined);
    }
    events.stream()
        .sorted(Comparator.comparingLong(LineageEvent::eventTimeNanos))
        .forEach(event -> runs.merge(event.runId(), of(event), RunHistory::joined));
    return runs.values().stream()
        .sorted(Comparator.comparing(Run::newest).reversed().thenComparing(Run::id))
        .toList();
  }

  private static String idOf(SpanRecord root) {
    return root.runId().isEmpty() ? root.traceId() : root.runId();
  }

  private static Run of(SpanRecord root) {
    boolean failed = root.status().equals("ERROR");
    return new Run(
        idOf(root),
        root.traceId(),
        failed ? Outcome.FAILURE : Outcome.SUCCESS,
        instant(root.startNanos()),
        instant(root.endNanos()),
        -1,
        failed ? root.statusMessage() : "");
  }

  private static Run of(LineageEvent event) {
    Instant at = instant(event.eventTimeNanos());
    JsonNode json = json(event);
    long rows = -1;
    for (JsonNode output : json.path("outputs")) {
      JsonNode count = output.path("outputFacets").path("outputStatistics").path("rowCount");
      if (count.canConvertToLong() && count.asLong() >= 0) {
        rows = Math.max(0, rows) + count.asLong();
      }
    }
    return switch (event.eventType()) {
      case "COMPLETE" -> new Run(event.runId(), "", Outcome.SUCCESS, null, at, rows, "");
      case "FAIL", "ABORT" ->
          new Run(event.runId(), "", Outcome.FAILURE, null, at, rows, error(event, json));
      // Nothing written so far says nothing of how much it will be.
      default -> new Run(event.runId(), "", Outcome.RUNNING, at, null, rows == 0 ? -1 : rows, "");
    };
  }

  static String error(LineageEvent event, JsonNode json) {
    String message =
        json.path("run").path("facets").path("errorMessage").path("message").asText("");
    return message.isEmpty() && event.eventType().equals("ABORT") ? "aborted" : message;
  }

  private static Run joined(Run one, Run other) {
    boolean otherEndsLater =
        other.outcome() != Outcome.RUNNING
            && (one.outcome() == Outcome.RUNNING || !other.newest().isBefore(one.newest()));
    Run end = otherEndsLater ? other : one;
    return new Run(
        one.id(),
        one.traceId().isEmpty() ? other.traceId() : one.traceId(),
        end.outcome(),
        earlier(one.started(), other.started()),
        later(one.ended(), other.ended()),
        Math.max(one.rows(), other.rows()),
        end.error().isEmpty() && end.outcome() == Outcome.FAILURE
            ? one.error() + other.error()
            : end.error());
  }

  private static @Nullable Instant earlier(@Nullable Instant a, @Nullable Instant b) {
    return a == null || (b != null && b.isBefore(a)) ? b : a;
  }

  private static @Nullable Instant later(@Nullable Instant a, @Nullable Instant b) {
    return a == null || (b != null && b.isAfter(a)) ? b : a;
  }

  static JsonNode json(LineageEvent event) {
    try {
      return JSON.readTree(event.json());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an event is stored that is no JSON: " + event.runId(), e);
    }
  }

  static Instant instant(long nanos) {
    return Instant.ofEpochSecond(
        Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
  }
}
