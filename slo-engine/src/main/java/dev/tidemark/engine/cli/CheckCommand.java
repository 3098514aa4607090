package dev.tidemark.engine.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.agent.AgentStats;
import dev.tidemark.agent.TidemarkAgent;
import dev.tidemark.checks.CheckResult;
import dev.tidemark.checks.CheckResult.Outcome;
import dev.tidemark.checks.schema.Compatibility;
import dev.tidemark.checks.schema.Compatibility.Finding;
import dev.tidemark.checks.schema.SchemaFile;
import dev.tidemark.checks.suite.CheckRunner;
import dev.tidemark.checks.suite.CheckSuite;
import dev.tidemark.checks.suite.SuiteParser;
import dev.tidemark.engine.definition.DefinitionParser;
import dev.tidemark.engine.definition.Definitions.Document;
import dev.tidemark.engine.definition.ParseResult;
import dev.tidemark.engine.definition.Problem;
import dev.tidemark.engine.definition.SourceFile;
import dev.tidemark.engine.definition.folder.Utf8File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidemark check}: looks at data and at shapes of tables, for CI and schedulers. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = "Check data in a database, or the change of a schema.",
    subcommands = {CheckCommand.Run.class, CheckCommand.Schema.class})
public final class CheckCommand implements Runnable {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before run()
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which check? 'run' or 'schema'.");
  }

  /** Runs suites. */
  @Command(
      name = "run",
      mixinStandardHelpOptions = true,
      description = {
        "Run the check suites in files (kind: CheckSuite) and send what came of them.",
        "Exit 0 if all passed or had too little data, 1 if one failed or could not be asked, 2 if a file is wrong."
      })
  static final class Run implements Callable<Integer> {
    private static final Logger AGENT_LOG = Logger.getLogger("dev.tidemark.agent");

    @Mixin private ServerClient server = new ServerClient();

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Files with kind: CheckSuite.")
    private List<Path> files = List.of();

    @Option(names = "--format", description = "text, json (default: text).")
    private QueryCommand.Format format = QueryCommand.Format.text;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      PrintWriter err = spec.commandLine().getErr();
      List<String> problems = new ArrayList<>();
      List<CheckSuite> suites = suites(problems);
      if (!problems.isEmpty() || suites.isEmpty()) {
        problems.forEach(err::println);
        if (problems.isEmpty()) {
          err.println("tidemark: there is no kind: CheckSuite in these files");
        }
        err.flush();
        return 2;
      }
      AGENT_LOG.setLevel(Level.OFF);
      List<CheckResult> results = new ArrayList<>();
      for (CheckSuite suite : suites) {
        Consumer<CheckResult> show =
            result -> {
              if (format == QueryCommand.Format.text) {
                out.println(line(result));
                out.flush();
              }
            };
        results.addAll(run(suite, show, err));
      }
      if (format == QueryCommand.Format.json) {
        ArrayNode list = JSON.createArrayNode();
        for (CheckResult result : results) {
          list.add(
              JSON.createObjectNode()
                  .put("check", result.check())
                  .put("dataset", result.dataset())
                  .put("outcome", word(result.outcome()))
                  .put("message", result.message()));
        }
        out.println(list.toPrettyString());
      }
      out.flush();
      boolean good =
          results.stream()
              .map(CheckResult::outcome)
              .noneMatch(outcome -> outcome == Outcome.FAILED || outcome == Outcome.ERROR);
      return good ? 0 : 1;
    }

    private List<CheckResult> run(CheckSuite suite, Consumer<CheckResult> show, PrintWriter err) {
      TidemarkAgent agent =
          TidemarkAgent.forPipeline("checks-" + suite.name())
              .endpoint(server.url())
              .token(server.token())
              .build();
      try (agent) {
        List<CheckResult> results =
            new CheckRunner(Clock.systemUTC()).run(suite, agent.dataset(suite.dataset()), show);
        if (!agent.flush(Duration.ofSeconds(5))) {
          AgentStats stats = agent.stats();
          err.println(
              "tidemark: the results are not sent yet"
                  + (stats.trouble().isEmpty() ? "" : ": " + stats.trouble()));
          err.flush();
        }
        return results;
      }
    }

    private List<CheckSuite> suites(List<String> problems) {
      List<CheckSuite> suites = new ArrayList<>();
      SuiteParser parser = new SuiteParser(System.getenv());
      for (Path file : files) {
        ParseResult parsed;
        try {
          parsed =
              DefinitionParser.parse(List.of(new SourceFile(file.toString(), Utf8File.read(file))));
        } catch (NoSuchFileException e) {
          problems.add("tidemark: " + file + " does not exist");
          continue;
        } catch (IOException e) {
          problems.add("tidemark: cannot read " + e.getMessage());
          continue;
        }
        parsed.problems().stream().map(Problem::toString).forEach(problems::add);
        Path folder = file.toAbsolutePath().resolveSibling(".").normalize();
        for (Document document : parsed.definitions().other()) {
          if (document.kind().equals("CheckSuite")) {
            parser
                .parse(document.name(), document.spec(), document.place(), folder)
                .ifPresent(suites::add);
          }
        }
      }
      problems.addAll(parser.problems());
      return suites;
    }

    private static String line(CheckResult result) {
      String mark =
          switch (result.outcome()) {
            case PASSED -> "ok     ";
            case FAILED -> "FAILED ";
            case NOT_ENOUGH_DATA -> "unknown";
            case ERROR -> "ERROR  ";
          };
      return mark + " " + result.dataset() + " " + result.check() + ": " + result.message();
    }
  }

  /** Compares two snapshots. */
  @Command(
      name = "schema",
      mixinStandardHelpOptions = true,
      description = {
        "Compare two snapshots of a table's columns (JSON or YAML, or an OpenLineage schema facet).",
        "Exit 0 if nothing breaks, 1 if something does, 2 if a file is wrong."
      })
  static final class Schema implements Callable<Integer> {
    @Option(names = "--old", required = true, paramLabel = "FILE", description = "What was.")
    private Path old = Path.of("");

    @Option(names = "--new", required = true, paramLabel = "FILE", description = "What is now.")
    private Path now = Path.of("");

    @Option(
        names = "--mode",
        paramLabel = "MODE",
        description = {
          "backward: what reads the old table can read the new one (default);",
          "forward: what writes or reads by the new one can do with the old one; full: both."
        })
    private String mode = "backward";

    @Option(names = "--format", description = "text, json (default: text).")
    private QueryCommand.Format format = QueryCommand.Format.text;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      List<Finding> findings;
      try {
        findings = Compatibility.parse(mode).compare(SchemaFile.read(old), SchemaFile.read(now));
      } catch (IOException | IllegalArgumentException e) {
        spec.commandLine().getErr().println("tidemark: " + e.getMessage());
        return 2;
      }
      boolean breaks = findings.stream().anyMatch(Finding::breaking);
      if (format == QueryCommand.Format.json) {
        ObjectNode answer = JSON.createObjectNode().put("compatible", !breaks);
        ArrayNode list = answer.putArray("findings");
        for (Finding finding : findings) {
          list.add(
              JSON.createObjectNode()
                  .put("breaking", finding.breaking())
                  .put("column", finding.column())
                  .put("message", finding.message()));
        }
        out.println(answer.toPrettyString());
      } else {
        for (Finding finding : findings) {
          out.println(
              (finding.breaking() ? "BREAKS " : "ok     ")
                  + finding.column()
                  + ": "
                  + finding.message());
        }
        if (findings.isEmpty()) {
          out.println("nothing differs");
        }
      }
      out.flush();
      return breaks ? 1 : 0;
    }
  }

  private static String word(Outcome outcome) {
    return outcome.name().toLowerCase(Locale.ROOT);
  }
}
