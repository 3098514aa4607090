package dev.tidemark.engine.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidemark receivers}: who can be told, what they would be sent, and a real test. */
@Command(
    name = "receivers",
    mixinStandardHelpOptions = true,
    description = "Who can be told; what they would be sent; a test that is sent for real.",
    subcommands = {
      ReceiversCommand.Show.class,
      ReceiversCommand.Preview.class,
      ReceiversCommand.Test.class
    })
final class ReceiversCommand implements Runnable {
  private static final String PATH = "/api/v1/receivers";

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before run()
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which one: list, preview or test?");
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "All receivers; exit 1 if one fails now.")
  static final class Show extends QueryCommand {
    @Override
    JsonNode ask(ServerClient server) throws ServerClient.Refused {
      return server.get(PATH);
    }

    @Override
    void print(JsonNode answer, PrintWriter out) {
      Table table =
          new Table("RECEIVER", "CHANNEL", "FAILING SINCE", "DELIVERED", "FAILED", "GIVEN UP");
      for (JsonNode receiver : answer.path("receivers")) {
        table.row(
            receiver.path("name").asText(),
            receiver.path("channel").asText(),
            receiver.path("failingSince").asText("–"),
            receiver.path("delivered").asText(),
            receiver.path("failed").asText(),
            receiver.path("dead").asText());
      }
      table.print(out, "There are no receivers. Define one, by a document of kind: Receiver.");
    }

    @Override
    int exitCode(JsonNode answer) {
      for (JsonNode receiver : answer.path("receivers")) {
        if (receiver.hasNonNull("failingSince")) {
          return 1;
        }
      }
      return 0;
    }
  }

  @Command(
      name = "preview",
      mixinStandardHelpOptions = true,
      description = "Prints what a receiver would be sent, without its secrets; sends nothing.")
  static final class Preview extends QueryCommand {
    @Parameters(paramLabel = "RECEIVER", description = "Its name, as 'receivers list' shows it.")
    private String name = "";

    @Override
    JsonNode ask(ServerClient server) throws ServerClient.Refused {
      return JsonNodeFactory.instance
          .objectNode()
          .put("receiver", name)
          .put("preview", server.text(PATH + "/" + ServerClient.segment(name) + "/preview"));
    }

    @Override
    void print(JsonNode answer, PrintWriter out) {
      out.print(answer.path("preview").asText());
      out.flush();
    }
  }

  @Command(
      name = "test",
      mixinStandardHelpOptions = true,
      description = "Sends a marked test for real and ends it again; exit 1 if that fails.")
  static final class Test extends QueryCommand {
    @Parameters(paramLabel = "RECEIVER", description = "Its name, as 'receivers list' shows it.")
    private String name = "";

    @Override
    JsonNode ask(ServerClient server) throws ServerClient.Refused {
      return server.post(
          PATH + "/" + ServerClient.segment(name) + "/test", JsonNodeFactory.instance.objectNode());
    }

    @Override
    void print(JsonNode answer, PrintWriter out) {
      for (JsonNode sent : answer.path("sent")) {
        String reason = sent.path("reason").asText("");
        out.println(
            answer.path("receiver").asText()
                + " ("
                + answer.path("channel").asText()
                + ") "
                + sent.path("kind").asText()
                + ": "
                + sent.path("outcome").asText()
                + (reason.isEmpty() ? "" : ": " + reason));
      }
      out.flush();
    }

    @Override
    int exitCode(JsonNode answer) {
      return answer.path("delivered").asBoolean() ? 0 : 1;
    }
  }
}
