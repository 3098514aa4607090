package dev.tidemark.engine.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.alerting.Severity;
import dev.tidemark.engine.backtest.Backtest;
import dev.tidemark.engine.backtest.BacktestDiff;
import dev.tidemark.engine.backtest.BacktestException;
import dev.tidemark.engine.backtest.BacktestJson;
import dev.tidemark.engine.backtest.BacktestResult;
import dev.tidemark.engine.backtest.BacktestTables;
import dev.tidemark.engine.backtest.BacktestText;
import dev.tidemark.engine.backtest.SignalFile;
import dev.tidemark.engine.definition.DefinitionParser;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.ParseResult;
import dev.tidemark.engine.definition.SourceFile;
import dev.tidemark.engine.definition.folder.DefinitionFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidemark backtest}: who would have been told, before anybody is. */
@Command(
    name = "backtest",
    mixinStandardHelpOptions = true,
    description = {
      "Replays history through definitions: budgets spent, and who would have been told when.",
      "Shows every page and ticket, and how long it lasted. Nobody is told.",
      "History is a file of signals (--signals), or what a running server has stored (--url).",
      "Exit 0 replayed, 1 with --fail-on and more of that than before, 2 cannot replay."
    })
final class BacktestCommand implements Callable<Integer> {
  private static final String ROUTE = "/api/v1/backtests";

  enum Format {
    text,
    json,
    markdown
  }

  enum Known {
    received,
    event
  }

  enum FailOn {
    page,
    ticket
  }

  @Parameters(paramLabel = "PATH", arity = "1..*", description = "Definitions: files and folders.")
  private List<Path> paths = new ArrayList<>();

