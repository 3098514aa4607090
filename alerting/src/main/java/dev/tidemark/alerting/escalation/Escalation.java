package dev.tidemark.alerting.escalation;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whom to tell, and whom next when nobody takes it. Immutable, pure.
 *
 * <p>A round goes through all steps; when the last one's time-out is over the next round begins,
 * and after the last round the last resort is told. A call that comes late, because Tidemark was
 * down or the incident was silenced, moves all later ones on by as much: everybody has as long to
 * answer as was planned, and nobody is told several steps at once.
 *
 * @param name as routes name it
 * @param steps in order, at least one
 * @param timeout how long the last step has to answer
 * @param repeat how many more rounds follow the first
 * @param lastResort who is told after the last round: a receiver or {@code schedule:NAME}; null for
 *     nobody
 */
public record Escalation(
    String name, List<Step> steps, Duration timeout, int repeat, @Nullable String lastResort) {
  /**
   * Checks the order.
   *
   * @throws IllegalArgumentException when there is no step, a step is not after the one before it,
   *     the time-out is not above zero or {@code repeat} is negative
   */
  public Escalation {
    steps = List.copyOf(steps);
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("it needs at least one step");
    }
    for (int i = 1; i < steps.size(); i++) {
      if (steps.get(i).after().compareTo(steps.get(i - 1).after()) <= 0) {
        throw new IllegalArgumentException(
            "step " + (i + 1) + " has to come after step " + i + "; 'after' counts from the begin");
      }
    }
    if (timeout.isZero() || timeout.isNegative() || repeat < 0) {
      throw new IllegalArgumentException(
          "the time-out has to be above zero and repeat not below, are " + timeout + ", " + repeat);
    }
  }

  /**
   * One step.
   *
   * @param after how long after the begin of the round, if nobody has taken it until then
   * @param told receivers, or {@code schedule:NAME} for whoever is on call then
   */
  public record Step(Duration after, List<String> told) {
    public Step {
      told = List.copyOf(told);
      if (told.isEmpty() || after.isNegative()) {
        throw new IllegalArgumentException("a step tells somebody, and not before the begin");
      }
    }
  }

  /**
   * Somebody is to be told now.
   *
   * @param told receivers, or {@code schedule:NAME}
   * @param words such as {@code step 2 of 3}, {@code step 1 of 3, round 2 of 2} or {@code last
   *     resort}
   */
  public record Call(List<String> told, String words) {
    public Call {
      told = List.copyOf(told);
    }
  }

  /** Returns how many calls it makes when nobody ever answers. */
  public int calls() {
    return steps.size() * (repeat + 1) + (lastResort == null ? 0 : 1);
  }

  /**
   * Returns who is due now.
   *
   * @param progress of this escalation; afterwards it is {@link EscalationProgress#called}
   * @param acknowledged whether somebody has taken the incident: then nobody is due any more
   */
  public Optional<Call> due(EscalationProgress progress, boolean acknowledged, Instant now) {
    int next = progress.done();
    if (acknowledged || next >= calls()) {
      return Optional.empty();
    }
    Duration pause = next == 0 ? planned(0) : planned(next).minus(planned(next - 1));
    return now.isBefore(progress.at().plus(pause)) ? Optional.empty() : Optional.of(call(next));
  }

  /** How long after the begin a call is planned. */
  private Duration planned(int call) {
    Duration round = steps.get(steps.size() - 1).after().plus(timeout);
    int rounds = call / steps.size();
    Duration begin = round.multipliedBy(rounds);
    return rounds > repeat ? begin : begin.plus(steps.get(call % steps.size()).after());
  }

  private Call call(int number) {
    int round = number / steps.size();
    if (round > repeat) {
      return new Call(lastResort == null ? List.of() : List.of(lastResort), "last resort");
    }
    int step = number % steps.size();
    String words = "step " + (step + 1) + " of " + steps.size();
    return new Call(
        steps.get(step).told(),
        repeat == 0 ? words : words + ", round " + (round + 1) + " of " + (repeat + 1));
  }
}
