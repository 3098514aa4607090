package dev.tidemark.engine.alerts;

import dev.tidemark.alerting.Alert;
import dev.tidemark.alerting.Cause;
import dev.tidemark.alerting.Severity;
import dev.tidemark.alerting.notify.text.NotificationText;
import dev.tidemark.dashboards.Formats;
import dev.tidemark.engine.budget.BudgetSnapshot;
import dev.tidemark.engine.condition.Firing;
import dev.tidemark.engine.condition.Judge;
import dev.tidemark.engine.definition.BurnRateCondition;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.lineage.LineageGraph;
import dev.tidemark.engine.lineage.Node;
import dev.tidemark.engine.lineage.Trouble;
import dev.tidemark.engine.planned.Plans;
import dev.tidemark.engine.planned.UnderWay;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Turns conditions that hold into alerts with their probable cause and who is hurt. The cause is
 * sought among what is bad now, not among what alerts already, so that the dead connector is found
 * even when a symptom downstream fires first. Stateless; runs on the judge's thread.
 */
public final class AlertMaker {
  private AlertMaker() {}

  /**
   * Returns an alert for everything that fires, with the planned work that covers it.
   *
   * @param troubles what OpenLineage tells of nodes, whether an objective watches them or not
   * @param plans what is planned
   */
  public static List<Alert> alerts(
      Judge judge,
      LineageGraph lineage,
      Map<Node, Trouble> troubles,
      Plans plans,
      List<Firing> firing,
      Instant at) {
    if (firing.isEmpty()) {
      return List.of();
    }
    Map<Node, List<Objective>> measured = new HashMap<>();
    Map<Node, Instant> badSince = new HashMap<>();
    for (Objective objective : judge.definitions().objectives()) {
      Node node = node(objective);
      measured.computeIfAbsent(node, each -> new ArrayList<>()).add(objective);
      if (judge.currentlyBad(objective.id())) {
        badSince.merge(
            node, judge.badSince(objective.id()).orElse(at), (a, b) -> a.isBefore(b) ? a : b);
      }
    }
    Set<Objective> alerting = new HashSet<>();
    firing.forEach(each -> alerting.add(each.objective()));
    CauseTracer tracer =
        new CauseTracer(
            lineage,
            troubles,
            node ->
                measured.getOrDefault(node, List.of()).stream()
                    .filter(objective -> !alerting.contains(objective))
                    .map(objective -> objective.id().value())
                    .toList(),
            new Judged(measured.keySet(), badSince));
    UnderWay planned = plans.at(at);
    List<Alert> alerts = new ArrayList<>();
    for (Firing each : firing) {
      Node suffering = node(each.objective());
      alerts.add(
          alert(judge, tracer.trace(suffering, each.badSince()), planned, each, suffering, at));
    }
    return alerts;
  }

  private static Alert alert(
      Judge judge,
      CauseTracer.Traced traced,
      UnderWay planned,
      Firing firing,
      Node suffering,
      Instant at) {
    Objective objective = firing.objective();
    BurnRateCondition condition = firing.condition();
    Map<String, String> labels = new LinkedHashMap<>(objective.labels());
    labels.putIfAbsent("objective", objective.id().value());
    // Page or ticket is for the condition to say.
    labels.remove("severity");
    if (!objective.owner().isEmpty()) {
      labels.putIfAbsent("owner", objective.owner());
    }
    if (!objective.domain().isEmpty()) {
      labels.putIfAbsent("domain", objective.domain());
    }
    BudgetSnapshot snapshot = judge.snapshot(objective.id(), at).orElseThrow();
    OptionalDouble left = snapshot.leftRatio();
    Map<String, String> annotations = new LinkedHashMap<>();
    annotations.put(NotificationText.PROMISE, PromiseText.of(objective));
    if (left.isPresent()) {
      annotations.put(NotificationText.BUDGET_LEFT_TEXT, left(objective, snapshot));
    }
    String dataset =
        suffering.type() == Node.Type.DATASET
            ? suffering.name()
            : labels.getOrDefault("dataset", suffering.name());
    FaultText.of(objective, dataset, condition.severity())
        .ifPresent(text -> annotations.put("summary", text));
    return Alert.firing(
            objective.id().value(),
            dataset,
            objective.displayName(),
            condition.severity() == BurnRateCondition.Severity.PAGE
                ? Severity.PAGE
                : Severity.TICKET,
            firing.since())
        .updatedAt(at)
        .since(firing.badSince())
        .labels(labels)
        .annotations(annotations)
        .burnRate(
            firing.longRate()
                + " over "
                + words(condition.longWindow())
                + ", "
                + firing.shortRate()
                + " over "
                + words(condition.shortWindow()))
        .budgetLeft(left.isPresent() ? left.getAsDouble() : null)
        .cause(down(traced.cause(), suffering, dataset))
        .blastRadius(traced.hurt())
        .runbook(runbook(objective, traced))
        .suppressedBy(planned.suppresses(objective).orElse(null))
        .build();
  }

