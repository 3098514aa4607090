package dev.tidemark.alerting.route;

import dev.tidemark.alerting.escalation.Escalation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one escalation. */
final class EscalationReading {
  static final Set<String> FIELDS = Set.of("steps", "timeout", "repeat", "lastResort");
  static final Set<String> STEP = Set.of("after", "notify");
  private static final Duration ONLY_STEP = Duration.ofMinutes(15);
  private static final int MOST_REPEATS = 100;

  private final Known known;

  EscalationReading(Known known) {
    this.known = known;
  }

  @Nullable Escalation read(String name, Fields fields, List<String> problems) {
    int before = problems.size();
    fields.onlyKnown(FIELDS, Map.of());
    boolean usable = true;
    List<Escalation.Step> steps = new ArrayList<>();
    Duration last = Duration.ofNanos(-1);
    Duration gap = ONLY_STEP;
    for (Fields step : fields.children("steps")) {
      step.onlyKnown(STEP, Map.of());
      Duration after = step.duration("after", Duration.ZERO);
      List<String> notify = step.texts("notify");
      if (notify.isEmpty()) {
        step.problem("notify", "is missing; write notify: [pager] or ['schedule:primary']");
      }
      for (String text : notify) {
        usable &= address(text, step, "notify");
      }
      if (after.compareTo(last) <= 0) {
        step.problem(
            "after",
            "has to be later than that of the step before; it counts from the begin of the round");
      }
      if (!steps.isEmpty()) {
        gap = after.minus(last);
      }
      last = after;
      if (problems.size() == before) {
        steps.add(new Escalation.Step(after, notify));
      }
    }
    if (!fields.has("steps")) {
      fields.problem("steps", "is missing; write steps: [{after: 0m, notify: [pager]}]");
    }
    // The last step has as long to answer as the one before it.
    Duration timeout = fields.duration("timeout", gap);
    if (timeout.compareTo(Duration.ofMinutes(1)) < 0) {
      fields.problem("timeout", "must be at least 1m, or nobody has time to answer");
    }
    int repeat = fields.whole("repeat", 0, 0, MOST_REPEATS);
    String lastResort = fields.text("lastResort");
    if (lastResort != null) {
      usable &= address(lastResort, fields, "lastResort");
    }
    return problems.size() > before || steps.isEmpty() || !usable
        ? null
        : new Escalation(name, steps, timeout, repeat, lastResort);
  }

  private boolean address(String text, Fields fields, String field) {
    Address address = Address.parse(text);
    if (address.kind() == Address.Kind.ESCALATION) {
      fields.problem(field, "an escalation cannot call another one; name receivers or schedules");
      return false;
    }
    return known.usable(address, fields, field);
  }
}
