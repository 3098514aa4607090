package dev.tidemark.engine.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Where one pipeline leaves its output and the next finds it: a file of lines per hour, and a
 * watermark up to which they are whole. One writer, one reader, in different processes.
 */
final class Handover {
  private final Path folder;

  /** Opens the folder, and makes it if need be. */
  Handover(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
  }

  /** Adds lines to an hour's file. */
  void append(String hour, List<String> lines) throws IOException {
    Files.write(file(hour), lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Puts an hour's file in the place of the one before; a reader sees either of them whole. */
  void replace(String hour, List<String> lines) throws IOException {
    Path staged = folder.resolve(hour + ".part");
    Files.write(staged, lines);
    Files.move(
        staged, file(hour), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Says that everything up to this moment is there. */
  void watermark(Instant upTo) throws IOException {
    Path staged = Files.writeString(folder.resolve("watermark.part"), upTo.toString());
    Files.move(
        staged,
        folder.resolve("watermark"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** Returns up to when everything is there; the beginning of time before the first word. */
  Instant watermark() throws IOException {
    Path file = folder.resolve("watermark");
    return Files.exists(file) ? Instant.parse(Files.readString(file).trim()) : Instant.EPOCH;
  }

  /** Returns the files of all hours, oldest first. */
  SortedMap<String, Path> hours() throws IOException {
    SortedMap<String, Path> hours = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      files
          .filter(file -> file.toString().endsWith(".csv"))
          .forEach(
              file -> {
                String name = String.valueOf(file.getFileName());
                hours.put(name.substring(0, name.length() - ".csv".length()), file);
              });
    }
    return hours;
  }

  private Path file(String hour) {
    return folder.resolve(hour + ".csv");
  }
}
