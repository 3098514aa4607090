package dev.tidemark.engine.definition;

import dev.tidemark.engine.model.ObjectiveId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What an edit of definitions changed about promises, in words. Stateless. */
public final class Edits {
  private Edits() {}

  /**
   * Returns, by objective, what is another now of what its budget depends on, maintenance that is
   * planned in files among it. Objectives that came or went say so; where only words, labels or
   * places changed there is no entry.
   */
  public static Map<ObjectiveId, String> between(Definitions before, Definitions after) {
    Map<ObjectiveId, Objective> old = new LinkedHashMap<>();
    before.objectives().forEach(objective -> old.put(objective.id(), objective));
    Map<ObjectiveId, String> edits = new LinkedHashMap<>();
    for (Objective is : after.objectives()) {
      Objective was = old.remove(is.id());
      List<String> changes = was == null ? List.of("new") : changes(was, is);
      if (was != null) {
        maintenance(changes, corrected(before, was), corrected(after, is));
      }
      if (!changes.isEmpty()) {
        edits.put(is.id(), String.join(", ", changes));
      }
    }
    old.keySet().forEach(id -> edits.put(id, "removed"));
    return edits;
  }

  private static List<String> changes(Objective was, Objective is) {
    List<String> changes = new ArrayList<>();
    note(changes, "target", was.target().text(), is.target().text());
    note(changes, "window", was.window().text(), is.window().text());
    note(changes, "time slice", was.slice(), is.slice());
    note(changes, "silence", was.silence().text(), is.silence().text());
    note(changes, "expected events", was.expectedEvents(), is.expectedEvents());
    note(changes, "allowed lateness", was.allowedLateness(), is.allowedLateness());
    if (!was.sli().equals(is.sli()) || !was.roster().equals(is.roster())) {
      changes.add("what is measured");
    }
    return changes;
  }

  /**
   * Maintenance that takes something out of the budget of an objective, by name: when, and what.
   */
  private static Map<String, String> corrected(Definitions definitions, Objective objective) {
    Map<String, String> corrected = new TreeMap<>();
    for (MaintenanceDefinition planned : definitions.maintenance()) {
      if (planned.budget() != MaintenanceDefinition.Budget.KEEP
          && MaintenanceDefinition.covers(planned.covers(), objective)) {
        corrected.put(planned.name(), planned.times() + " " + planned.budget());
      }
    }
    return corrected;
  }

  private static void maintenance(
      List<String> changes, Map<String, String> was, Map<String, String> is) {
    is.forEach(
        (name, how) -> {
          if (!was.containsKey(name)) {
            changes.add("maintenance " + name + " added");
          } else if (!how.equals(was.get(name))) {
            changes.add("maintenance " + name + " changed");
          }
        });
    was.keySet().stream()
        .filter(name -> !is.containsKey(name))
        .forEach(name -> changes.add("maintenance " + name + " removed"));
  }

  private static void note(List<String> changes, String what, Object was, Object is) {
    if (!was.equals(is)) {
      changes.add(what + " " + was + " → " + is);
    }
  }
}
