package dev.tidemark.engine.definition;

import dev.tidemark.engine.definition.BurnRateCondition.Severity;
import dev.tidemark.engine.model.Target;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * What Tidemark adds to an SLO of OpenSLO, in annotations that begin with {@code tidemark.dev/}, so
 * that the file stays one for everybody. Not thread-safe.
 */
final class OpenSloAnnotations {
  private static final String PREFIX = "tidemark.dev/";
  private static final String POLICY = PREFIX + "burn-policy";
  private static final String NO_DATA = PREFIX + "no-data";
  private static final String TARGET = PREFIX + "composite-target";
  private static final Set<String> KNOWN =
      Set.of(
          PREFIX + "owner",
          PREFIX + "domain",
          PREFIX + "tier",
          PREFIX + "runbook",
          PREFIX + "dataset",
          POLICY,
          NO_DATA,
          TARGET);

  private final Optional<YamlNode> annotations;

  /** Reads those of a document, and warns of ours that are not known. */
  OpenSloAnnotations(YamlNode metadata) {
    this.annotations = metadata.find("annotations").filter(YamlNode::isMap);
    for (String key : annotations.map(YamlNode::keys).orElse(List.of())) {
      if (key.startsWith(PREFIX) && !KNOWN.contains(key)) {
        at(key).warn("'" + key + "' is not known" + YamlNode.suggestion(key, KNOWN));
      }
    }
    annotations.flatMap(map -> map.find(PREFIX + "tier")).ifPresent(ValueLint::tier);
    annotations.flatMap(map -> map.find(PREFIX + "runbook")).ifPresent(ValueLint::runbook);
  }

  private YamlNode at(String key) {
    return annotations.flatMap(map -> map.find(key)).orElseThrow();
  }

  private String text(String key) {
    return annotations.flatMap(map -> map.find(key)).map(YamlNode::value).orElse("").trim();
  }

  /** The team, or nothing. */
  String owner() {
    return text(PREFIX + "owner");
  }

  /** The domain, or nothing. */
  String domain() {
    return text(PREFIX + "domain");
  }

  /** How much it matters, or nothing. */
  String tier() {
    return text(PREFIX + "tier");
  }

  /** Id of the runbook, or nothing. */
  String runbook() {
    return text(PREFIX + "runbook");
  }

  /** The node of the lineage graph that suffers, or nothing. */
  String dataset() {
    return text(PREFIX + "dataset");
  }

  /** What silence means, or empty when nothing is said of it. */
  Optional<NoDataPolicy> noData() {
    String text = text(NO_DATA);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    for (NoDataPolicy policy : NoDataPolicy.values()) {
      if (policy.text().equalsIgnoreCase(text)) {
        return Optional.of(policy);
      }
    }
    at(NO_DATA).error(NO_DATA + " is good, bad, ignored or frozen, not '" + text + "'");
    return Optional.empty();
  }

  /** The target of a composite, or empty: the strictest of its components. */
  Optional<Target> compositeTarget() {
    String text = text(TARGET);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Target.parse(text));
    } catch (IllegalArgumentException e) {
      at(TARGET).error(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /** Whether a policy of ours stands here, which then governs instead of the alert policies. */
  boolean hasPolicy() {
    return !text(POLICY).isEmpty();
  }

  /** Who is told, and how a handful of events is kept from telling. */
  record Policy(List<BurnRateCondition> conditions, LowCountGuard guard) {}

  /**
   * Reads the policy: the word none, the word default, or what stands behind {@code alerting} in
   * our own kinds, such as {@code {conditions: [{long: 1h, short: 5m, factor: 14.4}]}}.
   */
  Policy policy(Duration window, Target target, Duration slice, ZoneId zone) {
    String text = text(POLICY);
    YamlNode at = at(POLICY);
    if (text.equals("none")) {
      return new Policy(List.of(), LowCountGuard.DEFAULT);
    }
    if (text.equals("default")) {
      return new Policy(
          AlertingParser.usual(at, window, target, Severity.PAGE), LowCountGuard.DEFAULT);
    }
    List<Problem> problems = new ArrayList<>();
    Policy read = new Policy(List.of(), LowCountGuard.DEFAULT);
    try {
      Optional<Node> node =
          new Compose(LoadSettings.builder().setAllowDuplicateKeys(true).build())
              .composeString(text);
      YamlNode alerting =
          new YamlNode(node.orElseThrow(), "", "burn-policy", problems, Strictness.STRICT);
      read =
          new Policy(
              AlertingParser.own(alerting, window, target, slice, zone, Severity.PAGE),
              AlertingParser.ownGuard(alerting));
    } catch (YamlEngineException e) {
      at.error(
          "burn-policy is none, default, or settings such as {conditions: [{long: 1h, short: 5m,"
              + " factor: 14.4, severity: page}]}");
    }
    // Places inside of the text mean nothing to people; the annotation's does.
    Set<String> told = new TreeSet<>();
    for (Problem problem : problems) {
      if (told.add(problem.message())) {
        String message = "in burn-policy: " + problem.message();
        if (problem.severity() == Problem.Severity.ERROR) {
          at.error(message);
        } else {
          at.warn(message);
        }
      }
    }
    return read;
  }
}
