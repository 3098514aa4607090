package dev.tidemark.engine.api;

import dev.tidemark.alerting.Alert;
import dev.tidemark.alerting.Cause;
import dev.tidemark.alerting.Incident;
import dev.tidemark.alerting.Silence;
import dev.tidemark.alerting.route.Matcher;
import dev.tidemark.engine.planned.PlannedWork;
import dev.tidemark.engine.report.RunbookStep;
import dev.tidemark.engine.store.clickhouse.AuditTrail;
import io.vertx.ext.web.handler.HttpException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What a person may do about an incident, wherever they do it: API, page, signed link. Each step
 * goes to the incident's timeline and to the audit trail. Thread-safe; blocks.
 *
 * <p>Every method throws {@link NoSuchElementException} when there is no such open incident, and
 * {@link HttpException} with status 400 and a sentence when something is missing or wrong.
 */
public final class IncidentActions {
  /** No silence is longer; what is quiet for longer wants another objective. */
  private static final Duration LONGEST = Duration.ofDays(30);

  /** Whoever presses twice does so within this. */
  private static final Duration SAME_PRESS = Duration.ofMinutes(1);

  private final EngineState state;
  private final Declarations declarations;

  /** Acts on the incidents of this state. */
  public IncidentActions(EngineState state, Declarations declarations) {
    this.state = state;
    this.declarations = declarations;
  }

  /** How much is silenced for an incident. */
  public enum Reach {
    /** The datasets of its alerts. */
    FIRING,
    /** Those, the ones on the way from the cause, and everything that the cause can reach. */
    DOWNSTREAM
  }

  /** Somebody takes it. */
  public Incident acknowledge(String id, String actor, String reason) {
    return done(id, "acknowledged", actor, reason, state.alerting()::acknowledge);
  }

  /** Somebody ends it. */
  public Incident resolve(String id, String actor, String reason) {
    return done(id, "resolved", actor, reason, state.alerting()::resolve);
  }

  /**
   * Somebody moves alerts that fire into another incident, because they have nothing to do with
   * this one.
   *
   * @return the incident in which they are now
   */
  public Incident split(String id, Regrouping wanted, String actor) {
    wanted.check(open(id), state.alerting().openIncidents());
    Instant now = state.clock().instant();
    Incident target =
        state
            .alerting()
            .splitOff(
                id, Set.copyOf(wanted.fingerprints()), wanted.into(), actor, wanted.reason(), now)
            .orElseThrow(() -> changedMeanwhile(id));
    audit(
        now,
        actor,
        "incident split",
        id,
        String.join(", ", wanted.fingerprints()) + " into " + target.id() + ": " + wanted.reason());
    return target;
  }

  /**
   * Somebody lets an incident go on in another one.
   *
   * @return the other one
   */
  public Incident merge(String id, String into, String actor, String reason) {
    Regrouping.checkMerge(open(id), into, reason, state.alerting().openIncidents());
    Instant now = state.clock().instant();
    Incident merged =
        state
            .alerting()
            .merge(id, into, actor, reason, now)
            .orElseThrow(() -> changedMeanwhile(id));
    audit(now, actor, "incident merged", id, "into " + into + ": " + reason);
    return merged;
  }

  private static HttpException changedMeanwhile(String id) {
    return new HttpException(
        409,
        "incident '" + id + "' changed meanwhile; look at it again and repeat what still fits");
  }

  private interface Change {
    Optional<Incident> apply(String id, String actor, String reason, Instant at);
  }

  private Incident done(String id, String what, String actor, String reason, Change change) {
    Instant now = state.clock().instant();
    Incident changed = change.apply(id, actor, reason, now).orElseThrow(() -> missing(id));
    audit(now, actor, "incident " + what, id, reason);
    return changed;
  }

  /**
   * Keeps receivers quiet about what an incident is about. A second press on the same button, the
   * same words within a minute, returns what the first one made.
   */
  public synchronized Silence silence(
      String id, Reach reach, Duration length, String actor, String reason) {
    return pressedBefore(id, reach, length, actor, reason)
        .orElseGet(() -> silence(id, UUID.randomUUID().toString(), reach, length, actor, reason));
  }

  private Optional<Silence> pressedBefore(
      String id, Reach reach, Duration length, String actor, String reason) {
    Incident incident = open(id);
    Instant now = state.clock().instant();
    List<Matcher> matchers = List.of(Matcher.anyOf("dataset", datasets(incident, reach)));
    return state.alerting().silences().active(now).stream()
        .filter(one -> one.startsAt().isAfter(now.minus(SAME_PRESS)))
        .filter(one -> one.endsAt().equals(one.startsAt().plus(length)))
        .filter(one -> one.author().equals(actor) && one.reason().equals(reason(id, reason)))
        .filter(one -> one.matchers().equals(matchers))
        .findFirst();
  }

  private static String reason(String id, String given) {
    return given + " (" + id + ")";
  }

