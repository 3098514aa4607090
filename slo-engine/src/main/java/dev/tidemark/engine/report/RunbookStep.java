package dev.tidemark.engine.report;

import dev.tidemark.alerting.Incident;
import dev.tidemark.alerting.TimelineEntry;
import dev.tidemark.runbooks.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * One step of the runbook that an incident asks for. Immutable.
 *
 * @param number as the runbook shows it, from 1
 * @param text one sentence, with the incident's facts
 * @param code what it says to run or to look at; often empty
 * @param done entries of the incident's timeline that say so and were not taken back, oldest first;
 *     more than one when the incident came back
 * @param doneNow whether it was done since the incident was opened or reopened last
 */
public record RunbookStep(
    int number, String text, List<String> code, List<TimelineEntry> done, boolean doneNow) {
  /** What the timeline calls it. */
  public static final String WHAT = "step";

  /** What the timeline calls it when somebody takes that back. */
  public static final String UNDONE = "step undone";

  private static final int TEXT_LENGTH = 200;

  public RunbookStep {
    code = List.copyOf(code);
    done = List.copyOf(done);
  }

  /** Returns the steps with what the incident's timeline says of them. */
  public static List<RunbookStep> of(List<Step> steps, Incident incident) {
    List<RunbookStep> all = new ArrayList<>();
    for (Step step : steps) {
      List<TimelineEntry> done = done(step.number(), incident);
      Instant since = incident.episodeAt();
      all.add(
          new RunbookStep(
              step.number(),
              step.text(),
              step.code(),
              done,
              done.stream().anyMatch(entry -> !entry.at().isBefore(since))));
    }
    return all;
  }

  private static List<TimelineEntry> done(int number, Incident incident) {
    List<TimelineEntry> done = new ArrayList<>();
    for (TimelineEntry entry : incident.timeline()) {
      if (entry.reason().startsWith(number + ": ")) {
        if (entry.what().equals(WHAT)) {
          done.add(entry);
        } else if (entry.what().equals(UNDONE) && !done.isEmpty()) {
          done.remove(done.size() - 1);
        }
      }
    }
    return done;
  }

  /**
   * Returns what the timeline says of it.
   *
   * @param note what came of it; may be empty
   */
  public String entry(String note) {
    String line = text.lines().map(String::strip).reduce((a, b) -> a + " " + b).orElse("");
    String shown =
        line.length() > TEXT_LENGTH ? line.substring(0, TEXT_LENGTH - 1).strip() + "…" : line;
    return number + ": " + shown + (note.isBlank() ? "" : " – " + note.strip());
  }
}
