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
 * @param allowedLateness how late a signal may change the past, by who sent it
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
    AllowedLateness allowedLateness,
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
        AllowedLateness.of(allowedLateness),
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

  /** The same promise with another lateness. */
  public Objective with(AllowedLateness lateness) {
    return new Objective(
        id,
        displayName,
        subject,
        owner,
        domain,
        sli,
        target,
        window,
        otherWindows,
        expectedEvents,
        slice,
        noData,
        roster,
        lateness,
        conditions,
        guard,
        labels,
        runbook,
        place);
  }

  /** Whether every slice is judged by the same rules, whatever is made of the verdicts. */
  public boolean judgesLike(Objective other) {
    return id.equals(other.id)
        && sli.equals(other.sli)
        // Parts of a composite spend the composite's budget.
        && (!(sli instanceof Sli.Composite) || target.equals(other.target))
        && slice.equals(other.slice)
        && noData == other.noData
        && roster.equals(other.roster)
        && allowedLateness.equals(other.allowedLateness);
  }

  /** What silence means: for ages, beats and who has to report it is bad, whatever is said. */
  public NoDataPolicy silence() {
    return sli instanceof Sli.Freshness
            || sli instanceof Sli.Arrival
            || sli instanceof Sli.Heartbeat
            || roster.isDeclared()
        ? NoDataPolicy.BAD
        : noData;
  }

  /** How far back something may lie that any window still counts. */
  public Duration reach() {
    Duration longest = reach(window);
    for (BudgetWindow other : otherWindows) {
      longest = longer(longest, reach(other));
    }
    for (BurnRateCondition condition : conditions) {
      longest = longer(longest, condition.longWindow());
    }
    return longest.plus(slice).plus(allowedLateness.longest()).plusDays(3);
  }

  /** Of calendar units the one before is kept too, and months are not all alike. */
  private static Duration reach(BudgetWindow window) {
    Duration nominal = window.nominal();
    return window instanceof BudgetWindow.Calendar
        ? nominal.multipliedBy(2).plus(nominal.dividedBy(10))
        : nominal;
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
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