  /**
   * Keeps receivers quiet about what an incident is about, once: a silence that is there already
   * under the id is returned as it is.
   */
  public Silence silence(
      String id, String silenceId, Reach reach, Duration length, String actor, String reason) {
    if (reason.isBlank()) {
      throw new HttpException(400, "reason is missing; say why, for whoever finds it quiet");
    }
    if (length.isNegative() || length.isZero() || length.compareTo(LONGEST) > 0) {
      throw new HttpException(400, "a silence lasts longer than nothing and 30 days at most");
    }
    Incident incident = open(id);
    Optional<Silence> known = state.alerting().silences().find(silenceId);
    if (known.isPresent()) {
      return known.get();
    }
    Instant now = state.clock().instant();
    Silence silence =
        new Silence(
            silenceId,
            List.of(Matcher.anyOf("dataset", datasets(incident, reach))),
            actor,
            reason(id, reason),
            now,
            now.plus(length));
    state.alerting().silences().put(silence);
    String words = SilenceRoutes.words(silence) + " until " + silence.endsAt();
    Object unused =
        state.alerting().note(id, "silenced", actor, words + ": " + reason, now).isPresent();
    audit(now, actor, "silence created", silenceId, words + ": " + silence.reason());
    return silence;
  }

  /** Declares planned work because of an incident. */
  public Declarations.Declared declare(String id, Declarations.Request request, String actor) {
    return declare(id, Declarations.id(UUID.randomUUID()), request, actor);
  }

  /**
   * Declares planned work because of an incident, under an id that is not taken. A request that
   * names nothing covers the datasets of the incident's alerts.
   */
  public Declarations.Declared declare(
      String id, String workId, Declarations.Request request, String actor) {
    Incident incident = open(id);
    Declarations.Declared declared =
        declarations.declare(
            workId,
            request.covers().isEmpty()
                ? request.covering(List.copyOf(datasets(incident, Reach.FIRING)))
                : request,
            actor);
    PlannedWork work = declared.work();
    String words =
        work.id()
            + " of "
            + String.join(", ", work.covers())
            + " until "
            + work.endsAt()
            + ", "
            + work.ticket()
            + ": "
            + work.reason();
    Object unused =
        state
            .alerting()
            .note(incident.id(), "backfill", actor, words, state.clock().instant())
            .isPresent();
    return declared;
  }

  /**
   * Somebody has done steps of the incident's runbook. What was done already since the incident
   * came stays as it is.
   *
   * @param numbers of the steps, from 1
   * @param note what came of it; may be empty
   */
  public synchronized Incident steps(String id, List<String> numbers, String actor, String note) {
    Incident incident = open(id);
    List<RunbookStep> known = knownSteps(incident);
    List<RunbookStep> wanted = numbers.stream().map(number -> step(known, number, id)).toList();
    Incident changed = incident;
    for (RunbookStep step : wanted) {
      if (!step.doneNow()) {
        Instant now = state.clock().instant();
        String words = step.entry(note);
        changed =
            state
                .alerting()
                .note(id, RunbookStep.WHAT, actor, words, now)
                .orElseThrow(() -> missing(id));
        audit(now, actor, "incident step done", id, words);
      }
    }
    return changed;
  }

  /**
   * Somebody takes back that a step was done since the incident came. One that was not done stays
   * as it is.
   *
   * @param number of the step, from 1
   * @param note why; may be empty
   */
  public synchronized Incident undoStep(String id, String number, String actor, String note) {
    Incident incident = open(id);
    RunbookStep step = step(knownSteps(incident), number, id);
    if (!step.doneNow()) {
      return incident;
    }
    Instant now = state.clock().instant();
    String words = step.entry(note);
    Incident changed =
        state
            .alerting()
            .note(id, RunbookStep.UNDONE, actor, words, now)
            .orElseThrow(() -> missing(id));
    audit(now, actor, "incident step undone", id, words);
    return changed;
  }

  private List<RunbookStep> knownSteps(Incident incident) {
    return IncidentRunbook.of(state.runbooks(), incident)
        .map(IncidentRunbook::steps)
        .orElse(List.of());
  }

  private static RunbookStep step(List<RunbookStep> known, String number, String id) {
    return known.stream()
        .filter(step -> Integer.toString(step.number()).equals(number))
        .findFirst()
        .orElseThrow(
            () ->
                new HttpException(
                    404,
                    known.isEmpty()
                        ? "incident '" + id + "' has no runbook with steps"
                        : "there is no step '"
                            + number
                            + "'; the runbook of '"
                            + id
                            + "' has steps 1 to "
                            + known.size()));
  }

  /** Returns the names of the datasets that a silence of that reach covers. */
  public static Set<String> datasets(Incident incident, Reach reach) {
    Set<String> datasets = new LinkedHashSet<>();
    incident.alerts().forEach(alert -> datasets.add(alert.dataset()));
    if (reach == Reach.DOWNSTREAM) {
      for (Alert alert : incident.alerts()) {
        Cause cause = alert.cause();
        if (cause != null) {
          cause.path().stream()
              .filter(key -> key.startsWith("dataset:"))
              .map(key -> key.substring("dataset:".length()))
              .forEach(datasets::add);
        }
        datasets.addAll(alert.blastRadius().datasets());
      }
    }
    return datasets;
  }

  private Incident open(String id) {
    return state.alerting().find(id).filter(Incident::open).orElseThrow(() -> missing(id));
  }

  private static NoSuchElementException missing(String id) {
    return new NoSuchElementException(
        "there is no open incident '" + id + "'; /api/v1/incidents lists them");
  }

  private void audit(Instant at, String actor, String action, String subject, String detail) {
    state.records().audit().write(new AuditTrail.Entry(at, actor, action, subject, detail));
  }
}
