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
  private Consumer<Plans> listener = plans -> {};
  private volatile Plans plans;

  /** Loads what was declared before. */
  public PlanBook(PlanStore store, Definitions definitions) {
    this.store = store;
    store.load().forEach(work -> declared.put(work.id(), work));
    this.plans = new Plans(List.copyOf(declared.values()), definitions.maintenance());
  }

  /** Tells every change from now on, on the thread that made it. */
  public synchronized void onChange(Consumer<Plans> changed) {
    listener = changed;
  }

  /** What is planned now. */
  public Plans plans() {
    return plans;
  }

  /** All declarations, newest first. */
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
    declared.put(work.id(), work);
    change(new Plans(List.copyOf(declared.values()), plans.maintenance()));
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

  /** Takes other definitions. */
  public synchronized void reload(Definitions definitions) {
    change(plans.with(definitions));
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
