package dev.tidemark.engine.server;

import dev.tidemark.engine.alerts.RoutingDefinitions;
import dev.tidemark.engine.definition.DefinitionParser;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.ParseResult;
import dev.tidemark.engine.definition.Problem;
import dev.tidemark.engine.definition.SourceFile;
import dev.tidemark.engine.definition.folder.DefinitionFolder;
import dev.tidemark.engine.telemetry.EngineMetrics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the definitions again when their files change. A file with an error, or that cannot be
 * read, counts as it last was without one, and says so; the others are taken. One thread of its
 * own.
 */
final class DefinitionReloader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DefinitionReloader.class);
  private static final long EVERY_SECONDS = 2;

  private final List<Path> paths;
  private final EngineMetrics metrics;
  private final Consumer<Definitions> changed;
  private final Thread thread = new Thread(this::watch, "tidemark-definitions");
  private @Nullable List<SourceFile> read;
  private final Map<String, SourceFile> lastGood = new HashMap<>();
  private volatile List<Problem> problems = List.of();
  private volatile boolean running = true;

  /**
   * What files say when a server starts.
   *
   * @param files as they were read
   * @param parsed what they say
   */
  record Read(List<SourceFile> files, ParseResult parsed) {
    Definitions definitions() {
      return parsed.definitions();
    }
  }

  /**
   * Reads them for the first time.
   *
   * @throws StartupException when a path is not there or a folder cannot be listed
   */
  static Read readAll(List<Path> paths) throws StartupException {
    try {
      List<SourceFile> files = DefinitionFolder.read(paths);
      return new Read(files, DefinitionParser.parse(files));
    } catch (IOException e) {
      throw new StartupException("cannot read the definitions: " + e.getMessage(), e);
    }
  }

  /**
   * Watches files from what was read of them on.
   *
   * @param first what is in force now
   * @param changed told whenever something else is
   */
  DefinitionReloader(
      List<Path> paths, Read first, EngineMetrics metrics, Consumer<Definitions> changed) {
    this.paths = List.copyOf(paths);
    this.metrics = metrics;
    this.changed = changed;
    this.read = first.files();
    List<Problem> found = problems(first.parsed());
    note(found);
    Set<String> wrong = filesWithErrors(found);
    for (SourceFile file : first.files()) {
      if (!wrong.contains(file.path())) {
        lastGood.put(file.path(), file);
      }
    }
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
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      look();
    }
  }

  /** Looks at the files once and takes what has changed. */
  void look() {
    try {
      List<SourceFile> now = DefinitionFolder.read(paths);
      if (!now.equals(read)) {
        take(now);
        // Only then: what could not be taken, for want of a store, is tried again.
        read = now;
      }
    } catch (IOException e) {
      cannotBeListed(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      metrics.failed("definitions");
      LOG.warn("the definitions cannot be taken, the last good ones stay: {}", e.getMessage());
    }
  }

  /**
   * Which files there are is not known, so all stay as they last were; a folder that is away for a
   * moment must not make its objectives vanish.
   */
  private void cannotBeListed(String why) {
    metrics.failed("definitions");
    List<Problem> found =
        List.of(
            new Problem(
                paths.get(0).toString(),
                1,
                1,
                Problem.Severity.ERROR,
                why + "; all definitions stay as they last were"));
    if (!found.equals(problems)) {
      note(found);
    }
    // Whatever is there next is looked at whole, which also says what is wrong then.
    read = null;
  }

  /**
   * Takes what is good. A file with an error counts as it last was without one, so that a slip in
   * one file neither stops the others nor makes its own objectives vanish.
   */
  private void take(List<SourceFile> now) {
    List<Problem> found = problems(DefinitionParser.parse(now));
    note(found);
    Set<String> wrong = filesWithErrors(found);
    Map<String, SourceFile> good = new HashMap<>(lastGood);
    good.keySet().retainAll(now.stream().map(SourceFile::path).toList());
    List<SourceFile> usable = new ArrayList<>();
    for (SourceFile file : now) {
      if (!wrong.contains(file.path())) {
        good.put(file.path(), file);
      }
      usable.add(good.getOrDefault(file.path(), file));
    }
    ParseResult parsed = DefinitionParser.parse(usable);
    Set<String> broken = filesWithErrors(parsed.problems());
    broken.retainAll(good.keySet());
    if (!broken.isEmpty()) {
      // What was good is so no more because of what another file took away, such as a calendar.
      LOG.warn("the definitions stay as they were: {} refer to what is not there any more", broken);
      return;
    }
    lastGood.clear();
    lastGood.putAll(good);
    Definitions definitions = parsed.definitions();
    changed.accept(definitions);
    LOG.info(
        "definitions read again: {} objectives{}",
        definitions.objectives().size(),
        wrong.isEmpty() ? "" : "; as they last were without error: " + wrong);
  }

  /** Everything that is wrong, also with routes and receivers. */
  private static List<Problem> problems(ParseResult parsed) {
    List<Problem> found = new ArrayList<>(parsed.problems());
    found.addAll(RoutingDefinitions.of(parsed.definitions(), System.getenv()).problems());
    return found;
  }

  private static Set<String> filesWithErrors(List<Problem> problems) {
    Set<String> wrong = new HashSet<>();
    for (Problem problem : problems) {
      if (problem.severity() == Problem.Severity.ERROR) {
        wrong.add(problem.file());
      }
    }
    return wrong;
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
