package dev.tidemark.engine.definition.folder;

import dev.tidemark.engine.definition.SourceFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads definitions from files and folders. Stateless. */
public final class DefinitionFolder {
  private static final String CALENDAR = ".ics";
  private static final List<String> ENDINGS = List.of(".yaml", ".yml", CALENDAR);

  private DefinitionFolder() {}

  /**
   * Reads files as they are named, and {@code *.yaml} and {@code *.yml} below folders, sorted; also
   * {@code *.ics} below folders and beside files, which calendars may refer to.
   *
   * <p>A file that cannot be read is returned as {@link SourceFile#unreadable()}, so that it is a
   * problem of its own and keeps no other file from being read.
   *
   * @throws IOException naming the path that is not there or the folder that cannot be listed
   */
  public static List<SourceFile> read(List<Path> paths) throws IOException {
    Map<String, SourceFile> files = new LinkedHashMap<>();
    for (Path path : paths) {
      if (!Files.exists(path)) {
        throw new NoSuchFileException(path + " does not exist");
      }
      try (Stream<Path> found = Files.walk(path)) {
        for (Path file : found.filter(Files::isRegularFile).sorted().toList()) {
          String name = file.toString();
          if (file.equals(path) || ENDINGS.stream().anyMatch(name::endsWith)) {
            add(name, file, files);
          }
        }
      } catch (UncheckedIOException e) {
        throw new IOException("the folder " + path + " cannot be listed: " + e.getCause(), e);
      }
      if (Files.isRegularFile(path)) {
        readCalendarsBeside(path, files);
      }
    }
    return List.copyOf(files.values());
  }

  private static void readCalendarsBeside(Path path, Map<String, SourceFile> files)
      throws IOException {
    Path parent = path.toAbsolutePath().getParent();
    if (parent == null) {
      return;
    }
    try (Stream<Path> beside = Files.list(parent)) {
      for (Path file :
          beside.filter(Files::isReadable).filter(Files::isRegularFile).sorted().toList()) {
        if (file.toString().endsWith(CALENDAR)) {
          add(path.resolveSibling(file.getFileName()).toString(), file, files);
        }
      }
    }
  }

  /** Once, also when several of the given paths lead to it. */
  private static void add(String name, Path file, Map<String, SourceFile> files) {
    if (!files.containsKey(name)) {
      readOne(name, file).ifPresent(read -> files.put(name, read));
    }
  }

  /** Returns nothing when the file went away after the folder was listed. */
  private static Optional<SourceFile> readOne(String name, Path file) {
    try {
      // A calendar of others may be in another encoding; its dates can be read all the same.
      return Optional.of(
          new SourceFile(
              name,
              name.endsWith(CALENDAR)
                  ? new String(Utf8File.bytes(file), StandardCharsets.UTF_8)
                  : Utf8File.read(file)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (UnreadableException e) {
      return Optional.of(SourceFile.unreadable(name, e.line(), e.column(), e.why()));
    }
  }
}
