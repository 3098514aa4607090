package dev.tidemark.engine.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidemark backfill}: says beforehand what will look like trouble. */
@Command(
    name = "backfill",
    mixinStandardHelpOptions = true,
    description = {
      "Planned work: nobody is told of what it covers; its time can leave the error budget.",
      "What had happened before leaves only after somebody else has approved."
    },
    subcommands = {
      BackfillCommand.Declare.class,
      BackfillCommand.Show.class,
      BackfillCommand.Approve.class,
      BackfillCommand.Reject.class,
      BackfillCommand.End.class
    })
final class BackfillCommand implements Runnable {
  private static final String PATH = "/api/v1/backfills";

  enum Budget {
    keep,
    drop,
    good
  }

  enum Kind {
    backfill,
    maintenance
  }

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before run()
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Which one: declare, list, approve, reject or end?");
  }

  private static void say(JsonNode work, PrintWriter out) {
    out.println(
        work.path("kind").asText()
            + " "
            + work.path("id").asText()
            + " "
            + work.path("state").asText()
            + " from "
            + work.path("startsAt").asText()
            + " until "
            + work.path("endsAt").asText()
            + (work.has("repeat")
                ? ", " + work.path("duration").asText() + " by " + work.path("repeat").asText()
                : ""));
    if (work.path("needsApproval").asBoolean()) {
      out.println(
          "what happened before it was declared stays in the budget until somebody else says:"
              + " tidemark backfill approve "
              + work.path("id").asText());
    }
    out.flush();
  }

  @Command(
      name = "declare",
      mixinStandardHelpOptions = true,
      description = "Declares planned work, from now on unless --from says otherwise.")
  static final class Declare extends QueryCommand {
    @Option(
        names = {"--covers", "--dataset"},
        arity = "1..*",
        paramLabel = "NAME",
        description = "Datasets, pipelines, connectors or objectives; * is everything.")
    private List<String> covers = List.of();

    @Option(
        names = "--incident",
        paramLabel = "ID",
        description = "Because of this incident, whose timeline says so; covers its datasets.")
    private @Nullable String incident;

    @Mixin private QuietOptions quiet = new QuietOptions();

    @Option(
        names = "--from",
        paramLabel = "T",
        description = "Such as 2026-11-01T06:00:00Z (default: now).")
    private @Nullable String from;

    @Option(
        names = "--repeat",
        paramLabel = "RULE",
        description = "Again and again, by a rule of RFC 5545 such as FREQ=WEEKLY;BYDAY=SU.")
    private @Nullable String repeat;

    @Option(
        names = "--until",
        paramLabel = "T",
        description = "With --repeat: when the last time is over.")
    private @Nullable String until;

    @Option(
        names = "--time-zone",
        paramLabel = "ZONE",
        description = "With --repeat: whose wall clock it follows (default: ${DEFAULT-VALUE}).",
        defaultValue = "UTC")
    private String timeZone = "UTC";

    @Option(names = "--ticket", required = true, description = "The ticket it belongs to.")
    private String ticket = "";

    @Option(
        names = "--budget",
        description = "${COMPLETION-CANDIDATES}: what becomes of it (default: ${DEFAULT-VALUE}).",
        defaultValue = "keep")
    private Budget budget = Budget.keep;

    @Option(
        names = "--kind",
        description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
        defaultValue = "backfill")
    private Kind kind = Kind.backfill;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Override
    JsonNode ask(ServerClient server) throws ServerClient.Refused {
      if (covers.isEmpty() && incident == null) {
        throw new ParameterException(
            spec.commandLine(), "Say what it covers: --covers NAME, or --incident ID.");
      }
      if ((repeat == null) != (until == null)) {
        throw new ParameterException(
            spec.commandLine(), "--repeat and --until go together: how often, and how long.");
      }
      ObjectNode body = JsonNodeFactory.instance.objectNode();
      ArrayNode names = body.putArray("covers");
      covers.forEach(names::add);
      quiet.into(body);
      body.put("ticket", ticket).put("budget", budget.name()).put("kind", kind.name());
      if (incident != null) {
        body.put("incident", incident);
      }
      if (from != null) {
        body.put("startsAt", from);
      }
      if (repeat != null) {
        body.put("repeat", repeat).put("endsAt", until).put("timeZone", timeZone);
      }
      return server.post(PATH, body);
    }

    @Override
    void print(JsonNode work, PrintWriter out) {
      say(work, out);
    }
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Planned work under way, to come or waiting for an approval, or all of it.")
  static final class Show extends QueryCommand {
    @Option(names = "--all", description = "What is over too.")
    private boolean all;

    @Override
    JsonNode ask(ServerClient server) throws ServerClient.Refused {
      return server.get(PATH);
    }

    @Override
    void print(JsonNode answer, PrintWriter out) {
      Table table =
          new Table(
              "ID", "KIND", "STATE", "COVERS", "UNTIL", "BUDGET", "PAST", "TICKET", "AUTHOR",
              "REASON");
      for (JsonNode work : answer.path("backfills")) {
        boolean over = work.path("state").asText().equals("over");
        if (all || !over || work.path("needsApproval").asBoolean()) {
          StringBuilder covers = new StringBuilder();
          work.path("covers").forEach(name -> covers.append(' ').append(name.asText()));
          table.row(
              work.path("id").asText(),
              work.path("kind").asText(),
              work.path("state").asText(),
              covers.toString().trim(),
              work.path("endsAt").asText(),
              work.path("budget").asText(),
              approval(work),
              work.path("ticket").asText(),
              work.path("author").asText(),
              work.path("reason").asText());
        }
      }
      table.print(
          out,
          all
              ? "No work was ever planned. Before some starts: tidemark backfill declare --covers"
                  + " NAME --duration 4h --ticket T --reason WHY"
              : "No work is planned or waits for approval. What is over: tidemark backfill list"
                  + " --all; before some starts: tidemark backfill declare --covers NAME"
                  + " --duration 4h --ticket T --reason WHY");
    }
  }

  /** What was decided on the part of it that lies before its declaration. */
  private static String approval(JsonNode work) {
    if (work.path("needsApproval").asBoolean()) {
      return "waits";
    }
    return !work.path("approvedBy").asText().isEmpty()
        ? "approved"
        : work.path("rejectedBy").asText().isEmpty() ? "" : "rejected";
  }

  @Command(
      name = "approve",
      mixinStandardHelpOptions = true,
      description = "Lets what had happened before the declaration leave the budget.")
  static final class Approve extends QueryCommand {
    @Parameters(paramLabel = "ID", description = "As 'backfill list' shows it.")
    private String id = "";

    @Option(names = "--by", description = "Who approves (default: the token's name).")
    private String by = "";

    @Override
    JsonNode ask(ServerClient server) throws ServerClient.Refused {
      return server.post(
          PATH + "/" + ServerClient.segment(id) + "/approve",
          JsonNodeFactory.instance.objectNode().put("by", by));
    }

    @Override
    void print(JsonNode work, PrintWriter out) {
      out.println(work.path("id").asText() + " approved by " + work.path("approvedBy").asText());
      out.flush();
    }
  }

  @Command(
      name = "reject",
      mixinStandardHelpOptions = true,
      description = "Keeps what had happened before the declaration in the budget, for good.")
  static final class Reject extends QueryCommand {
    @Parameters(paramLabel = "ID", description = "As 'backfill list' shows it.")
    private String id = "";

    @Option(names = "--reason", required = true, description = "Why.")
    private String reason = "";

    @Option(names = "--by", description = "Who rejects (default: the token's name).")
    private String by = "";

    @Override
    JsonNode ask(ServerClient server) throws ServerClient.Refused {
      return server.post(
          PATH + "/" + ServerClient.segment(id) + "/reject",
          JsonNodeFactory.instance.objectNode().put("by", by).put("reason", reason));
    }

    @Override
    void print(JsonNode work, PrintWriter out) {
      out.println(work.path("id").asText() + " rejected by " + work.path("rejectedBy").asText());
      out.flush();
    }
  }

  @Command(
      name = "end",
      mixinStandardHelpOptions = true,
      description = "Ends planned work before its time.")
  static final class End extends QueryCommand {
    @Parameters(paramLabel = "ID", description = "As 'backfill list' shows it.")
    private String id = "";

    @Override
    JsonNode ask(ServerClient server) throws ServerClient.Refused {
      return server.delete(PATH + "/" + ServerClient.segment(id));
    }

    @Override
    void print(JsonNode work, PrintWriter out) {
      out.println(
          work.path("kind").asText()
              + " "
              + work.path("id").asText()
              + " ended at "
              + work.path("endsAt").asText());
      out.flush();
    }
  }
}
