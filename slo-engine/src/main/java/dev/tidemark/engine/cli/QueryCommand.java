package dev.tidemark.engine.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that asks a running server and prints the answer as a table or as JSON. */
abstract class QueryCommand implements Callable<Integer> {
  /** How the answer is printed. */
  enum Format {
    text,
    json
  }

  @Mixin private ServerClient server = new ServerClient();

  @Option(
      names = "--format",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
      defaultValue = "text")
  private Format format = Format.text;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before call()
  private CommandSpec spec;

  @Override
  public final Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try {
      JsonNode answer = ask(server);
      if (format == Format.json) {
        out.println(answer.toPrettyString());
        out.flush();
      } else {
        print(answer, out);
      }
      return exitCode(answer);
    } catch (ServerClient.Refused e) {
      spec.commandLine().getErr().println("tidemark: " + e.getMessage());
      spec.commandLine().getErr().flush();
      return 2;
    }
  }

  /** Asks the server. */
  abstract JsonNode ask(ServerClient server) throws ServerClient.Refused;

  /** Prints the answer for a person. */
  abstract void print(JsonNode answer, PrintWriter out);

  /** Returns 0 if the thing asked about is good, 1 if it is bad. */
  int exitCode(JsonNode answer) {
    return 0;
  }

  /** Returns a ratio as a percentage with two digits, or a dash. */
  static String percent(JsonNode ratio) {
    return ratio.isNumber()
        ? String.format(java.util.Locale.ROOT, "%.2f %%", ratio.asDouble() * 100)
        : "–";
  }
}
