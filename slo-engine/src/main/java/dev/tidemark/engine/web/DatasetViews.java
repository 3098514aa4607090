package dev.tidemark.engine.web;

import dev.tidemark.dashboards.Formats;
import dev.tidemark.dashboards.view.Badge;
import dev.tidemark.dashboards.view.Chart;
import dev.tidemark.dashboards.view.DatasetView;
import dev.tidemark.dashboards.view.DatasetView.Period;
import dev.tidemark.dashboards.view.IncidentRow;
import dev.tidemark.dashboards.view.LineageNode;
import dev.tidemark.dashboards.view.Link;
import dev.tidemark.dashboards.view.Tone;
import dev.tidemark.engine.alerts.AlertMaker;
import dev.tidemark.engine.condition.Judge;
import dev.tidemark.engine.definition.DatasetDefinition;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.lineage.LineageGraph;
import dev.tidemark.engine.lineage.Node;
import dev.tidemark.engine.runs.SchemaHistory;
import dev.tidemark.engine.store.DatasetHistory;
import dev.tidemark.engine.store.DatasetHistory.Step;
import dev.tidemark.engine.store.PipelineHistory;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The page of a dataset. What the store says is read first, on a worker; then the judge is asked.
 */
final class DatasetViews {
  private static final Duration WATERMARKS = Duration.ofDays(30);
  private static final Duration SCHEMAS = Duration.ofDays(30);
  private static final Duration STEP = Duration.ofHours(1);
  private static final int STEPS = 24;
  private static final int PERIODS_AT_MOST = 12;
  private static final int EVENTS_AT_MOST = 100;
  private static final int PIPELINES_AT_MOST = 12;

  private final DatasetHistory history;
  private final PipelineHistory pipelines;
  private final DebugViews debugViews;

  DatasetViews(DatasetHistory history, PipelineHistory pipelines, DebugViews debugViews) {
    this.history = history;
    this.pipelines = pipelines;
    this.debugViews = debugViews;
  }

  /**
   * What the store knows of a dataset.
   *
   * @param producer pipeline that writes it, or empty
   * @param newest event time of its newest record, or empty
   * @param steps records per hour, without gaps from the first hour known
   * @param columns of the newest schema seen, or none
   * @param pipelineStates of the nearest pipelines around it
   */
  record Past(
      String producer,
      Optional<Instant> newest,
      List<Step> steps,
      List<String> columns,
      Map<String, Badge> pipelineStates) {}

  /** Reads what the store knows. Blocks. */
  Past past(String dataset, String declaredProducer, LineageGraph lineage, Instant now) {
    Node node = new Node(Node.Type.DATASET, dataset);
    String producer =
        declaredProducer.isEmpty()
            ? lineage.upstreamOf(node).stream()
                .filter(n -> lineage.directlyAfter(n).contains(node))
                .filter(n -> n.type() == Node.Type.PIPELINE)
                .map(Node::name)
                .findFirst()
                .orElse("")
            : declaredProducer;
    Map<String, Badge> states = new HashMap<>();
    Stream.concat(lineage.upstreamOf(node).stream(), lineage.blastRadius(node).stream())
        .filter(n -> n.type() == Node.Type.PIPELINE)
        .map(Node::name)
        .distinct()
        .limit(PIPELINES_AT_MOST)
        .forEach(name -> states.put(name, debugViews.state(name, now)));
    Instant since = now.truncatedTo(ChronoUnit.HOURS).minus(STEP.multipliedBy(STEPS - 1L));
    return new Past(
        producer,
        history.newestRecord(dataset, now.minus(WATERMARKS)),
        withoutGaps(history.records(dataset, since, STEP), now),
        producer.isEmpty()
            ? List.of()
            : SchemaHistory.newest(
                pipelines.runEvents(producer, now.minus(SCHEMAS), EVENTS_AT_MOST), dataset),
        states);
  }

  /** Adds the hours in which nobody said anything, which are worth a look. */
  static List<Step> withoutGaps(List<Step> found, Instant now) {
    List<Step> all = new ArrayList<>();
    for (Step step : found) {
      fill(all, step.start());
      all.add(step);
    }
    fill(all, now);
    return all;
  }

  private static void fill(List<Step> steps, Instant before) {
    while (!steps.isEmpty()) {
      Instant next = steps.get(steps.size() - 1).start().plus(STEP);
      if (!next.isBefore(before)) {
        return;
      }
      steps.add(new Step(next, Collections.emptySortedMap()));
    }
  }

