package dev.tidemark.engine.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tidemark schema}: the JSON Schema of definitions, for editors. */
@Command(
    name = "schema",
    mixinStandardHelpOptions = true,
    description = {
      "Prints the JSON Schema (draft 2020-12) of definitions, for editors.",
      "Take it with: tidemark schema > tidemark.schema.json, and as the first line of a definition",
      "# yaml-language-server: $$schema=./tidemark.schema.json"
    })
public final class SchemaCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before call()
  private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    try (InputStream schema = SchemaCommand.class.getResourceAsStream("/tidemark.schema.json")) {
      if (schema == null) {
        throw new IOException("tidemark.schema.json is missing in the jar; build it again");
      }
      PrintWriter out = spec.commandLine().getOut();
      out.print(new String(schema.readAllBytes(), StandardCharsets.UTF_8));
      out.flush();
      return 0;
    }
  }
}
