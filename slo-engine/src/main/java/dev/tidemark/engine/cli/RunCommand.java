package dev.tidemark.engine.cli;

import dev.tidemark.agent.AgentStats;
import dev.tidemark.agent.TidemarkAgent;
import dev.tidemark.agent.command.CommandRun;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidemark run}: the agent around any command. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    header = "Run a command and send how it went: outcome, duration, heartbeat.",
    description = {
      "The command keeps its input, output and exit code; it runs whether Tidemark answers or not.",
      "What cannot be sent waits on disk for the next run.",
      "Example: tidemark run --pipeline nightly --dataset orders -- ./load.sh --all"
    })
public final class RunCommand implements Callable<Integer> {
  private static final Logger AGENT_LOG = Logger.getLogger("dev.tidemark.agent");

  @Mixin private ServerClient server = new ServerClient();

  @Option(
      names = "--pipeline",
      required = true,
      paramLabel = "P",
      description = "Name of the pipeline, as in producedBy.")
  private String pipeline = "";

  @Option(names = "--dataset", paramLabel = "D", description = "The dataset that the run writes.")
  private String dataset = "";

  @Option(
      names = "--every",
      converter = DurationConverter.class,
      paramLabel = "DURATION",
      description = "How often the heartbeat comes while it runs (default: 30s).")
  private @Nullable Duration every;

  @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "The command, behind --.")
  private List<String> command = List.of();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before call()
  private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    Consumer<String> say =
        line -> {
          err.println("tidemark: " + line);
          err.flush();
        };
    // What the agent would log is said once, at the end.
    AGENT_LOG.setLevel(Level.OFF);
    TidemarkAgent agent =
        TidemarkAgent.forPipeline(pipeline).endpoint(server.url()).token(server.token()).build();
    try (agent) {
      return new CommandRun(
              agent, pipeline, dataset, every == null ? Duration.ofSeconds(30) : every, say)
          .run(command);
    } finally {
      AgentStats stats = agent.stats();
      if (stats.waiting() > 0 || stats.dropped() > 0) {
        say.accept(
            (stats.trouble().isEmpty()
                    ? "Tidemark at " + server.url() + " was too slow to take the signals"
                    : stats.trouble())
                + agent.buffer().map(folder -> " in " + folder + " for the next run").orElse(""));
      }
    }
  }
}
