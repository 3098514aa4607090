package dev.tidemark.engine.web;

import dev.tidemark.alerting.Incident;
import dev.tidemark.alerting.Silence;
import dev.tidemark.dashboards.PageRenderer;
import dev.tidemark.dashboards.view.DutyView;
import dev.tidemark.dashboards.view.ExecutiveView;
import dev.tidemark.dashboards.view.Frame;
import dev.tidemark.dashboards.view.IncidentRow;
import dev.tidemark.engine.api.EngineState;
import dev.tidemark.engine.condition.Judge;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.store.BucketStore.Bucket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The on-call and the executive page. Thread-safe; blocks. */
final class OverviewPages {
  private static final Duration HOUR = Duration.ofHours(1);

  private final EngineState state;
  private final Pages pages;
  private final PageRenderer renderer;
  private final IncidentViews incidentViews;
  private final DutyViews dutyViews;

  OverviewPages(
      EngineState state,
      Pages pages,
      PageRenderer renderer,
      IncidentViews incidentViews,
      DutyViews dutyViews) {
    this.state = state;
    this.pages = pages;
    this.renderer = renderer;
    this.incidentViews = incidentViews;
    this.dutyViews = dutyViews;
  }

  String oncall(Frame frame) {
    List<IncidentRow> rows =
        state.alerting().openIncidents().stream().map(incidentViews::row).toList();
    List<Silence> silences =
        state.alerting().silences().list(frame.now()).stream()
            .filter(silence -> frame.now().isBefore(silence.endsAt()))
            .toList();
    Map<ObjectiveId, List<Bucket>> lastHour = buckets(frame.now().minus(HOUR), frame.now());
    DutyView duty = dutyViews.view(frame.now());
    return renderer.oncall(
        frame,
        pages.ask(
            judge ->
                OverviewViews.oncall(
                    judge,
                    state.health().get(),
                    rows,
                    silences,
                    state.records().plans().get(),
                    lastHour,
                    state.problems().get(),
                    duty,
                    frame.now())));
  }

  String executive(Frame frame) {
    List<Incident> recent = state.alerting().recent(500);
    ExecutiveView now =
        pages.ask(judge -> OverviewViews.executive(judge, state, recent, frame.now()));
    return renderer.executive(
        frame,
        ExecutiveViews.withPast(
            now,
            pages.ask(judge -> OverviewViews.known(judge, frame.now())),
            state,
            pages.ask(Judge::definitions),
            frame.now()));
  }

  private Map<ObjectiveId, List<Bucket>> buckets(Instant from, Instant to) {
    Map<ObjectiveId, List<Bucket>> found = new HashMap<>();
    state
        .buckets()
        .read(
            from,
            to,
            bucket ->
                found.computeIfAbsent(bucket.objective(), id -> new ArrayList<>()).add(bucket));
    return found;
  }
}
