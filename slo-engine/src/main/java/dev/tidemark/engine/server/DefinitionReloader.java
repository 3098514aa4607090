package dev.tidemark.engine.server;

import dev.tidemark.engine.definition.DefinitionParser;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.ParseResult;
import dev.tidemark.engine.definition.Problem;
import dev.tidemark.engine.definition.SourceFile;
import dev.tidemark.engine.definition.folder.DefinitionFolder;
import dev.tidemark.engine.telemetry.EngineMetrics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the definitions again when their files change. A change with an error leaves the last good
 * definitions in force, and says so. One thread of its own.
 */
final class DefinitionReloader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DefinitionReloader.class);
  private static final long EVERY_SECONDS = 2;

  private final List<Path> paths;
  private final EngineMetrics metrics;
  private final Consumer<Definitions> changed;
  private final Thread thread = new Thread(this::watch, "tidemark-definitions");
  private List<SourceFile> read;
  private volatile List<Problem> problems;
  private volatile boolean running = true;

  /** Reads them for the first time; errors refuse the start. */
  static ParseResult readAll(List<Path> paths) throws StartupException {
    try {
      return DefinitionParser.parse(DefinitionFolder.read(paths));
    } catch (IOException e) {
      throw new StartupException("cannot read the definitions: " + e.getMessage(), e);
    }
  }

  DefinitionReloader(
      List<Path> paths,
      List<Problem> problems,
      EngineMetrics metrics,
      Consumer<Definitions> changed)
      throws StartupException {
    this.paths = List.copyOf(paths);
    this.metrics = metrics;
    this.changed = changed;
    try {
      this.read = DefinitionFolder.read(paths);
    } catch (IOException e) {
      throw new StartupException("cannot read the definitions: " + e.getMessage(), e);
    }
    note(problems);
    this.problems = List.copyOf(problems);
  }

  void start() {
    thread.start();
  }

  /** Problems of the files as last read. */
  List<Problem> problems() {
    return problems;
  }

  private void watch() {
    while (running) {
      try {
        TimeUnit.SECONDS.sleep(EVERY_SECONDS);
        List<SourceFile> now = DefinitionFolder.read(paths);
        if (!now.equals(read)) {
          read = now;
          take(DefinitionParser.parse(now));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (IOException | RuntimeException e) {
        metrics.failed("definitions");
        LOG.warn("the definitions cannot be read, the last good ones stay: {}", e.getMessage());
      }
    }
  }

  private void take(ParseResult result) {
    note(result.problems());
    if (result.problems().stream().anyMatch(p -> p.severity() == Problem.Severity.ERROR)) {
      LOG.warn("the changed definitions have errors, the last good ones stay in force");
      return;
    }
    changed.accept(result.definitions());
    LOG.info("definitions read again: {} objectives", result.definitions().objectives().size());
  }

  private void note(List<Problem> found) {
    problems = List.copyOf(found);
    int errors = 0;
    for (Problem problem : found) {
      LOG.warn("{}", problem);
      errors += problem.severity() == Problem.Severity.ERROR ? 1 : 0;
    }
    metrics.definitionProblems(errors, found.size() - errors);
  }

  @Override
  public void close() {
    running = false;
    thread.interrupt();
    try {
      thread.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
