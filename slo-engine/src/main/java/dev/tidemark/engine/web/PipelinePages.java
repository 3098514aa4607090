package dev.tidemark.engine.web;

import dev.tidemark.dashboards.PageRenderer;
import dev.tidemark.dashboards.view.Frame;
import dev.tidemark.dashboards.view.IndexView;
import dev.tidemark.dashboards.view.Link;
import dev.tidemark.dashboards.view.Section;
import dev.tidemark.engine.api.EngineState;
import dev.tidemark.engine.definition.DatasetDefinition;
import dev.tidemark.engine.lineage.Node;
import java.util.List;

/** The list of pipelines and the debug page of each. Thread-safe; blocks. */
final class PipelinePages {
  private final EngineState state;
  private final Pages pages;
  private final PageRenderer renderer;
  private final DebugViews debugViews;

  PipelinePages(EngineState state, Pages pages, PageRenderer renderer, DebugViews debugViews) {
    this.state = state;
    this.pages = pages;
    this.renderer = renderer;
    this.debugViews = debugViews;
  }

  private List<Link> pipelineLinks() {
    return state.lineage().get().nodes().stream()
        .filter(node -> node.type() == Node.Type.PIPELINE)
        .map(node -> Link.pipeline(node.name()))
        .toList();
  }

  String pipelines(Frame frame) {
    return renderer.index(
        frame,
        new IndexView(
            Section.DEBUG,
            "Pipelines",
            "Runs, logs and traces of each.",
            List.of("Owner", "Writes", "Newest run began"),
            pipelineLinks().stream()
                .map(
                    link ->
                        debugViews.listed(
                            link, owner(link.text()), written(link.text()), frame.now()))
                .toList(),
            "No pipeline is known yet: send signals or lineage, or name one in producedBy."));
  }

  private List<Link> written(String pipeline) {
    return state.lineage().get().directlyAfter(new Node(Node.Type.PIPELINE, pipeline)).stream()
        .filter(n -> n.type() == Node.Type.DATASET)
        .limit(12)
        .map(DatasetViews::link)
        .toList();
  }

  private String owner(String pipeline) {
    return pages.ask(
        judge ->
            judge.definitions().datasets().stream()
                .filter(dataset -> dataset.producedBy().equals(pipeline))
                .map(DatasetDefinition::owner)
                .filter(team -> !team.isEmpty())
                .findFirst()
                .orElse(""));
  }

  String debug(Frame frame, String name, String run) {
    Node node = new Node(Node.Type.PIPELINE, name);
    if (!state.lineage().get().nodes().contains(node)) {
      throw new MissingPageException("There is no pipeline '" + name + "'.", "/dashboards/debug");
    }
    List<Link> others =
        pipelineLinks().stream().filter(link -> !link.text().equals(name)).limit(12).toList();
    return renderer.debug(
        frame,
        debugViews.page(
            name,
            new DebugViews.Known(
                owner(name),
                written(name),
                others,
                dataset ->
                    state.lineage().get().nodes().contains(new Node(Node.Type.DATASET, dataset))),
            run,
            frame.now()));
  }
}
