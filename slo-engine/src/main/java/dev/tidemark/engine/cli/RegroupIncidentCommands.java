package dev.tidemark.engine.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a person puts into another incident than Tidemark did. */
final class RegroupIncidentCommands {
  private RegroupIncidentCommands() {}

  /** {@code tidemark incidents split}. */
  @Command(
      name = "split",
      mixinStandardHelpOptions = true,
      description =
          "Move alerts that have another cause out of an incident; they are told of anew and stay"
              + " apart. 'tidemark incidents show' has the fingerprints.")
  static final class Split extends QueryCommand {
    @Parameters(paramLabel = "INCIDENT", description = "The id, as 'incidents' shows it.")
    private String id = "";

    @Option(
        names = "--alert",
        paramLabel = "FINGERPRINT",
        required = true,
        arity = "1..*",
        description = "Which; may be given several times.")
    private List<String> alerts = new ArrayList<>();

    @Option(
        names = "--into",
        paramLabel = "ID",
        description = "An open incident (default: a new one).",
        defaultValue = "")
    private String into = "";

    @Option(names = "--reason", required = true, description = "Why.")
    private String reason = "";

    @Override
    JsonNode ask(ServerClient server) throws ServerClient.Refused {
      ObjectNode body = JsonNodeFactory.instance.objectNode().put("reason", reason);
      alerts.forEach(body.putArray("fingerprints")::add);
      if (!into.isEmpty()) {
        body.put("into", into);
      }
      return server.post(IncidentsCommand.path(id, "split"), body);
    }

    @Override
    void print(JsonNode incident, PrintWriter out) {
      out.println(
          String.join(", ", alerts)
              + (alerts.size() == 1 ? " goes on in " : " go on in ")
              + incident.path("id").asText()
              + ", which is "
              + incident.path("state").asText());
      out.flush();
    }
  }

  /** {@code tidemark incidents merge}. */
  @Command(
      name = "merge",
      mixinStandardHelpOptions = true,
      description = "Let an incident go on in another one, because both have the same cause.")
  static final class Merge extends QueryCommand {
    @Parameters(paramLabel = "INCIDENT", description = "The id, as 'incidents' shows it.")
    private String id = "";

    @Option(
        names = "--into",
        paramLabel = "ID",
        required = true,
        description = "The open incident that stays.")
    private String into = "";

    @Option(names = "--reason", required = true, description = "Why.")
    private String reason = "";

    @Override
    JsonNode ask(ServerClient server) throws ServerClient.Refused {
      return server.post(
          IncidentsCommand.path(id, "merge"),
          JsonNodeFactory.instance.objectNode().put("into", into).put("reason", reason));
    }

    @Override
    void print(JsonNode incident, PrintWriter out) {
      out.println(
          id
              + " goes on as "
              + incident.path("id").asText()
              + ", which is "
              + incident.path("state").asText());
      out.flush();
    }
  }
}
