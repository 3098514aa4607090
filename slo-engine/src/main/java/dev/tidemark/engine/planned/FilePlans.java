package dev.tidemark.engine.planned;

import dev.tidemark.engine.definition.MaintenanceDefinition;
import dev.tidemark.engine.definition.MaintenanceDefinition.Budget;
import dev.tidemark.engine.planned.PlannedWork.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Maintenance in files as it became known. What a file plans counts from the moment on at which it
 * was first read; what lies before that corrects the past, and waits for somebody's approval like
 * any declaration. That past is kept as {@link PlannedWork} of {@link PlannedWork#FILES} that ends
 * at that moment, one for everything that is told apart by {@link #id}. Not thread-safe.
 */
final class FilePlans {
  private final PlanStore store;
  private final Map<String, PlannedWork> known = new HashMap<>();

  /** Keeps them there. */
  FilePlans(PlanStore store) {
    this.store = store;
  }

  /** Takes what was stored before, or changed since. */
  void put(PlannedWork past) {
    known.put(past.id(), past);
  }

  /**
   * What files plan, each with the moment since which it is known.
   *
   * @param maintenance in force
   * @param past what of it lies in the past, whether or not somebody has approved it; it is empty
   *     for maintenance that was known beforehand
   * @param fresh what of the past nobody knew of until now
   */
  record Seen(
      List<MaintenanceDefinition> maintenance, List<PlannedWork> past, List<PlannedWork> fresh) {}

  /**
   * Looks at what files plan now, and keeps what is new.
   *
   * @param now since when what is new is known
   */
  Seen see(List<MaintenanceDefinition> planned, Instant now) {
    List<MaintenanceDefinition> since = new ArrayList<>();
    List<PlannedWork> past = new ArrayList<>();
    List<PlannedWork> fresh = new ArrayList<>();
    for (MaintenanceDefinition one : planned) {
      if (one.budget() == Budget.KEEP) {
        since.add(one);
        continue;
      }
      PlannedWork seen = known.get(id(one));
      if (seen == null) {
        seen = past(one, now);
        store.save(seen);
        known.put(seen.id(), seen);
        if (seen.needsApproval()) {
          fresh.add(seen);
        }
      }
      since.add(one.knownSince(seen.declaredAt()));
      if (seen.startsAt().isBefore(seen.endsAt())) {
        past.add(seen);
      }
    }
    return new Seen(since, past, fresh);
  }

  private static PlannedWork past(MaintenanceDefinition planned, Instant now) {
    Instant first = planned.times().first();
    Instant over = first.plus(planned.times().duration());
    boolean once = planned.times().rule().isEmpty();
    return new PlannedWork(
        id(planned),
        Kind.MAINTENANCE,
        planned.covers(),
        first.isBefore(now) ? first : now,
        once && over.isBefore(now) ? over : now,
        planned.budget(),
        planned.reason(),
        planned.ticket(),
        planned.author(),
        now,
        "",
        false,
        PlannedWork.FILES,
        "",
        once ? null : planned.times(),
        null);
  }

  /** Tells apart what bears on budgets: another reason or ticket changes nothing. */
  private static String id(MaintenanceDefinition planned) {
    String bears =
        String.join(
            "\n",
            planned.name(),
            planned.covers().toString(),
            planned.times().first().toString(),
            planned.times().duration().toString(),
            planned.times().rule(),
            planned.times().zone().getId(),
            planned.budget().name());
    UUID key = UUID.nameUUIDFromBytes(bears.getBytes(StandardCharsets.UTF_8));
    return "MW-" + key.toString().substring(0, 8);
  }
}
