package dev.tidemark.engine.web;

import dev.tidemark.dashboards.PageRenderer;
import dev.tidemark.dashboards.view.Frame;
import dev.tidemark.dashboards.view.IncidentRow;
import dev.tidemark.dashboards.view.IndexView;
import dev.tidemark.dashboards.view.Link;
import dev.tidemark.dashboards.view.Section;
import dev.tidemark.engine.alerts.PromiseText;
import dev.tidemark.engine.api.EngineState;
import dev.tidemark.engine.definition.DatasetDefinition;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.lineage.LineageGraph;
import dev.tidemark.engine.lineage.Node;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.store.BucketStore.Bucket;
import dev.tidemark.engine.store.clickhouse.Restatements;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Objectives and datasets: the lists and a page for each. Thread-safe; blocks. */
final class CatalogPages {
  private static final int RESTATED_AT_MOST = 200;
  private static final Duration SHOWN = Duration.ofHours(3);

  private final EngineState state;
  private final Pages pages;
  private final PageRenderer renderer;
  private final IncidentViews incidentViews;
  private final DatasetViews datasetViews;
  private final RunbookViews runbooks;

  CatalogPages(
      EngineState state,
      Pages pages,
      PageRenderer renderer,
      IncidentViews incidentViews,
      DatasetViews datasetViews,
      RunbookViews runbooks) {
    this.state = state;
    this.pages = pages;
    this.renderer = renderer;
    this.incidentViews = incidentViews;
    this.datasetViews = datasetViews;
    this.runbooks = runbooks;
  }

  String slos(Frame frame) {
    List<IndexView.Row> rows =
        pages.ask(
            judge ->
                judge.definitions().objectives().stream()
                    .map(
                        o ->
                            new IndexView.Row(
                                Link.slo(o.id().value()),
                                ObjectiveViews.state(judge, o, frame.now()),
                                ObjectiveViews.budget(
                                    o, judge.snapshot(o.id(), frame.now()).orElseThrow()),
                                List.of(
                                    PromiseText.of(o.sli()),
                                    o.target().text() + " over " + o.window().text(),
                                    o.owner())))
                    .toList());
    return renderer.index(
        frame,
        new IndexView(
            Section.SLOS,
            "Objectives",
            "What was promised, and how much of the error budget is left.",
            List.of("Promise", "Target", "Owner"),
            rows,
            "Nothing is promised yet: start the server with --definitions."));
  }

  String slo(Frame frame, String name) {
    Objective objective =
        pages.ask(
            judge ->
                judge.definitions().objectives().stream()
                    .filter(o -> o.id().value().equals(name))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            new MissingPageException(
                                "There is no objective '" + name + "'.", "/slos")));
    ObjectiveId id = objective.id();
    List<Bucket> window = new ArrayList<>();
    Instant start = frame.now().minus(objective.window().nominal());
    state.buckets().read(id, start, frame.now(), window::add);
    List<Restatements.Entry> restated =
        state.records().ledger().restated(id, start, frame.now(), RESTATED_AT_MOST);
    Instant from = frame.now().minus(SHOWN);
    List<Bucket> recent = window.stream().filter(bucket -> bucket.start().isAfter(from)).toList();
    List<IncidentRow> incidents =
        state.alerting().recent(200).stream()
            .filter(i -> i.alerts().stream().anyMatch(a -> a.fingerprint().equals(name)))
            .limit(10)
            .map(incidentViews::row)
            .toList();
    return renderer.slo(
        frame,
        pages.ask(
            judge ->
                ObjectiveViews.page(
                    judge,
                    objective,
                    recent,
                    window,
                    incidents,
                    restated,
                    state.records().plans().get(),
                    runbooks::title,
                    frame.now())));
  }

  String datasets(Frame frame) {
    List<IndexView.Row> rows =
        pages.ask(
            judge ->
                judge.definitions().datasets().stream()
                    .map(
                        d ->
                            new IndexView.Row(
                                Link.dataset(d.name()),
                                DatasetViews.worst(judge, d.name(), frame.now()),
                                null,
                                List.of(d.owner(), d.domain(), d.tier())))
                    .toList());
    return renderer.index(
        frame,
        new IndexView(
            Section.DATASETS,
            "Datasets",
            "What is watched, and whose it is.",
            List.of("Owner", "Domain", "Tier"),
            rows,
            "No dataset is defined yet: write a kind: Dataset document."));
  }

  String dataset(Frame frame, String name) {
    List<IncidentRow> incidents =
        state.alerting().recent(200).stream()
            .filter(i -> i.alerts().stream().anyMatch(a -> a.dataset().equals(name)))
            .limit(10)
            .map(incidentViews::row)
            .toList();
    LineageGraph lineage = state.lineage().get();
    Optional<DatasetDefinition> definition =
        pages.ask(
            judge ->
                judge.definitions().datasets().stream()
                    .filter(d -> d.name().equals(name))
                    .findFirst());
    if (definition.isEmpty() && !lineage.nodes().contains(new Node(Node.Type.DATASET, name))) {
      throw new MissingPageException("There is no dataset '" + name + "'.", "/datasets");
    }
    DatasetViews.Past past =
        datasetViews.past(
            name, definition.map(DatasetDefinition::producedBy).orElse(""), lineage, frame.now());
    return renderer.dataset(
        frame,
        pages.ask(
            judge ->
                DatasetViews.page(
                    judge,
                    name,
                    definition,
                    lineage,
                    past,
                    incidents,
                    runbooks::title,
                    frame.now())));
  }
}
