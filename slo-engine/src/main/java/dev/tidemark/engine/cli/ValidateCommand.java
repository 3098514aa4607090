package dev.tidemark.engine.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.engine.alerts.RoutingDefinitions;
import dev.tidemark.engine.backtest.BacktestException;
import dev.tidemark.engine.backtest.SignalFile;
import dev.tidemark.engine.definition.DefinitionParser;
import dev.tidemark.engine.definition.DroppedTiers;
import dev.tidemark.engine.definition.ParseResult;
import dev.tidemark.engine.definition.Problem;
import dev.tidemark.engine.definition.SourceFile;
import dev.tidemark.engine.definition.Strictness;
import dev.tidemark.engine.definition.folder.DefinitionFolder;
import dev.tidemark.engine.evaluate.UnmatchedSelectors;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidemark validate}: everything that is wrong with definitions, in one go. */
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description = {
      "Checks definitions and prints every problem as file:line:column: message.",
      "Also notes which usual conditions can never hold and are left out. With --signals or --url",
      "also selectors that nothing of what was recorded, or sent to a server, has ever matched.",
      "Exit 0 without errors, 1 with errors, 2 when a path is not there."
    })
public final class ValidateCommand implements Callable<Integer> {
  @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files and folders.")
  private List<Path> paths = new ArrayList<>();

  @Option(
      names = "--format",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
      defaultValue = "text")
  private QueryCommand.Format format = QueryCommand.Format.text;

  @Option(
      names = "--strict",
      description =
          "OpenSLO that breaks a rule of its specification is an error, not only a warning.")
  private boolean strict;

  @Option(
      names = "--signals",
      paramLabel = "FILE",
      description = "Recorded signals, CSV or JSON lines as for backtest.")
  private @Nullable Path signals;

  @Option(
      names = "--metric",
      paramLabel = "NAME",
      description = "The metric of a file that has no such column.")
  private String metric = "";

  @Mixin private OptionalServer server = new OptionalServer();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before call()
  private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    ParseResult result;
    try {
      result =
          withRouting(
              DefinitionParser.parse(
                  DefinitionFolder.read(paths), strict ? Strictness.STRICT : Strictness.LENIENT));
      if (!result.hasErrors()) {
        result = withUnmatched(result);
      }
    } catch (IOException | BacktestException | ServerClient.Refused e) {
      spec.commandLine().getErr().println("tidemark: " + e.getMessage());
      spec.commandLine().getErr().flush();
      return 2;
    }
    if (format == QueryCommand.Format.json) {
      out.println(json(result).toPrettyString());
    } else {
      result.problems().forEach(problem -> out.println(problem));
      DroppedTiers.of(result.definitions()).forEach(note -> out.println(note));
      out.println(DefinitionCounts.words(result));
    }
    out.flush();
    return result.hasErrors() ? 1 : 0;
  }

  private static ParseResult withRouting(ParseResult parsed) {
    List<Problem> problems = new ArrayList<>(parsed.problems());
    problems.addAll(RoutingDefinitions.of(parsed.definitions(), System.getenv()).problems());
    return parsed.withProblems(problems);
  }

  /** Adds what asks for signals that nobody has ever seen. */
  private ParseResult withUnmatched(ParseResult parsed) throws IOException, ServerClient.Refused {
    List<Problem> problems = new ArrayList<>(parsed.problems());
    if (signals != null) {
      problems.addAll(
          UnmatchedSelectors.of(
              parsed.definitions(), List.of(), SignalFile.read(signals, metric).series()));
    }
    if (server.isNamed()) {
      ObjectNode request = JsonNodeFactory.instance.objectNode();
      for (SourceFile file : DefinitionFolder.read(paths)) {
        request
            .withArray("definitions")
            .addObject()
            .put("path", file.path())
            .put("text", file.text());
      }
      for (JsonNode problem :
          server.client().post("/api/v1/definitions/unmatched", request).path("problems")) {
        problems.add(
            new Problem(
                problem.path("file").asText(),
                problem.path("line").asInt(),
                problem.path("column").asInt(),
                Problem.Severity.WARNING,
                problem.path("message").asText()));
      }
    }
    return parsed.withProblems(problems);
  }

  private static ObjectNode json(ParseResult result) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("datasets", result.definitions().datasets().size());
    json.put("objectives", result.definitions().objectives().size());
    ObjectNode documents = json.putObject("documents");
    result.documents().forEach(documents::put);
    put(json.putArray("problems"), result.problems());
    put(json.putArray("notes"), DroppedTiers.of(result.definitions()));
    return json;
  }

  private static void put(ArrayNode array, List<Problem> problems) {
    for (Problem problem : problems) {
      array
          .addObject()
          .put("file", problem.file())
          .put("line", problem.line())
          .put("column", problem.column())
          .put("severity", problem.severity().name().toLowerCase(Locale.ROOT))
          .put("message", problem.message());
    }
  }
}
