package dev.tidemark.engine.server;

import dev.tidemark.engine.api.EngineState;
import dev.tidemark.engine.api.EventStream;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.telemetry.EngineMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** How Tidemark and its objectives do, for {@code /metrics}. Stateless. */
final class StateMetrics {
  private static final int REMARKS_AT_MOST = 1_000;

  private StateMetrics() {}

  static void register(EngineMetrics metrics, EngineState state, EventStream stream) {
    metrics.gauge(
        "tidemark_ingest_queue_rows",
        "Rows that wait for ClickHouse.",
        () -> state.health().get().queuedRows());
    metrics.gauge(
        "tidemark_spool_bytes",
        "Bytes on disk that wait for ClickHouse.",
        () -> state.health().get().spooledBytes());
    metrics.gauge(
        "tidemark_stored_rows",
        "Rows committed since the start.",
        () -> state.health().get().insertedRows());
    metrics.gauge(
        "tidemark_judged_behind_seconds",
        "How far judging is behind the clock.",
        () -> state.health().get().judgedBehindSeconds());
    metrics.gauge(
        "tidemark_notifications_undelivered",
        "Notifications on their way.",
        () -> state.health().get().undelivered());
    metrics.gauge(
        "tidemark_notifications_dead",
        "Notifications given up; a person has to look.",
        () -> state.health().get().deadLetters());
    ReceiverMetrics.register(metrics, state.dispatch(), state.clock());
    metrics.marks(
        "tidemark_objective_remarks",
        "What is odd about an objective: a selector that never found a series and the like.",
        List.of("objective", "kind"),
        () -> remarks(state));
    metrics.gauge("tidemark_live_pages", "Pages that listen for updates.", stream::size);
  }

  private static List<List<String>> remarks(EngineState state) {
    return state
        .judge()
        .ask(
            judge -> {
              List<List<String>> rows = new ArrayList<>();
              for (Objective objective : judge.definitions().objectives()) {
                judge.remarks(objective.id()).stream()
                    .map(remark -> List.of(objective.id().value(), remark.kind().text()))
                    .distinct()
                    .forEach(rows::add);
                if (rows.size() >= REMARKS_AT_MOST) {
                  break;
                }
              }
              return rows;
            })
        .toCompletableFuture()
        .completeOnTimeout(List.of(), 2, TimeUnit.SECONDS)
        .join();
  }
}
