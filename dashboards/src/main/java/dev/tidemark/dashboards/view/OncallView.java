package dev.tidemark.dashboards.view;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The page for the engineer on call.
 *
 * @param incidents open ones, most severe and oldest first
 * @param failing pipelines that fail now
 * @param burnWindows heads of the burn rate columns, such as {@code 5 min}
 * @param burns objectives, fastest burning first
 * @param connectors by name
 * @param silences in force or to come, the next end first
 * @param duty who is on call, and what does not arrive
 * @param queues queue depth, undelivered notifications, dead letters
 * @param health Tidemark's own: ingest lag, spool and the like
 */
public record OncallView(
    List<IncidentRow> incidents,
    List<FailingPipeline> failing,
    List<String> burnWindows,
    List<BurnRow> burns,
    List<Connector> connectors,
    List<SilenceRow> silences,
    DutyView duty,
    List<Figure> queues,
    List<Figure> health) {

  /**
   * A pipeline whose last run failed or that says nothing.
   *
   * @param pipeline its debug page
   * @param problem such as {@code 3 of the last 5 runs failed}
   * @param since when it began, or null when not known
   * @param lastError newest message, may be empty
   * @param run the failing run, or null
   */
  public record FailingPipeline(
      Link pipeline,
      String problem,
      @Nullable Instant since,
      String lastError,
      @Nullable Link run) {}

  /**
   * Somebody wants quiet.
   *
   * @param matchers what is silenced, such as {@code dataset="orders"}
   * @param author who
   * @param reason why
   * @param until when it ends
   * @param state in force or to come
   */
  public record SilenceRow(
      String matchers, String author, String reason, Instant until, Badge state) {}

  /**
   * How fast an objective burns.
   *
   * @param slo its page
   * @param dataset what it is about
   * @param state such as burning, healthy, unknown
   * @param budget what is left
   * @param rates one per head in {@link OncallView#burnWindows}
   */
  public record BurnRow(Link slo, Link dataset, Badge state, Meter budget, List<Badge> rates) {}

  /**
   * A connector and its beats.
   *
   * @param name of the connector
   * @param target what it feeds
   * @param state alive, late, silent
   * @param lastBeat event time of the newest beat, or null
   * @param promised such as {@code every 1 min}
   * @param cells the last hour or so, oldest first
   */
  public record Connector(
      String name,
      Link target,
      Badge state,
      @Nullable Instant lastBeat,
      String promised,
      List<Slice> cells) {}
}
