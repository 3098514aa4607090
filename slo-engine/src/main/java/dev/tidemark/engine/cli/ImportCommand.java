package dev.tidemark.engine.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.engine.definition.Problem;
import dev.tidemark.engine.definition.SourceFile;
import dev.tidemark.engine.definition.folder.Utf8File;
import dev.tidemark.engine.definition.importer.Imported;
import dev.tidemark.engine.definition.importer.Importer;
import dev.tidemark.engine.definition.importer.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidemark import}: definitions of other tools become ours, with every loss named. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = {
      "Turns files of Sloth, Pyrra, slo-generator and Alertmanager into definitions of Tidemark.",
      "Names everything that is lost.",
      "Exit 0 all imported, 1 something could not be, 2 wrong usage or a file that cannot be read."
    })
public final class ImportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Files of other tools.")
  private List<Path> paths = new ArrayList<>();

  @Option(
      names = "--from",
      paramLabel = "TOOL",
      description = "${COMPLETION-CANDIDATES}; by default each document tells.")
  private @Nullable Tool from;

  @Option(names = "--to", paramLabel = "FILE", description = "Where to write, - is here (default).")
  private String to = "-";

  @Option(
      names = "--format",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
      defaultValue = "text")
  private QueryCommand.Format format = QueryCommand.Format.text;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before call()
  private CommandSpec spec;

  @Override
  public Integer call() {
    Imported imported;
    try {
      List<SourceFile> files = new ArrayList<>();
      for (Path path : paths) {
        files.add(new SourceFile(path.toString(), Utf8File.read(path)));
      }
      imported = Importer.read(files, Optional.ofNullable(from));
      if (!to.equals("-")) {
        Files.writeString(Path.of(to), imported.yaml());
      }
    } catch (IOException e) {
      spec.commandLine().getErr().println("tidemark: cannot read or write " + e.getMessage());
      spec.commandLine().getErr().flush();
      return 2;
    }
    if (format == QueryCommand.Format.json) {
      spec.commandLine().getOut().println(json(imported).toPrettyString());
    } else {
      if (to.equals("-")) {
        spec.commandLine().getOut().print(imported.yaml());
      }
      imported.losses().forEach(loss -> spec.commandLine().getErr().println(loss));
    }
    spec.commandLine().getOut().flush();
    spec.commandLine().getErr().flush();
    return imported.losses().isEmpty() ? 0 : 1;
  }

  private ObjectNode json(Imported imported) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("objectives", imported.objectives());
    if (to.equals("-")) {
      json.put("yaml", imported.yaml());
    }
    ArrayNode losses = json.putArray("losses");
    for (Problem loss : imported.losses()) {
      losses
          .addObject()
          .put("file", loss.file())
          .put("line", loss.line())
          .put("column", loss.column())
          .put("severity", loss.severity().name().toLowerCase(Locale.ROOT))
          .put("message", loss.message());
    }
    return json;
  }
}
