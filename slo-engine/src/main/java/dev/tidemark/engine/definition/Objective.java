package dev.tidemark.engine.definition;

import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.model.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One promise: an indicator, a target, a window. What every definition, ours or OpenSLO's, compiles
 * to. Immutable.
 *
 * @param id stable name; for {@code kind: Dataset} it is {@code DATASET-KIND}, such as {@code
 *     orders-freshness}; a second one of a kind gets its connector or a number appended
 * @param displayName for people
 * @param subject the node of the lineage graph that suffers when it is bad
 * @param owner team, may be empty
 * @param domain may be empty
 * @param sli what is measured
 * @param target the share that must be good
 * @param window the budget's window that governs conditions
 * @param otherWindows in which the same budget is shown too
 * @param expectedEvents events that a whole window is expected to hold, so that the budget is known
 *     before they are seen; 0 takes what was seen
 * @param slice length of a judged slice; one minute unless said otherwise
 * @param noData for counts
 * @param roster who has to report, each judged by itself
 * @param allowedLateness how late a signal may change the past
 * @param conditions when somebody is told
 * @param guard against pages for a handful of events
 * @param labels for routes; contains at least {@code objective}, {@code sli} and the subject
 * @param runbook id, may be empty
 * @param place {@code file:line:column} of its definition
 */
public record Objective(
    ObjectiveId id,
    String displayName,
    Subject subject,
    String owner,
    String domain,
    Sli sli,
    Target target,
    BudgetWindow window,
    List<BudgetWindow> otherWindows,
    double expectedEvents,
    Duration slice,
    NoDataPolicy noData,
    Roster roster,
    Duration allowedLateness,
    List<BurnRateCondition> conditions,
    LowCountGuard guard,
    Map<String, String> labels,
    String runbook,
    String place) {

  /** Copies the collections. */
  public Objective {
    otherWindows = List.copyOf(otherWindows);
    conditions = List.copyOf(conditions);
    labels = Map.copyOf(labels);
  }

  /** One window, budget from what was seen, nobody in particular expected, the default guard. */
  public Objective(
      ObjectiveId id,
      String displayName,
      Subject subject,
      String owner,
      String domain,
      Sli sli,
      Target target,
      BudgetWindow window,
      Duration slice,
      NoDataPolicy noData,
      Duration allowedLateness,
      List<BurnRateCondition> conditions,
      Map<String, String> labels,
      String runbook,
      String place) {
    this(
        id,
        displayName,
        subject,
        owner,
        domain,
        sli,
        target,
        window,
        List.of(),
        0,
        slice,
        noData,
        Roster.NONE,
        allowedLateness,
        conditions,
        LowCountGuard.DEFAULT,
        labels,
        runbook,
        place);
  }

  /**
   * The same promise about another indicator, as a component of a composite is judged: by itself it
   * says nothing when it is silent.
   */
  public Objective of(Sli component, Target componentTarget) {
    return new Objective(
        id,
        displayName,
        subject,
        owner,
        domain,
        component,
        componentTarget,
        window,
        otherWindows,
        expectedEvents,
        slice,
        NoDataPolicy.IGNORED,
        roster,
        allowedLateness,
        conditions,
        guard,
        labels,
        runbook,
        place);
  }

  /** What a promise is about. */
  public record Subject(Type type, String name) {
    /** Nodes of the lineage graph, and services that stand outside it. */
    public enum Type {
      DATASET,
      PIPELINE,
      CONNECTOR,
      SERVICE
    }
  }
}