  /** Puts the page together; for the judge's thread. */
  static DatasetView page(
      Judge judge,
      String name,
      Optional<DatasetDefinition> definition,
      LineageGraph lineage,
      Past past,
      List<IncidentRow> incidents,
      Function<String, String> runbookTitle,
      Instant now) {
    Node node = new Node(Node.Type.DATASET, name);
    List<Objective> own =
        judge.definitions().objectives().stream()
            .filter(o -> name.equals(o.labels().get("dataset")))
            .toList();
    Optional<Instant> watermark =
        own.stream()
            .filter(o -> o.sli().kind().equals("freshness"))
            .findFirst()
            .flatMap(o -> judge.newestEvent(o.id()));
    return new DatasetView(
        name,
        definition.map(DatasetDefinition::displayName).orElse(name),
        "",
        worst(judge, name, now),
        definition.map(DatasetDefinition::owner).orElse(""),
        definition.map(DatasetDefinition::domain).orElse(""),
        definition.map(DatasetDefinition::tier).orElse(""),
        past.producer().isEmpty() ? null : Link.pipeline(past.producer()),
        watermark.or(past::newest).orElse(null),
        definition.map(DatasetDefinition::consumers).orElse(List.of()),
        nodes(judge, lineage.upstreamOf(node), past, now),
        nodes(judge, lineage.blastRadius(node), past, now),
        own.stream().map(o -> ObjectiveViews.row(judge, o, now)).toList(),
        volume(past.steps()),
        periods(past.steps(), now),
        past.columns(),
        incidents,
        definition
            .map(DatasetDefinition::runbook)
            .filter(r -> !r.isEmpty())
            .map(r -> Link.runbook(r, runbookTitle.apply(r)))
            .orElse(null),
        definition.map(DatasetDefinition::place).orElse(""));
  }

  private static @Nullable Chart volume(List<Step> steps) {
    if (steps.size() < 3) {
      return null;
    }
    List<Chart.Series> series = new ArrayList<>();
    for (String outcome : List.of("observed", "expected")) {
      List<@Nullable Double> values = new ArrayList<>();
      steps.forEach(step -> values.add(step.records().get(outcome)));
      series.add(
          new Chart.Series(outcome, values, outcome.equals("observed") ? Tone.GOOD : Tone.NEUTRAL));
    }
    return new Chart(
        "Records per hour",
        "records",
        steps.stream().map(Step::start).toList(),
        series,
        null,
        null);
  }

  /** Words the newest hours, newest first. */
  static List<Period> periods(List<Step> steps, Instant now) {
    List<Period> periods = new ArrayList<>();
    for (int i = steps.size() - 1; i >= 0 && periods.size() < PERIODS_AT_MOST; i--) {
      Step step = steps.get(i);
      Double observed = step.records().get("observed");
      Double expected = step.records().get("expected");
      List<String> others = new ArrayList<>();
      for (String outcome : List.of("rejected", "duplicate", "late")) {
        Double records = step.records().get(outcome);
        if (records != null && records > 0) {
          others.add(count(records) + " " + outcome);
        }
      }
      periods.add(
          new Period(
              step.start(),
              step.start().plus(STEP).isAfter(now),
              step.records().isEmpty() ? "no signal" : count(observed),
              count(expected),
              observed == null || expected == null || expected <= 0
                  ? "unknown"
                  : Formats.percent(observed / expected),
              step.records().isEmpty()
                  ? "unknown"
                  : others.isEmpty() ? "none" : String.join(", ", others)));
    }
    return periods;
  }

  private static String count(@Nullable Double records) {
    return records == null ? "unknown" : Formats.count(Math.round(records));
  }

  private static List<LineageNode> nodes(Judge judge, List<Node> nodes, Past past, Instant at) {
    return nodes.stream()
        .map(
            node ->
                new LineageNode(
                    link(node),
                    node.type().name().toLowerCase(Locale.ROOT),
                    state(judge, node, past, at),
                    node.type() != Node.Type.DATASET
                        ? ""
                        : judge.definitions().datasets().stream()
                            .filter(d -> d.name().equals(node.name()))
                            .map(DatasetDefinition::owner)
                            .findFirst()
                            .orElse("not catalogued")))
        .toList();
  }

  private static Badge state(Judge judge, Node node, Past past, Instant at) {
    return switch (node.type()) {
      case DATASET -> worst(judge, node.name(), at);
      case PIPELINE ->
          past.pipelineStates().getOrDefault(node.name(), new Badge(Tone.UNKNOWN, "not looked up"));
      case CONNECTOR ->
          judge.definitions().objectives().stream()
              .filter(objective -> AlertMaker.node(objective).equals(node))
              .findFirst()
              .map(
                  objective ->
                      judge.currentlyBad(objective.id())
                          ? new Badge(Tone.BAD, "silent")
                          : judge.newestEvent(objective.id()).isEmpty()
                              ? new Badge(Tone.UNKNOWN, "unknown")
                              : new Badge(Tone.GOOD, "alive"))
              .orElse(new Badge(Tone.UNKNOWN, "no heartbeat promised"));
      // Nothing is measured of who only reads.
      case CONSUMER -> new Badge(Tone.NEUTRAL, "");
    };
  }

  /** The worst state of a dataset's objectives. */
  static Badge worst(Judge judge, String dataset, Instant at) {
    Badge worst = new Badge(Tone.UNKNOWN, "unknown");
    for (Objective objective : judge.definitions().objectives()) {
      if (dataset.equals(objective.labels().get("dataset"))) {
        Badge state = ObjectiveViews.state(judge, objective, at);
        if (state.tone() == Tone.BAD) {
          return state;
        }
        worst = state.tone() == Tone.GOOD ? state : worst;
      }
    }
    return worst;
  }

  /** Leads to a node's page, if it has one. */
  static Link link(Node node) {
    return switch (node.type()) {
      case DATASET -> Link.dataset(node.name());
      case PIPELINE -> Link.pipeline(node.name());
      case CONNECTOR, CONSUMER -> Link.none(node.name());
    };
  }
}
