package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import picocli.CommandLine;

/** The command line, asked in this process about a server in another. */
final class Commands {
  private Commands() {}

  /** Runs a command and returns its exit code. */
  static int tidemark(URI server, String... command) {
    StringWriter printed = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(printed)).setErr(new PrintWriter(printed));
    String[] args = java.util.Arrays.copyOf(command, command.length + 2);
    args[command.length] = "--url";
    args[command.length + 1] = server.toString();
    int exit = line.execute(args);
    assertThat(printed.toString()).doesNotContain("ERROR");
    return exit;
  }
}
