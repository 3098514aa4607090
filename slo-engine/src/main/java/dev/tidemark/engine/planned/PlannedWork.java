package dev.tidemark.engine.planned;

import dev.tidemark.engine.definition.MaintenanceDefinition;
import dev.tidemark.engine.definition.MaintenanceDefinition.Budget;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.PlannedTimes;
import dev.tidemark.engine.definition.PlannedTimes.Span;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A backfill or maintenance that somebody declared. Immutable.
 *
 * @param id short, unique
 * @param kind what for
 * @param covers names of objectives, or of what they are about; {@code *} is everything
 * @param startsAt when it begins, event time
 * @param endsAt when it ends, for the last time if it recurs
 * @param budget what becomes of the budget meanwhile
 * @param reason for people
 * @param ticket where more is said
 * @param author who declared it
 * @param declaredAt when
 * @param approvedBy who approved what it takes from the past; empty while nobody did
 * @param ended whether somebody ended it before its time
 * @param declaredBy whom the server knew to have sent the declaration; {@value #ANYBODY} when it
 *     knows nobody, {@value #FILES} when no request did, empty when it was declared before this was
 *     kept
 * @param rejectedBy who refused what it takes from the past; empty while nobody did
 * @param recurs its times when it takes place more than once; null for once
 * @param decidedAt when it was approved or rejected; null while nobody did either. What was decided
 *     before this was kept counts as decided at its declaration
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
    String declaredBy,
    String rejectedBy,
    @Nullable PlannedTimes recurs,
    @Nullable Instant decidedAt) {
  /** How the server calls everybody while no tokens tell people apart. */
  public static final String ANYBODY = "local";

  /** What declares the past of a maintenance that stands in a file. */
  public static final String FILES = "definition files";

  /** What work is declared for. */
  public enum Kind {
    BACKFILL,
    MAINTENANCE
  }

  /** Copies the list, and fills in what older documents lack. */
  public PlannedWork {
    covers = List.copyOf(covers);
    declaredBy = Objects.requireNonNullElse(declaredBy, "");
    rejectedBy = Objects.requireNonNullElse(rejectedBy, "");
    if (decidedAt == null && !(approvedBy.isEmpty() && rejectedBy.isEmpty())) {
      decidedAt = declaredAt;
    }
  }

  /** Whether it covers an objective. */
  public boolean covers(Objective objective) {
    return MaintenanceDefinition.covers(covers, objective);
  }

  /**
   * Whether it takes something out of the budget that had happened when it was declared, and nobody
   * has decided on that.
   */
  public boolean needsApproval() {
    return reachesBack() && approvedBy.isEmpty() && rejectedBy.isEmpty();
  }

  private boolean reachesBack() {
    return budget != Budget.KEEP && startsAt.isBefore(declaredAt);
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

  /** Its times that touch [from, to), oldest first. */
  public List<Span> times(Instant from, Instant to) {
    if (recurs == null) {
      return startsAt.isBefore(endsAt) && endsAt.isAfter(from) && startsAt.isBefore(to)
          ? List.of(new Span(startsAt, endsAt))
          : List.of();
    }
    List<Span> times = new ArrayList<>();
    for (Span time : recurs.between(from, to.isBefore(endsAt) ? to : endsAt)) {
      clipped(time, startsAt, endsAt).ifPresent(times::add);
    }
    return times;
  }

  /**
   * The stretches that touch [from, to) and leave the budget. Unless somebody else has approved,
   * that is only what came after the declaration.
   */
  public List<Span> corrected(Instant from, Instant to) {
    if (budget == Budget.KEEP) {
      return List.of();
    }
    Instant first = reachesBack() && approvedBy.isEmpty() ? declaredAt : startsAt;
    List<Span> corrected = new ArrayList<>();
    for (Span time : times(from, to)) {
      clipped(time, first, endsAt)
          .filter(span -> span.to().isAfter(from) && span.from().isBefore(to))
          .ifPresent(corrected::add);
    }
    return corrected;
  }

  private static Optional<Span> clipped(Span span, Instant from, Instant to) {
    Instant start = span.from().isBefore(from) ? from : span.from();
    Instant end = span.to().isAfter(to) ? to : span.to();
    return start.isBefore(end) ? Optional.of(new Span(start, end)) : Optional.empty();
  }

  /** The time of it that is under way, or empty. */
  public Optional<Span> underWay(Instant at) {
    return times(at, at.plusMillis(1)).stream().filter(span -> span.contains(at)).findFirst();
  }

  /** Whether it is under way. */
  public boolean active(Instant at) {
    return underWay(at).isPresent();
  }

  /** Where it is, in one word; what recurs is pending between its times. */
  public String state(Instant at) {
    if (!at.isBefore(endsAt)) {
      return "over";
    }
    return active(at) ? "active" : "pending";
  }

  /** Returns this ending now. */
  public PlannedWork endingAt(Instant at) {
    return with(at.isBefore(endsAt) ? at : endsAt, approvedBy, true, rejectedBy, decidedAt);
  }

  /** Returns this approved. */
  public PlannedWork approvedBy(String approver, Instant at) {
    return with(endsAt, approver, ended, "", at);
  }

  /** Returns this refused: what had happened before the declaration stays in the budget. */
  public PlannedWork rejectedBy(String refuser, Instant at) {
    return with(endsAt, "", ended, refuser, at);
  }

  /**
   * Returns what was known of this at a moment: nothing before its declaration, and what was
   * decided only from the decision on. When it was ended is not kept: it always ended as it did.
   */
  public Optional<PlannedWork> knownAt(Instant moment) {
    if (declaredAt.isAfter(moment)) {
      return Optional.empty();
    }
    return Optional.of(
        decidedAt != null && decidedAt.isAfter(moment) ? with(endsAt, "", ended, "", null) : this);
  }

  private PlannedWork with(
      Instant ends, String approver, boolean over, String refuser, @Nullable Instant decided) {
    return new PlannedWork(
        id,
        kind,
        covers,
        startsAt,
        ends,
        budget,
        reason,
        ticket,
        author,
        declaredAt,
        approver,
        over,
        declaredBy,
        refuser,
        recurs,
        decided);
  }
}
