package dev.tidemark.engine.api;

import dev.tidemark.engine.definition.MaintenanceDefinition.Budget;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.PlannedTimes;
import dev.tidemark.engine.planned.PlanBook;
import dev.tidemark.engine.planned.PlannedWork;
import dev.tidemark.engine.planned.PlannedWork.Kind;
import dev.tidemark.engine.store.clickhouse.AuditTrail;
import io.vertx.ext.web.handler.HttpException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Declares planned work, whoever asks for it: the API or a page. Every declaration goes to the
 * audit trail. Thread-safe; blocks.
 */
public final class Declarations {
  private static final Duration LONGEST = Duration.ofDays(30);
  private static final Duration LONGEST_SERIES = Duration.ofDays(366);
  private static final Duration EARLIEST = Duration.ofDays(90);

  private final EngineState state;
  private final PlanBook plans;

  /** Declares into this book. */
  public Declarations(EngineState state, PlanBook plans) {
    this.state = state;
    this.plans = plans;
  }

  /**
   * What somebody wants to declare.
   *
   * @param kind what for
   * @param covers names of datasets, pipelines or objectives; {@code *} is everything
   * @param startsAt when it begins
   * @param endsAt when it ends
   * @param budget what becomes of the budget meanwhile
   * @param reason for people
   * @param ticket where more is said
   * @param author who wants it
   * @param declaredAt when it is asked for: the one moment by which past and future are told apart
   * @param recurs its times, the first of which begins at {@code startsAt}, when it takes place
   *     more than once; null for once
   */
  public record Request(
      Kind kind,
      List<String> covers,
      Instant startsAt,
      Instant endsAt,
      Budget budget,
      String reason,
      String ticket,
      String author,
      Instant declaredAt,
      @Nullable PlannedTimes recurs) {
    /** It takes place once. */
    public Request(
        Kind kind,
        List<String> covers,
        Instant startsAt,
        Instant endsAt,
        Budget budget,
        String reason,
        String ticket,
        String author,
        Instant declaredAt) {
      this(kind, covers, startsAt, endsAt, budget, reason, ticket, author, declaredAt, null);
    }

    Request covering(List<String> names) {
      return new Request(
          kind, names, startsAt, endsAt, budget, reason, ticket, author, declaredAt, recurs);
    }
  }

  /**
   * What was declared.
   *
   * @param work as it is kept
   * @param objectives names of the ones that it covers now
   */
  public record Declared(PlannedWork work, List<String> objectives) {}

  /**
   * Declares.
   *
   * @param actor who asks, as the server knows it: for the audit trail, and because nobody else's
   *     name on it makes it somebody else's
   * @throws HttpException with status 400 and a sentence when something is missing or wrong
   */
  public Declared declare(Request request, String actor) {
    return declare(id(UUID.randomUUID()), request, actor);
  }

  /** Returns the id of the work that goes by a key, so that the same key declares it once. */
  public static String id(UUID key) {
    return "BF-" + key.toString().substring(0, 8);
  }

  /** Declares under an id that is not taken, else as {@link #declare(Request, String)}. */
  Declared declare(String id, Request request, String actor) {
    Instant now = request.declaredAt();
    if (request.reason().isBlank()) {
      throw new HttpException(
          400, "reason is missing; say why, for whoever finds the budget changed");
    }
    if (request.ticket().isBlank()) {
      throw new HttpException(400, "ticket is missing; name the ticket that the work belongs to");
    }
    checkLength(request);
    if (request.startsAt().isBefore(now.minus(EARLIEST))) {
      throw new HttpException(400, "what happened more than 90 days ago stays as it is");
    }
    PlannedWork work =
        new PlannedWork(
            id,
            request.kind(),
            request.covers(),
            request.startsAt(),
            request.endsAt(),
            request.budget(),
            request.reason(),
            request.ticket(),
            request.author(),
            now,
            "",
            false,
            actor,
            "",
            request.recurs(),
            null);
    List<String> covered = covered(work);
    if (covered.isEmpty()) {
      throw new HttpException(
          400,
          "no objective is about "
              + String.join(", ", request.covers())
              + "; name datasets, pipelines, connectors or objectives of /api/v1/slos");
    }
    plans.put(work);
    audit(now, actor, "planned work declared", work, work.reason());
    return new Declared(work, covered);
  }

  private static void checkLength(Request request) {
    PlannedTimes recurs = request.recurs();
    Duration whole = Duration.between(request.startsAt(), request.endsAt());
    if (recurs != null) {
      if (recurs.duration().compareTo(LONGEST) > 0
          || whole.compareTo(LONGEST_SERIES) > 0
          || recurs.between(request.startsAt(), request.endsAt()).isEmpty()) {
        throw new HttpException(
            400,
            "planned work that recurs lasts 30 days a time at most, takes place at least once"
                + " before its end, and ends within 366 days; what recurs for longer belongs into"
                + " a file as kind: Maintenance");
      }
    } else if (whole.isNegative() || whole.isZero() || whole.compareTo(LONGEST) > 0) {
      throw new HttpException(400, "planned work ends after it starts, within 30 days");
    }
  }

  private List<String> covered(PlannedWork work) {
    return state
        .judge()
        .ask(
            judge ->
                judge.definitions().objectives().stream()
                    .filter(work::covers)
                    .map((Objective objective) -> objective.id().value())
                    .toList())
        .toCompletableFuture()
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
  }

  void audit(Instant at, String actor, String action, PlannedWork work, String more) {
    state
        .records()
        .audit()
        .write(
            new AuditTrail.Entry(
                at,
                actor,
                action,
                work.id(),
                String.join(", ", work.covers())
                    + " from "
                    + work.startsAt()
                    + " until "
                    + work.endsAt()
                    + (work.recurs() == null ? "" : " by " + work.recurs().rule())
                    + ", budget "
                    + word(work.budget())
                    + ", "
                    + work.ticket()
                    + (more.isEmpty() ? "" : ": " + more)));
  }

  /**
   * Reads what is to become of the budget.
   *
   * @throws HttpException with status 400 when it is none of the three words
   */
  public static Budget budget(String text) {
    for (Budget budget : Budget.values()) {
      if (word(budget).equals(text)) {
        return budget;
      }
    }
    throw new HttpException(400, "budget is keep, drop or good, not '" + text + "'");
  }

  static String word(Budget budget) {
    return budget.name().toLowerCase(Locale.ROOT);
  }
}
