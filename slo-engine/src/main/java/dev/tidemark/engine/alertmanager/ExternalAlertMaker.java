package dev.tidemark.engine.alertmanager;

import dev.tidemark.alerting.Alert;
import dev.tidemark.alerting.BlastRadius;
import dev.tidemark.alerting.Cause;
import dev.tidemark.alerting.Severity;
import dev.tidemark.engine.alerts.CauseTracer;
import dev.tidemark.engine.definition.MaintenanceDefinition;
import dev.tidemark.engine.lineage.LineageGraph;
import dev.tidemark.engine.lineage.Node;
import dev.tidemark.engine.lineage.Trouble;
import dev.tidemark.engine.planned.UnderWay;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Turns alerts of other programs into ours. One that names a dataset, pipeline or connector of the
 * lineage graph gets its cause from there, like the objectives' own alerts; the others belong
 * together when they share {@link #GROUPED_BY}. Not thread-safe.
 *
 * <p>What says of itself that it can wait is a ticket, everything else a page. Planned work keeps
 * people quiet about what names, by label, something that the work covers.
 */
public final class ExternalAlertMaker {
  /** Labels by which alerts that lineage knows nothing of become one incident. */
  static final List<String> GROUPED_BY =
      List.of("alertname", "cluster", "namespace", "service", "job");

  private static final String OTHERS = "external/";
  private static final UnderWay NOTHING_PLANNED = new UnderWay(List.of());

  /** What an alert may be about, by the label of that name, the first that lineage knows. */
  private static final List<Node.Type> ABOUT =
      List.of(Node.Type.DATASET, Node.Type.PIPELINE, Node.Type.CONNECTOR);

  private static final Set<String> CAN_WAIT =
      Set.of("warning", "warn", "info", "notice", "none", "ticket", "low", "minor", "debug");

  /** What was made of an alert, and the node of the graph that it is about, if there is one. */
  private record Made(ExternalAlert origin, Optional<Node> node, Alert alert) {}

  /**
   * What alerts are made of besides themselves.
   *
   * @param alerting keys of nodes of which objectives say that something is wrong
   * @param broken names of the objectives that alert
   */
  private record Surroundings(
      LineageGraph lineage,
      Map<Node, Trouble> troubles,
      Map<Node, List<String>> objectives,
      Set<String> alerting,
      Set<String> broken,
      UnderWay planned) {
    List<String> atRisk(Node node) {
      return objectives.getOrDefault(node, List.of()).stream()
          .filter(name -> !broken.contains(name))
          .toList();
    }
  }

  private final ExternalAlerts external;
  private Map<String, Made> made = Map.of();
  private List<Alert> alerts = List.of();
  private long madeOf = -1;
  private Surroundings madeIn;

  /** Turns these. */
  public ExternalAlertMaker(ExternalAlerts external, LineageGraph lineage) {
    this.external = external;
    this.madeIn =
        new Surroundings(lineage, Map.of(), Map.of(), Set.of(), Set.of(), NOTHING_PLANNED);
  }

  /**
   * Returns an alert for each that fires. What is made of one that did not change is the same
   * object as before, unless its cause may have changed.
   *
   * @param troubles what OpenLineage tells of nodes
   * @param objectives names of the objectives about each node
   * @param own what the objectives alert on now, as evidence of what is bad upstream
   * @param planned work that is under way
   */
  public List<Alert> alerts(
      LineageGraph lineage,
      Map<Node, Trouble> troubles,
      Map<Node, List<String>> objectives,
      List<Alert> own,
      UnderWay planned) {
    Set<String> alerting = new HashSet<>();
    Set<String> broken = new HashSet<>();
    own.forEach(
        alert -> {
          broken.add(alert.fingerprint());
          alerting.add(alert.datasetKey());
          alerting.add(alert.causeKey());
        });
    Surroundings around =
        new Surroundings(lineage, troubles, objectives, alerting, broken, planned);
    long changes = external.changes();
    if (changes != madeOf || !around.equals(madeIn)) {
      make(around);
      madeOf = changes;
      madeIn = around;
    }
    return alerts;
  }

  private void make(Surroundings around) {
    List<ExternalAlert> active = external.active();
    Set<String> bad = new HashSet<>(around.alerting());
    for (ExternalAlert alert : active) {
      node(alert, around.lineage()).ifPresent(found -> bad.add(found.key()));
    }
    CauseTracer tracer =
        new CauseTracer(around.lineage(), around.troubles(), around::atRisk, new Alerting(bad));
    UnderWay planned = around.planned();
    boolean samePlans = planned.equals(madeIn.planned());
    Map<String, Made> now = new HashMap<>();
    List<Alert> all = new ArrayList<>(active.size());
    for (ExternalAlert origin : active) {
      Optional<Node> node = node(origin, around.lineage());
      String fingerprint = origin.fingerprint();
      Made before = made.get(fingerprint);
      // What has a place in the graph may have got another cause.
      Made one =
          before != null
                  && samePlans
                  && node.isEmpty()
                  && before.node().isEmpty()
                  && before.origin().equals(origin)
              ? before
              : new Made(origin, node, made(origin, node, tracer, planned));
      now.put(fingerprint, one);
      all.add(one.alert());
    }
    made = now;
    alerts = List.copyOf(all);
  }

  private static Alert made(
      ExternalAlert origin, Optional<Node> node, CauseTracer tracer, UnderWay planned) {
    return alert(origin, node.map(found -> tracer.trace(found, origin.startsAt())), node, planned);
  }

  /** Returns the fingerprint of the alert that is made of this one. */
  static String fingerprint(ExternalAlert alert) {
    return OTHERS + alert.fingerprint();
  }

  /** Whether an alert was made of what another program said. */
  static boolean isExternal(Alert alert) {
    return alert.fingerprint().startsWith(OTHERS);
  }

  /** Returns an alert for one that nobody has looked for in the lineage graph yet. */
  static Alert untraced(ExternalAlert alert) {
    return alert(alert, Optional.empty(), Optional.empty(), NOTHING_PLANNED);
  }

  private static Alert alert(
      ExternalAlert alert,
      Optional<CauseTracer.Traced> traced,
      Optional<Node> suffering,
      UnderWay planned) {
    Map<String, String> labels = alert.labels();
    String name = labels.getOrDefault("alertname", "alert " + alert.fingerprint());
    Map<String, String> annotations = new HashMap<>(alert.annotations());
    annotations.putIfAbsent("summary", name + " of " + subject(alert));
    return Alert.firing(
            fingerprint(alert),
            suffering.map(Node::name).orElseGet(() -> subject(alert)),
            name,
            severity(labels.getOrDefault("severity", "")),
            alert.startsAt())
        .updatedAt(alert.updatedAt())
        .labels(labels)
        .annotations(annotations)
        .cause(traced.map(CauseTracer.Traced::cause).orElseGet(() -> grouped(alert)))
        .blastRadius(traced.map(CauseTracer.Traced::hurt).orElse(BlastRadius.NONE))
        .runbook(null)
        .suppressedBy(planned.suppresses(about(labels)).orElse(null))
        .build();
  }

  /** Whatever the alert says that it is about, whether lineage knows it or not. */
  private static List<String> about(Map<String, String> labels) {
    return MaintenanceDefinition.LABELS.stream().map(labels::get).filter(Objects::nonNull).toList();
  }

  private static Severity severity(String label) {
    return CAN_WAIT.contains(label.toLowerCase(Locale.ROOT)) ? Severity.TICKET : Severity.PAGE;
  }

  private static String subject(ExternalAlert alert) {
    for (String label : List.of("dataset", "pipeline", "connector", "service", "instance", "job")) {
      String value = alert.labels().get(label);
      if (value != null) {
        return value;
      }
    }
    return alert.labels().getOrDefault("alertname", alert.fingerprint());
  }

  /** Returns the node that the alert is about, if lineage has it. */
  private static Optional<Node> node(ExternalAlert alert, LineageGraph lineage) {
    for (Node.Type type : ABOUT) {
      String name = alert.labels().get(type.name().toLowerCase(Locale.ROOT));
      if (name != null && lineage.contains(new Node(type, name))) {
        return Optional.of(new Node(type, name));
      }
    }
    return Optional.empty();
  }

  /**
   * What alerts say of nodes. Where none is, nothing is known: an objective that is met and one
   * that does not exist look alike.
   *
   * @param keys of the nodes of which something alerts
   */
  private record Alerting(Set<String> keys) implements CauseTracer.Health {
    @Override
    public boolean measured(Node node) {
      return bad(node);
    }

    @Override
    public boolean bad(Node node) {
      return keys.contains(node.key());
    }

    @Override
    public String evidence(Node node) {
      return node.text() + " alerts";
    }
  }

  private static Cause grouped(ExternalAlert alert) {
    StringBuilder name = new StringBuilder();
    List<String> shared = new ArrayList<>();
    for (String label : GROUPED_BY) {
      String value = alert.labels().get(label);
      if (value != null) {
        name.append(name.length() == 0 ? "" : ", ");
        name.append(label.equals("alertname") ? value : label + "=" + value);
        shared.add(label);
      }
    }
    String grouped =
        shared.isEmpty()
            ? "lineage does not know what it is about"
            : "lineage does not know what it is about; grouped by " + String.join(", ", shared);
    return new Cause(
        "alert",
        name.length() == 0 ? alert.fingerprint() : name.toString(),
        false,
        List.of(grouped),
        List.of());
  }
}
