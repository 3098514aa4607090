package dev.tidemark.engine.planned;

import dev.tidemark.engine.definition.Definitions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What is planned, kept durable and told to whoever judges. Thread-safe; changes block on the
 * store.
 */
public final class PlanBook {
  private final PlanStore store;
  private final Map<String, PlannedWork> declared = new LinkedHashMap<>();
  private final FilePlans files;
  private final Consumer<PlannedWork> waiting;
  private Consumer<Plans> listener = plans -> {};
  private Definitions definitions;
  private volatile Plans plans;

  /**
   * Loads what was declared before.
   *
   * @param definitions with what files plan
   * @param now since when what files plan anew is known; what they plan for the time before waits
   *     for an approval
   * @param waiting hears of that
   */
  public PlanBook(
      PlanStore store, Definitions definitions, Instant now, Consumer<PlannedWork> waiting) {
    this.store = store;
    this.waiting = waiting;
    this.files = new FilePlans(store);
    this.definitions = definitions;
    for (PlannedWork work : store.load()) {
      keep(work);
    }
    this.plans = now(now);
  }

  private void keep(PlannedWork work) {
    if (work.declaredBy().equals(PlannedWork.FILES)) {
      files.put(work);
    } else {
      declared.put(work.id(), work);
    }
  }

  private Plans now(Instant at) {
    FilePlans.Seen seen = files.see(definitions.maintenance(), at);
    seen.fresh().forEach(waiting);
    List<PlannedWork> all = new ArrayList<>(declared.values());
    all.addAll(seen.past());
    return new Plans(all, seen.maintenance());
  }

  /** Tells every change from now on, on the thread that made it. */
  public synchronized void onChange(Consumer<Plans> changed) {
    listener = changed;
  }

  /** What is planned now. */
  public Plans plans() {
    return plans;
  }

  /** All declarations, newest first, with what files plan for the time before they were read. */
  public List<PlannedWork> list() {
    List<PlannedWork> all = new ArrayList<>(plans.declared());
    all.sort(Comparator.comparing(PlannedWork::declaredAt).reversed());
    return all;
  }

  /** Finds a declaration. */
  public Optional<PlannedWork> find(String id) {
    return plans.declared().stream().filter(work -> work.id().equals(id)).findFirst();
  }

  /** Takes a new or changed declaration. */
  public synchronized void put(PlannedWork work) {
    store.save(work);
    keep(work);
    change(now(work.declaredAt()));
  }

  /** Ends work that is not over. Returns it, or empty when there is none such. */
  public synchronized Optional<PlannedWork> end(String id, Instant at) {
    PlannedWork work = declared.get(id);
    if (work == null || !at.isBefore(work.endsAt())) {
      return Optional.empty();
    }
    PlannedWork ended = work.endingAt(at);
    put(ended);
    return Optional.of(ended);
  }

  /**
   * Reads other definitions without telling anybody yet; {@link #remind} does.
   *
   * @param now since when what they plan anew is known
   */
  public synchronized Plans reload(Definitions changed, Instant now) {
    definitions = changed;
    plans = now(now);
    return plans;
  }

  /** Tells again what is planned: work that recurs has come nearer. */
  public synchronized void remind() {
    change(plans);
  }

  private void change(Plans changed) {
    plans = changed;
    listener.accept(changed);
  }
}
