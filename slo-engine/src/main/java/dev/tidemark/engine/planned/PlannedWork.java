package dev.tidemark.engine.planned;

import dev.tidemark.engine.definition.MaintenanceDefinition;
import dev.tidemark.engine.definition.MaintenanceDefinition.Budget;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.PlannedTimes.Span;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A backfill or maintenance that somebody declared. Immutable.
 *
 * @param id short, unique
 * @param kind what for
 * @param covers names of objectives, or of what they are about; {@code *} is everything
 * @param startsAt when it begins, event time
 * @param endsAt when it ends
 * @param budget what becomes of the budget meanwhile
 * @param reason for people
 * @param ticket where more is said
 * @param author who declared it
 * @param declaredAt when
 * @param approvedBy who approved what it takes from the past; empty while nobody did
 * @param ended whether somebody ended it before its time
 * @param declaredBy whom the server knew to have sent the declaration; {@value #ANYBODY} when it
 *     knows nobody, empty when it was declared before this was kept
 */
public record PlannedWork(
    String id,
    Kind kind,
    List<String> covers,
    Instant startsAt,
    Instant endsAt,
    Budget budget,
    String reason,
    String ticket,
    String author,
    Instant declaredAt,
    String approvedBy,
    boolean ended,
    String declaredBy) {
  /** How the server calls everybody while no tokens tell people apart. */
  public static final String ANYBODY = "local";

  /** What work is declared for. */
  public enum Kind {
    BACKFILL,
    MAINTENANCE
  }

  /** Copies the list. */
  public PlannedWork {
    covers = List.copyOf(covers);
    declaredBy = Objects.requireNonNullElse(declaredBy, "");
  }

  /** Whether it covers an objective. */
  public boolean covers(Objective objective) {
    return MaintenanceDefinition.covers(covers, objective);
  }

  /** Whether it takes something out of the budget that had happened when it was declared. */
  public boolean needsApproval() {
    return budget != Budget.KEEP && startsAt.isBefore(declaredAt) && approvedBy.isEmpty();
  }

  /**
   * Whether this is somebody else than who declared it. Where tokens tell people apart, theirs
   * decide: a name in a request is only a name.
   *
   * @param actor whom the server knows to ask, or {@link #ANYBODY}
   * @param name whom the request names as approving
   */
  public boolean mayBeApprovedBy(String actor, String name) {
    boolean sameToken = !actor.equals(ANYBODY) && actor.equals(declaredBy);
    return !sameToken && !name.equals(author);
  }

  /**
   * The stretch that leaves the budget, or empty. Until somebody else approves, that is only what
   * came after the declaration.
   */
  public Optional<Span> corrected() {
    if (budget == Budget.KEEP) {
      return Optional.empty();
    }
    Instant from = needsApproval() ? declaredAt : startsAt;
    return from.isBefore(endsAt) ? Optional.of(new Span(from, endsAt)) : Optional.empty();
  }

  /** Whether it is under way. */
  public boolean active(Instant at) {
    return !at.isBefore(startsAt) && at.isBefore(endsAt);
  }

  /** Where it is, in one word. */
  public String state(Instant at) {
    if (at.isBefore(startsAt)) {
      return "pending";
    }
    return active(at) ? "active" : "over";
  }

  /** Returns this ending now. */
  public PlannedWork endingAt(Instant at) {
    Instant end = at.isBefore(endsAt) ? at : endsAt;
    return new PlannedWork(
        id,
        kind,
        covers,
        startsAt,
        end,
        budget,
        reason,
        ticket,
        author,
        declaredAt,
        approvedBy,
        true,
        declaredBy);
  }

  /** Returns this approved. */
  public PlannedWork approvedBy(String approver) {
    return new PlannedWork(
        id,
        kind,
        covers,
        startsAt,
        endsAt,
        budget,
        reason,
        ticket,
        author,
        declaredAt,
        approver,
        ended,
        declaredBy);
  }
}
