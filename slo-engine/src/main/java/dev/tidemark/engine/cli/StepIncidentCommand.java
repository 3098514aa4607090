package dev.tidemark.engine.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark incidents step}: a step of the runbook was done, or was not after all. */
@Command(
    name = "step",
    mixinStandardHelpOptions = true,
    description = "Tick off a step of the incident's runbook; 'incidents show' numbers them.")
final class StepIncidentCommand extends QueryCommand {
  @Parameters(
      index = "0",
      paramLabel = "INCIDENT",
      description = "The id, as 'incidents' shows it.")
  private String id = "";

  @Parameters(index = "1", paramLabel = "N", description = "Number of the step, from 1.")
  private int number;

  @Option(names = "--note", description = "What came of it.", defaultValue = "")
  private String note = "";

  @Option(names = "--undo", description = "Takes the tick back.")
  private boolean undo;

  @Override
  JsonNode ask(ServerClient server) throws ServerClient.Refused {
    String path = IncidentsCommand.path(id, "steps/" + number);
    if (undo) {
      return server.delete(note.isEmpty() ? path : path + "?note=" + ServerClient.segment(note));
    }
    return server.post(path, JsonNodeFactory.instance.objectNode().put("note", note));
  }

  @Override
  void print(JsonNode incident, PrintWriter out) {
    print(incident.path("steps"), "", out);
    out.flush();
  }

  /** Prints the steps, after a line, when there are any. */
  static void print(JsonNode steps, String before, PrintWriter out) {
    if (steps.isEmpty()) {
      return;
    }
    out.print(before);
    Table table = new Table("STEP", "DONE", "BY", "WHAT");
    for (JsonNode step : steps) {
      JsonNode last = step.path("doneBy").path(step.path("doneBy").size() - 1);
      table.row(
          step.path("number").asText(),
          step.path("done").asBoolean() ? IncidentsCommand.second(last.path("at")) : "–",
          step.path("done").asBoolean() ? last.path("actor").asText() : "",
          step.path("text").asText());
      for (JsonNode code : step.path("code")) {
        code.asText().lines().forEach(line -> table.row("", "", "", "  " + line));
      }
    }
    table.print(out);
  }
}
