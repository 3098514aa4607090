package dev.tidemark.engine.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.PrintWriter;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark incidents}: the list, and what a person does about one of them. */
@Command(
    name = "incidents",
    mixinStandardHelpOptions = true,
    description = "Open incidents, or all recent ones; exit 1 if one is open.",
    subcommands = {
      ShowIncidentCommand.class,
      IncidentsCommand.Acknowledge.class,
      IncidentsCommand.Resolve.class,
      IncidentsCommand.Silence.class,
      StepIncidentCommand.class,
      RegroupIncidentCommands.Split.class,
      RegroupIncidentCommands.Merge.class
    })
final class IncidentsCommand extends QueryCommand {
  @Option(names = "--all", description = "Resolved ones too.")
  private boolean all;

  @Override
  JsonNode ask(ServerClient server) throws ServerClient.Refused {
    return server.get("/api/v1/incidents" + (all ? "" : "?state=open"));
  }

  @Override
  void print(JsonNode answer, PrintWriter out) {
    Table table =
        new Table("INCIDENT", "SEVERITY", "STATE", "BAD SINCE", "OPENED", "CAUSE", "TITLE");
    for (JsonNode incident : answer.path("incidents")) {
      table.row(
          incident.path("id").asText(),
          incident.path("severity").asText(),
          incident.path("state").asText(),
          second(incident.path("badSince")),
          second(incident.path("openedAt")),
          cause(incident.path("cause")),
          incident.path("title").asText());
    }
    table.print(
        out,
        all
            ? "There were no incidents. What is promised, and how it stands: tidemark status"
            : "No incident is open. Those that are over: tidemark incidents --all");
  }

  /** Returns a time to the second; the rest is for machines. */
  static String second(JsonNode time) {
    return time.asText().replaceFirst("\\.\\d+Z$", "Z");
  }

  /** Returns what is taken for the cause. */
  static String cause(JsonNode cause) {
    return cause.isObject()
        ? cause.path("type").asText() + " " + cause.path("name").asText()
        : "not known";
  }

  @Override
  int exitCode(JsonNode answer) {
    for (JsonNode incident : answer.path("incidents")) {
      if (!incident.path("state").asText().equals("resolved")) {
        return 1;
      }
    }
    return 0;
  }

  /** Returns the path of a step that a person takes. */
  static String path(String id, String step) {
    return "/api/v1/incidents/" + ServerClient.segment(id) + "/" + step;
  }

  /** Whatever a person says to an incident in one word. */
  abstract static class Word extends QueryCommand {
    private final String step;

    @Parameters(paramLabel = "INCIDENT", description = "The id, as 'incidents' shows it.")
    private String id = "";

    @Option(names = "--reason", description = "For the timeline.", defaultValue = "")
    private String reason = "";

    Word(String step) {
      this.step = step;
    }

    @Override
    final JsonNode ask(ServerClient server) throws ServerClient.Refused {
      return server.post(
          path(id, step), JsonNodeFactory.instance.objectNode().put("reason", reason));
    }

    @Override
    final void print(JsonNode incident, PrintWriter out) {
      out.println(incident.path("id").asText() + " is " + incident.path("state").asText());
      out.flush();
    }
  }

  @Command(
      name = "ack",
      mixinStandardHelpOptions = true,
      description = "Acknowledge an incident: you are on it.")
  static final class Acknowledge extends Word {
    Acknowledge() {
      super("acknowledge");
    }
  }

  @Command(
      name = "resolve",
      mixinStandardHelpOptions = true,
      description = "End an incident; what still fires stays quiet until it fires anew.")
  static final class Resolve extends Word {
    Resolve() {
      super("resolve");
    }
  }

  @Command(
      name = "silence",
      mixinStandardHelpOptions = true,
      description = "Keep receivers quiet about what an incident is about.")
  static final class Silence extends QueryCommand {
    @Parameters(paramLabel = "INCIDENT", description = "The id, as 'incidents' shows it.")
    private String id = "";

    @Option(
        names = "--for",
        required = true,
        converter = DurationConverter.class,
        description = "Such as 30m, 2h or 1d.")
    private Duration length = Duration.ZERO;

    @Option(names = "--reason", required = true, description = "Why.")
    private String reason = "";

    @Option(
        names = "--downstream",
        description = "Everything that the cause can reach too, not only what fires.")
    private boolean downstream;

    @Override
    JsonNode ask(ServerClient server) throws ServerClient.Refused {
      return server.post(
          path(id, "silence"),
          JsonNodeFactory.instance
              .objectNode()
              .put("duration", length.toString())
              .put("reach", downstream ? "downstream" : "firing")
              .put("reason", reason));
    }

    @Override
    void print(JsonNode silence, PrintWriter out) {
      out.println(
          "silence "
              + silence.path("id").asText()
              + " of "
              + silence.path("matchers").path(0).asText()
              + " until "
              + silence.path("endsAt").asText());
      out.flush();
    }
  }
}
