package dev.tidemark.engine.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark actions}: what is to be done after incidents. */
@Command(
    name = "actions",
    mixinStandardHelpOptions = true,
    description = "Actions that were decided on after incidents, with owner and date.",
    subcommands = {ActionsCommand.Add.class, ActionsCommand.Edit.class, ActionsCommand.Done.class})
final class ActionsCommand extends QueryCommand {
  @Option(names = "--all", description = "Those that are done too.")
  private boolean all;

  @Override
  JsonNode ask(ServerClient server) throws ServerClient.Refused {
    return server.get("/api/v1/actions?state=" + (all ? "all" : "open"));
  }

  @Override
  void print(JsonNode answer, PrintWriter out) {
    Table table = new Table("INCIDENT", "N", "STATE", "DUE", "OWNER", "TICKET", "ACTION");
    for (JsonNode action : answer.path("actions")) {
      table.row(
          action.path("incident").asText(),
          action.path("number").asText(),
          action.path("state").asText(),
          action.path("due").asText("–"),
          action.path("owner").asText(),
          action.path("ticket").asText(),
          action.path("text").asText());
    }
    table.print(
        out,
        all
            ? "No actions were ever written down. After an incident: tidemark actions add INCIDENT"
                + " --text WHAT --owner WHO"
            : "No actions are open. Those that are done: tidemark actions --all; a new one:"
                + " tidemark actions add INCIDENT --text WHAT --owner WHO");
  }

  private static void say(JsonNode action, PrintWriter out) {
    out.println(
        "action "
            + action.path("number").asText()
            + " of "
            + action.path("incident").asText()
            + " is "
            + action.path("state").asText()
            + ", owner "
            + action.path("owner").asText()
            + (action.has("due") ? ", due " + action.path("due").asText() : ""));
    out.flush();
  }

  @Command(
      name = "add",
      mixinStandardHelpOptions = true,
      description = "Writes down what is to be done after an incident.")
  static final class Add extends QueryCommand {
    @Parameters(paramLabel = "INCIDENT", description = "The id, as 'incidents' shows it.")
    private String id = "";

    @Option(names = "--text", required = true, description = "What is to be done.")
    private String text = "";

    @Option(names = "--owner", required = true, description = "Who sees to it.")
    private String owner = "";

    @Option(
        names = "--due",
        paramLabel = "DATE",
        description = "Such as 2026-03-31.",
        defaultValue = "")
    private String due = "";

    @Option(names = "--ticket", description = "Where more is said.", defaultValue = "")
    private String ticket = "";

    @Override
    JsonNode ask(ServerClient server) throws ServerClient.Refused {
      return server.post(
          IncidentsCommand.path(id, "actions"),
          JsonNodeFactory.instance
              .objectNode()
              .put("text", text)
              .put("owner", owner)
              .put("due", due)
              .put("ticket", ticket));
    }

    @Override
    void print(JsonNode action, PrintWriter out) {
      say(action, out);
    }
  }

  @Command(
      name = "edit",
      mixinStandardHelpOptions = true,
      description = "Changes what is given and leaves the rest as it is.")
  static final class Edit extends QueryCommand {
    @Parameters(
        index = "0",
        paramLabel = "INCIDENT",
        description = "The id, as 'incidents' shows it.")
    private String id = "";

    @Parameters(index = "1", paramLabel = "N", description = "As 'actions' shows it.")
    private int number;

    @Option(names = "--text", description = "What is to be done.")
    private @Nullable String text;

    @Option(names = "--owner", description = "Who sees to it.")
    private @Nullable String owner;

    @Option(names = "--due", paramLabel = "DATE", description = "Such as 2026-03-31; '' for none.")
    private @Nullable String due;

    @Option(names = "--ticket", description = "Where more is said; '' for nowhere.")
    private @Nullable String ticket;

    @Option(names = "--state", description = "open or done.")
    private @Nullable String state;

    @Override
    JsonNode ask(ServerClient server) throws ServerClient.Refused {
      ObjectNode changed = JsonNodeFactory.instance.objectNode();
      put(changed, "text", text);
      put(changed, "owner", owner);
      put(changed, "due", due);
      put(changed, "ticket", ticket);
      put(changed, "state", state);
      if (changed.isEmpty()) {
        throw new ServerClient.Refused(
            400, "nothing to change; give --text, --owner, --due, --ticket or --state");
      }
      return server.patch(IncidentsCommand.path(id, "actions/" + number), changed);
    }

    private static void put(ObjectNode changed, String name, @Nullable String value) {
      if (value != null) {
        changed.put(name, value);
      }
    }

    @Override
    void print(JsonNode action, PrintWriter out) {
      say(action, out);
    }
  }

  @Command(name = "done", mixinStandardHelpOptions = true, description = "Ticks an action off.")
  static final class Done extends QueryCommand {
    @Parameters(
        index = "0",
        paramLabel = "INCIDENT",
        description = "The id, as 'incidents' shows it.")
    private String id = "";

    @Parameters(index = "1", paramLabel = "N", description = "As 'actions' shows it.")
    private int number;

    @Override
    JsonNode ask(ServerClient server) throws ServerClient.Refused {
      return server.post(
          IncidentsCommand.path(id, "actions/" + number + "/done"),
          JsonNodeFactory.instance.objectNode());
    }

    @Override
    void print(JsonNode action, PrintWriter out) {
      say(action, out);
    }
  }
}
