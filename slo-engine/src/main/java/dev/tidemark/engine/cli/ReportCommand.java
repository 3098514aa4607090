package dev.tidemark.engine.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidemark report}: the review for leadership, as a file to send around. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = "The review for leadership: promises kept, budgets spent, incidents, cost.")
final class ReportCommand implements Callable<Integer> {
  enum Period {
    week,
    month
  }

  enum Format {
    html,
    md,
    json,
    pdf
  }

  @Mixin private ServerClient server = new ServerClient();

  @Option(
      names = "--period",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
      defaultValue = "week")
  private Period period = Period.week;

  @Option(
      names = "--format",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
      defaultValue = "md")
  private Format format = Format.md;

  @Option(names = "--out", paramLabel = "FILE", description = "Write here, not to the terminal.")
  private @Nullable Path out;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before call()
  private CommandSpec spec;

  @Override
  public Integer call() {
    if (format == Format.pdf) {
      return wrong("pdf is not made here; use --format html and print that to PDF in a browser");
    }
    try {
      String report = server.text("/api/v1/reports/" + period + "?format=" + format);
      if (out == null) {
        PrintWriter terminal = spec.commandLine().getOut();
        terminal.println(report);
        terminal.flush();
      } else {
        Files.writeString(out, report);
      }
      return 0;
    } catch (ServerClient.Refused e) {
      return wrong(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return wrong("cannot write " + out + ": " + e.getMessage());
    }
  }

  private int wrong(String message) {
    spec.commandLine().getErr().println("tidemark: " + message);
    spec.commandLine().getErr().flush();
    return 2;
  }
}