  /** What the objectives say of nodes. */
  private record Judged(Set<Node> nodes, Map<Node, Instant> badSince)
      implements CauseTracer.Health {
    @Override
    public boolean measured(Node node) {
      return nodes.contains(node);
    }

    @Override
    public boolean bad(Node node) {
      return badSince.containsKey(node);
    }

    @Override
    public String evidence(Node node) {
      Instant since = badSince.get(node);
      if (since == null) {
        throw new IllegalArgumentException(node.text() + " is not bad");
      }
      return node.text()
          + (node.type() == Node.Type.CONNECTOR
              ? " has been silent since "
              : " has been bad since ")
          + Formats.second(since);
    }
  }

  /** The path down to the dataset that the alert names, also when it is about what makes that. */
  private static Cause down(Cause cause, Node suffering, String dataset) {
    String datasetKey = Cause.key("dataset", dataset);
    if (suffering.type() == Node.Type.DATASET || cause.path().contains(datasetKey)) {
      return cause;
    }
    List<String> path = new ArrayList<>(cause.path());
    path.add(datasetKey);
    return new Cause(cause.type(), cause.name(), cause.certain(), cause.evidence(), path);
  }

  /** What is left in words, and what the number rests on. */
  private static String left(Objective objective, BudgetSnapshot snapshot) {
    return "%s (data in %s of the window, silence %s)"
        .formatted(
            snapshot.leftText(),
            Formats.percent(snapshot.coverageRatio()),
            objective.silence().words())
        .replace('\u00a0', ' ');
  }

  /** What a person should open: for a silent connector its own runbook, whatever the symptom. */
  private static String runbook(Objective objective, CauseTracer.Traced traced) {
    if (traced.node().type() == Node.Type.CONNECTOR) {
      return "silent-connector-death";
    }
    if (!objective.runbook().isEmpty()) {
      return objective.runbook();
    }
    if (traced.trouble().isPresent()) {
      return switch (traced.trouble().get().kind()) {
        case RUN_FAILED -> "pipeline-job-fails";
        case SCHEMA_BROKEN -> "metadata-drift";
      };
    }
    return switch (objective.sli().kind()) {
      case "completeness", "validity", "duplicates" -> "data-loss";
      case "runs" -> "pipeline-job-fails";
      case "heartbeat" -> "silent-connector-death";
      case "cost" -> "cost-runaway";
      case "access" -> "security-breach";
      case "catalog", "schema" -> "metadata-drift";
      case "queries", "reads" -> "hot-partitions";
      default -> "stale-dataset";
    };
  }

  /** Returns the lineage node that an objective is about. */
  public static Node node(Objective objective) {
    Node.Type type =
        switch (objective.subject().type()) {
          case DATASET -> Node.Type.DATASET;
          case CONNECTOR -> Node.Type.CONNECTOR;
          case PIPELINE, SERVICE -> Node.Type.PIPELINE;
        };
    return new Node(type, objective.subject().name());
  }

  private static String words(Duration duration) {
    if (duration.toDays() > 0 && duration.toHoursPart() == 0) {
      return duration.toDays() + " d";
    }
    return duration.toHours() > 0 && duration.toMinutesPart() == 0
        ? duration.toHours() + " h"
        : duration.toMinutes() + " min";
  }
}
