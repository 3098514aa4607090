package dev.tidemark.engine.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** Entry point of the {@code tidemark} command. */
@Command(
    name = "tidemark",
    mixinStandardHelpOptions = true,
    version = "Tidemark 0.1.0",
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Watches data the way an SRE team watches services: objectives for freshness, completeness, "
          + "heartbeats and runs; error budgets; one page for one root cause, with a runbook."
    },
    footer = {
      "",
      "Exit codes: 0 good, 1 the thing asked about is bad, 2 wrong usage or no answer.",
      "First steps: ./tidemark demo"
    },
    subcommands = {
      ServeCommand.class,
      Queries.Status.class,
      IncidentsCommand.class,
      ActionsCommand.class,
      Queries.Slo.class,
      Queries.Gate.class,
      IncidentsCommand.Acknowledge.class,
      ReceiversCommand.class,
      ScheduleCommand.class,
      DemoCommand.class,
      ValidateCommand.class,
      ImportCommand.class,
      SchemaCommand.class,
      RunCommand.class,
      CheckCommand.class,
      SilenceCommand.class,
      ReportCommand.class,
      BacktestCommand.class,
      BackfillCommand.class,
    })
public final class Main implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before run()
  private CommandSpec spec;

  private Main() {}

  /** Runs one command and exits with its status. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** Returns the command line, for running it and for testing it. */
  public static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Main());
    shareVersion(line, line.getCommandSpec().version());
    return line.setParameterExceptionHandler(
            (wrong, args) -> {
              CommandLine command = wrong.getCommandLine();
              PrintWriter err = command.getErr();
              err.println("tidemark: " + wrong.getMessage());
              if (!UnmatchedArgumentException.printSuggestions(wrong, err)) {
                err.println("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
              }
              return 2;
            })
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              command
                  .getErr()
                  .println(
                      "tidemark: this went wrong inside Tidemark, which is a defect: " + failure);
              failure.printStackTrace(command.getErr());
              return 2;
            });
  }

  /** All commands have the option, and none but the first has an answer of its own. */
  private static void shareVersion(CommandLine line, String[] version) {
    for (CommandLine sub : line.getSubcommands().values()) {
      sub.getCommandSpec().version(version);
      shareVersion(sub, version);
    }
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which command? Try --help.");
  }
}
