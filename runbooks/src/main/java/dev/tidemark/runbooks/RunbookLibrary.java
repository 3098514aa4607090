package dev.tidemark.runbooks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** All runbooks, by id. Immutable, safe for any thread. */
public final class RunbookLibrary {
  /** The ones that come with Tidemark; a jar cannot be listed portably. */
  private static final List<String> OURS =
      List.of(
          "cost-runaway",
          "data-loss",
          "hot-partitions",
          "metadata-drift",
          "pipeline-job-fails",
          "security-breach",
          "silent-connector-death",
          "stale-dataset");

  private final Map<String, Runbook> byId;

  private RunbookLibrary(Map<String, Runbook> byId) {
    this.byId = Collections.unmodifiableMap(new TreeMap<>(byId));
  }

  /**
   * Loads the runbooks that come with Tidemark.
   *
   * @throws RunbookException if the jar is damaged
   */
  public static RunbookLibrary load() {
    return new RunbookLibrary(ours());
  }

  /**
   * Loads the runbooks that come with Tidemark, then every {@code *.md} of a directory (not of its
   * subdirectories, and no README); one with a known id takes its place.
   *
   * @param directory the organisation's own
   * @throws RunbookException naming the file, if one cannot be read, or the directory
   */
  public static RunbookLibrary load(Path directory) {
    Map<String, Runbook> all = ours();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(RunbookLibrary::isRunbook).sorted().toList()) {
        Runbook runbook = RunbookParser.read(file.toString(), Files.readString(file));
        all.put(runbook.id(), runbook);
      }
    } catch (IOException e) {
      throw new RunbookException("runbooks in " + directory + " cannot be read: " + e, e);
    }
    return new RunbookLibrary(all);
  }

  /** Returns the ids of those that come with Tidemark. */
  public static Set<String> idsOfOurs() {
    return Set.copyOf(OURS);
  }

  /** Returns the runbook of an id, if there is one. */
  public Optional<Runbook> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** Returns all runbooks, in the order of their ids. */
  public Collection<Runbook> all() {
    return byId.values();
  }

  private static Map<String, Runbook> ours() {
    Map<String, Runbook> all = new TreeMap<>();
    for (String id : OURS) {
      all.put(id, RunbookParser.read("runbooks/" + id + ".md", resource(id)));
    }
    return all;
  }

  private static String resource(String id) {
    String name = "/runbooks/" + id + ".md";
    try (InputStream in = RunbookLibrary.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new RunbookException("the jar lacks " + name + ": build it again");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new RunbookException(name + " cannot be read from the jar", e);
    }
  }

  private static boolean isRunbook(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.endsWith(".md") && !name.equalsIgnoreCase("README.md");
  }
}
