package dev.tidemark.engine.cli;

import dev.tidemark.engine.demo.Demo;
import dev.tidemark.engine.server.StartupException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidemark demo}: the whole system on real input, and a connector that dies. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    header = "The whole system with real data; a connector dies, one page comes.",
    description = {
      "Three pipelines replay real US flights into embedded ClickHouse, then the connector dies",
      "without an error, and one page arrives. The dashboards stay up until Ctrl-C."
    })
public final class DemoCommand implements Callable<Integer> {
  @Option(
      names = "--port",
      converter = PortConverter.class,
      defaultValue = "8080",
      description = "Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--speed",
      defaultValue = "60",
      description = "Simulated seconds per second, 1 to 600 (default: ${DEFAULT-VALUE}).")
  private int speed;

  @Option(
      names = "--exit-after",
      converter = DurationConverter.class,
      paramLabel = "DURATION",
      description =
          "End by itself this long after it is ready, such as 120s. Exit 1 if no page came.")
  private @Nullable Duration exitAfter;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where data is kept (default: a temporary folder, removed at the end).")
  private @Nullable Path dataDir;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before call()
  private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    if (speed < 1 || speed > 600) {
      err.println("tidemark: --speed has to lie between 1 and 600");
      err.flush();
      return 2;
    }
    try {
      return new Demo(port, speed, exitAfter, dataDir, out).run();
    } catch (StartupException e) {
      err.println("tidemark: " + e.getMessage());
      err.flush();
      return 2;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 2;
    }
  }
}
