package dev.tidemark.engine.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tidemark incidents show}: one incident with its alerts, timeline and notifications. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "One incident: its alerts with their fingerprints, timeline, notifications.")
final class ShowIncidentCommand extends QueryCommand {
  @Parameters(paramLabel = "INCIDENT", description = "The id, as 'incidents' shows it.")
  private String id = "";

  @Override
  JsonNode ask(ServerClient server) throws ServerClient.Refused {
    return server.get("/api/v1/incidents/" + ServerClient.segment(id));
  }

  @Override
  void print(JsonNode incident, PrintWriter out) {
    out.println(incident.path("id").asText() + ": " + incident.path("title").asText());
    out.println(
        incident.path("severity").asText()
            + ", "
            + incident.path("state").asText()
            + ", bad since "
            + IncidentsCommand.second(incident.path("badSince"))
            + ", opened "
            + IncidentsCommand.second(incident.path("openedAt"))
            + (incident.path("episodes").isEmpty()
                ? ""
                : ", came back " + IncidentsCommand.second(incident.path("episodeAt")))
            + ", cause: "
            + IncidentsCommand.cause(incident.path("cause")));
    out.println();
    Table alerts = new Table("ALERT", "STATE", "BAD SINCE", "OBJECTIVE", "DATASET");
    for (JsonNode alert : incident.path("alerts")) {
      alerts.row(
          alert.path("fingerprint").asText(),
          alert.path("state").asText(),
          IncidentsCommand.second(alert.path("since")),
          alert.path("objective").asText(),
          alert.path("dataset").asText());
    }
    alerts.print(out);
    out.println();
    Table timeline = new Table("WHEN", "WHAT", "WHO", "WHY");
    for (JsonNode entry : incident.path("timeline")) {
      timeline.row(
          IncidentsCommand.second(entry.path("at")),
          entry.path("what").asText(),
          entry.path("actor").asText(),
          entry.path("reason").asText());
    }
    timeline.print(out);
    StepIncidentCommand.print(incident.path("steps"), System.lineSeparator(), out);
    if (!incident.path("deliveries").isEmpty()) {
      out.println();
      Table deliveries = new Table("NOTIFIED", "RECEIVER", "KIND", "STATE", "ERROR");
      for (JsonNode delivery : incident.path("deliveries")) {
        deliveries.row(
            IncidentsCommand.second(delivery.path("at")),
            delivery.path("receiver").asText(),
            delivery.path("kind").asText(),
            delivery.path("state").asText(),
            delivery.path("lastError").asText(""));
      }
      deliveries.print(out);
    }
    out.flush();
  }
}
