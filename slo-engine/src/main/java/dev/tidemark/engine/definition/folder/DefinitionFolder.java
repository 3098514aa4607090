package dev.tidemark.engine.definition.folder;

import dev.tidemark.engine.definition.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads definitions from files and folders. Stateless. */
public final class DefinitionFolder {
  private DefinitionFolder() {}

  /**
   * Reads files as they are named, and {@code *.yaml} and {@code *.yml} below folders, sorted.
   *
   * @throws IOException naming the path that cannot be read
   */
  public static List<SourceFile> read(List<Path> paths) throws IOException {
    List<SourceFile> files = new ArrayList<>();
    for (Path path : paths) {
      if (!Files.exists(path)) {
        throw new NoSuchFileException(path + " does not exist");
      }
      try (Stream<Path> found = Files.walk(path)) {
        for (Path file : found.filter(Files::isRegularFile).sorted().toList()) {
          String name = file.toString();
          if (file.equals(path) || name.endsWith(".yaml") || name.endsWith(".yml")) {
            files.add(new SourceFile(name, Files.readString(file)));
          }
        }
      }
    }
    return files;
  }
}
