package dev.tidemark.engine.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidemark silence}: quiet for a while, with author, reason, ticket and end. */
@Command(
    name = "silence",
    mixinStandardHelpOptions = true,
    description = "Keeps receivers quiet about matching alerts for a while.",
    subcommands = {
      SilenceCommand.Add.class,
      SilenceCommand.Show.class,
      SilenceCommand.Expire.class
    })
final class SilenceCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before run()
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which one: add, list or expire?");
  }

  @Command(
      name = "add",
      mixinStandardHelpOptions = true,
      description = "Silences what matches all matchers.")
  static final class Add extends QueryCommand {
    @Option(
        names = "--matcher",
        required = true,
        arity = "1..*",
        paramLabel = "LABEL=VALUE",
        description = "Such as dataset=orders; also !=, =~ and !~.")
    private List<String> matchers = List.of();

    @Mixin private QuietOptions quiet = new QuietOptions();

    @Option(names = "--ticket", description = "Where more is said.")
    private String ticket = "";

    @Override
    JsonNode ask(ServerClient server) throws ServerClient.Refused {
      ObjectNode body = JsonNodeFactory.instance.objectNode();
      ArrayNode texts = body.putArray("matchers");
      matchers.forEach(texts::add);
      quiet.into(body);
      body.put("ticket", ticket);
      return server.post("/api/v1/silences", body);
    }

    @Override
    void print(JsonNode silence, PrintWriter out) {
      out.println(
          "silence " + silence.path("id").asText() + " until " + silence.path("endsAt").asText());
      out.flush();
    }
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Silences in force or to come, or all recent ones.")
  static final class Show extends QueryCommand {
    @Option(names = "--all", description = "Those that are over too.")
    private boolean all;

    @Override
    JsonNode ask(ServerClient server) throws ServerClient.Refused {
      return server.get("/api/v1/silences?state=" + (all ? "all" : "active"));
    }

    @Override
    void print(JsonNode answer, PrintWriter out) {
      Table table = new Table("SILENCE", "STATE", "MATCHERS", "UNTIL", "AUTHOR", "REASON");
      for (JsonNode silence : answer.path("silences")) {
        StringBuilder matchers = new StringBuilder();
        silence.path("matchers").forEach(matcher -> matchers.append(' ').append(matcher.asText()));
        table.row(
            silence.path("id").asText(),
            silence.path("state").asText(),
            matchers.toString().trim(),
            silence.path("endsAt").asText(),
            silence.path("author").asText(),
            silence.path("reason").asText());
      }
      table.print(
          out,
          all
              ? "There were no silences. To be quiet about something: tidemark silence add"
                  + " --matcher LABEL=VALUE --duration 2h --reason WHY"
              : "Nothing is silenced. Silences that are over: tidemark silence list --all; a new"
                  + " one: tidemark silence add --matcher LABEL=VALUE --duration 2h --reason WHY");
    }
  }

  @Command(
      name = "expire",
      mixinStandardHelpOptions = true,
      description = "Ends a silence before its time.")
  static final class Expire extends QueryCommand {
    @Parameters(paramLabel = "SILENCE", description = "The id, as 'silence list' shows it.")
    private String id = "";

    @Override
    JsonNode ask(ServerClient server) throws ServerClient.Refused {
      return server.delete("/api/v1/silences/" + ServerClient.segment(id));
    }

    @Override
    void print(JsonNode silence, PrintWriter out) {
      out.println("silence " + silence.path("id").asText() + " is over");
      out.flush();
    }
  }
}
