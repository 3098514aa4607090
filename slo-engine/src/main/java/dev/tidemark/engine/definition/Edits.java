package dev.tidemark.engine.definition;

import dev.tidemark.engine.model.ObjectiveId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an edit of definitions changed about promises, in words. Stateless. */
public final class Edits {
  private Edits() {}

  /**
   * Returns, by objective, what is another now of what its budget depends on. Objectives that came
   * or went say so; where only words, labels or places changed there is no entry.
   */
  public static Map<ObjectiveId, String> between(Definitions before, Definitions after) {
    Map<ObjectiveId, Objective> old = new LinkedHashMap<>();
    before.objectives().forEach(objective -> old.put(objective.id(), objective));
    Map<ObjectiveId, String> edits = new LinkedHashMap<>();
    for (Objective is : after.objectives()) {
      Objective was = old.remove(is.id());
      List<String> changes = was == null ? List.of("new") : changes(was, is);
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

  private static void note(List<String> changes, String what, Object was, Object is) {
    if (!was.equals(is)) {
      changes.add(what + " " + was + " → " + is);
    }
  }
}