  @Option(
      names = "--from",
      paramLabel = "T",
      description = "First moment, such as 2026-11-01 or 2026-11-01T06:00:00Z.")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "T", description = "First moment after it.")
  private @Nullable String to;

  @Option(
      names = "--signals",
      paramLabel = "FILE",
      description = {
        "CSV with a line of names, or JSON lines: time, metric, value; optional kind, received,",
        "pipeline; every other column is an attribute."
      })
  private @Nullable Path signals;

  @Option(
      names = "--metric",
      paramLabel = "NAME",
      description = "The metric of a file that has no such column.")
  private String metric = "";

  @Option(
      names = "--known",
      description = {
        "${COMPLETION-CANDIDATES}: when a stored signal counts as known (default:"
            + " ${DEFAULT-VALUE}, as",
        "in the live run). Take event for history that was loaded afterwards."
      },
      defaultValue = "received")
  private Known known = Known.received;

  @Option(
      names = "--against",
      paramLabel = "PATH",
      description = "The definitions as they were: says what the change changes.")
  private List<Path> against = new ArrayList<>();

  @Option(
      names = "--format",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
      defaultValue = "text")
  private Format format = Format.text;

  @Option(
      names = "--fail-on",
      description =
          "Exit 1 when there is any ${COMPLETION-CANDIDATES}, or with --against any more.")
  private @Nullable FailOn failOn;

  @Option(names = "--quiet", description = "No progress.")
  private boolean quiet;

  @Mixin private ServerClient server = new ServerClient();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before call()
  private CommandSpec spec;

  @Override
  public Integer call() {
    try {
      return signals == null ? onServer() : here(signals);
    } catch (IOException e) {
      return wrong(String.valueOf(e.getMessage()));
    } catch (BacktestException | DateTimeException e) {
      return wrong(String.valueOf(e.getMessage()));
    } catch (ServerClient.Refused e) {
      return wrong(String.valueOf(e.getMessage()));
    }
  }

  private int here(Path file) throws IOException {
    Definitions definitions = definitions(paths);
    SignalFile history = SignalFile.read(file, metric);
    history.problems().forEach(problem -> spec.commandLine().getErr().println(problem));
    Instant start = from == null ? history.first() : moment(from);
    Instant end = to == null ? history.last().plusSeconds(60) : moment(to);
    BacktestResult after = replay(definitions, history, start, end);
    if (against.isEmpty()) {
      print(BacktestJson.of(after), BacktestText.markdown(after), BacktestTables.of(after));
      return exit(after.count(Severity.PAGE), after.count(Severity.TICKET));
    }
    BacktestResult before = replay(definitions(against), history, start, end);
    BacktestDiff diff = BacktestDiff.of(before, after);
    print(BacktestJson.of(diff), BacktestText.markdown(diff), BacktestTables.of(diff));
    return exit(diff.more(Severity.PAGE), diff.more(Severity.TICKET));
  }

  private BacktestResult replay(
      Definitions definitions, SignalFile history, Instant start, Instant end) {
    try (ProgressLine progress = new ProgressLine(spec.commandLine().getErr(), quiet)) {
      return Backtest.run(
          definitions,
          List.of(),
          history,
          start,
          end,
          Runtime.getRuntime().availableProcessors(),
          progress::done);
    }
  }

  /** The server has the history; it answers in every format. */
  private int onServer() throws IOException, ServerClient.Refused {
    if (from == null || to == null) {
      throw new BacktestException(
          "say --from and --to: the server's history has no end of its own");
    }
    ObjectNode request = JsonNodeFactory.instance.objectNode();
    request.put("from", moment(from).toString());
    request.put("to", moment(to).toString());
    files(request, "definitions", paths);
    if (!against.isEmpty()) {
      files(request, "against", against);
    }
    request.put("known", known.name());
    JsonNode answer;
    try (ProgressLine progress = new ProgressLine(spec.commandLine().getErr(), quiet)) {
      answer = server.postLong(ROUTE, request, () -> progress(progress));
      progress.done(1);
    }
    print(answer.path("result"), answer.path("markdown").asText(), answer.path("text").asText());
    JsonNode result = answer.path("result");
    return against.isEmpty()
        ? exit(result.path("pages").asLong(), result.path("tickets").asLong())
        : exit(result.path("morePages").asLong(), result.path("moreTickets").asLong());
  }

  private void progress(ProgressLine line) {
    try {
      JsonNode state = server.get(ROUTE);
      if (state.path("running").asBoolean()) {
        line.done(state.path("doneRatio").asDouble());
      }
    } catch (ServerClient.Refused e) {
      // The replay goes on all the same; its own answer says if something is wrong.
      line.done(0);
    }
  }

  private static void files(ObjectNode request, String name, List<Path> paths) throws IOException {
    for (SourceFile file : DefinitionFolder.read(paths)) {
      if (file.unreadable().isPresent()) {
        throw new IOException(file.unreadable().get().toString());
      }
      request.withArray(name).addObject().put("path", file.path()).put("text", file.text());
    }
  }

  private int exit(long pages, long tickets) {
    boolean bad =
        failOn == FailOn.page ? pages > 0 : failOn == FailOn.ticket && pages + tickets > 0;
    return bad ? 1 : 0;
  }

  private Definitions definitions(List<Path> from) throws IOException {
    ParseResult parsed = DefinitionParser.parse(DefinitionFolder.read(from));
    parsed.problems().forEach(problem -> spec.commandLine().getErr().println(problem));
    if (parsed.hasErrors()) {
      throw new BacktestException("the definitions have errors; nothing was replayed");
    }
    return parsed.definitions();
  }

  private static Instant moment(String text) {
    try {
      return text.length() == 10
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : Instant.parse(text);
    } catch (DateTimeException e) {
      throw new BacktestException(
          "'" + text + "' is no moment; write 2026-11-01 or 2026-11-01T06:00:00Z", e);
    }
  }

  private void print(JsonNode json, String markdown, String text) {
    PrintWriter out = spec.commandLine().getOut();
    switch (format) {
      case json -> out.println(json.toPrettyString());
      case markdown -> out.print(markdown);
      case text -> out.print(text);
    }
    out.flush();
  }

  private int wrong(String message) {
    spec.commandLine().getErr().println("tidemark: " + message);
    spec.commandLine().getErr().flush();
    return 2;
  }
}
