package dev.tidemark.engine.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Something from npm that is fetched once into the user's cache: the {@code package.json} and the
 * lock file with integrity hashes are in our jar, npm itself fetches and checks. Several processes
 * may ask at once; one fetches, the others wait. Immutable.
 *
 * @param resources folder in the jar that holds both files, such as {@code /clickhouse-library/x}
 * @param what for people, such as {@code ClickHouse's engine (about 150 MB)}
 * @param folder where it goes
 * @param neededBytes free space that it wants
 */
public record NpmPackage(String resources, String what, Path folder, long neededBytes) {

  /** It cannot be had; the message is one sentence with the reason and the way out. */
  public static final class UnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Creates one with its sentence. */
    public UnavailableException(String message) {
      super(message);
    }

    /** Creates one with its sentence and what led to it. */
    public UnavailableException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * Returns the user's cache folder: {@code $XDG_CACHE_HOME/tidemark} or {@code ~/.cache/tidemark}.
   */
  public static Path userCache() {
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path cache =
        xdg == null || xdg.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(xdg);
    return cache.resolve("tidemark");
  }

  /**
   * Returns the folder's {@code node_modules}, fetching it first if it is not there.
   *
   * @param progress a line for people now and then
   */
  public Path install(Consumer<String> progress) throws UnavailableException {
    Path modules = folder.resolve("node_modules");
    if (Files.isDirectory(modules)) {
      return modules;
    }
    try {
      Path parent = folder.toAbsolutePath().getParent();
      if (parent == null) {
        throw new UnavailableException("the cache folder " + folder + " has no parent folder");
      }
      Files.createDirectories(parent);
      try (FileChannel channel =
              FileChannel.open(
                  parent.resolve(folder.getFileName() + ".lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        if (lock.isValid() && !Files.isDirectory(modules)) {
          fetch(parent, progress);
        }
      }
      return modules;
    } catch (IOException e) {
      throw new UnavailableException("cannot write to " + folder + ": " + e.getMessage(), e);
    }
  }

  private void fetch(Path parent, Consumer<String> progress)
      throws IOException, UnavailableException {
    FileStore disk = Files.getFileStore(parent);
    if (disk.getUsableSpace() < neededBytes) {
      throw new UnavailableException(
          String.format(
              "%s needs %,d MB free at %s, where %,d MB are; free some, or set XDG_CACHE_HOME",
              what, neededBytes >> 20, parent, disk.getUsableSpace() >> 20));
    }
    Path staging = Files.createTempDirectory(parent, folder.getFileName() + ".part");
    try {
      copy("package.json", staging);
      copy("package-lock.json", staging);
      progress.accept("fetching " + what + " by npm, once …");
      npm(staging, progress);
      Files.move(staging, folder, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      if (Files.exists(staging)) {
        delete(staging);
      }
    }
  }

  private void npm(Path staging, Consumer<String> progress)
      throws IOException, UnavailableException {
    Path log = staging.resolve("npm.log");
    Process npm;
    try {
      npm =
          new ProcessBuilder(
                  "npm",
                  "ci",
                  "--no-audit",
                  "--no-fund",
                  "--loglevel=error",
                  // By itself npm tries for minutes before it says that there is no network.
                  "--fetch-retries=2",
                  "--fetch-retry-mintimeout=1000",
                  "--fetch-retry-maxtimeout=4000")
              .directory(staging.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
    } catch (IOException e) {
      throw new UnavailableException(
          what + " comes by npm, which is missing; install it (Debian: apt-get install npm)", e);
    }
    try {
      for (int seconds = 0; !npm.waitFor(5, TimeUnit.SECONDS); ) {
        seconds += 5;
        progress.accept("  " + (size(staging) >> 20) + " MB after " + seconds + " s");
        if (seconds >= 600) {
          npm.destroyForcibly();
          throw new UnavailableException(
              what + " did not arrive within 10 minutes; check the network and try again");
        }
      }
    } catch (InterruptedException e) {
      npm.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while fetching " + what, e);
    }
    if (npm.exitValue() != 0) {
      String reason =
          Files.readString(log, StandardCharsets.UTF_8)
              .lines()
              .filter(line -> line.startsWith("npm error") && !line.contains("complete log"))
              .limit(3)
              .map(line -> line.substring("npm error".length()).trim())
              .reduce((a, b) -> a + "; " + b)
              .orElse("exit code " + npm.exitValue());
      throw new UnavailableException(
          "npm could not fetch " + what + " (" + reason + "); check the network and try again");
    }
  }

  private void copy(String name, Path target) throws IOException, UnavailableException {
    try (InputStream resource = NpmPackage.class.getResourceAsStream(resources + "/" + name)) {
      if (resource == null) {
        throw new UnavailableException(
            "there is no " + what + " for this platform (" + resources + ")");
      }
      Files.copy(resource, target.resolve(name));
    }
  }

  private static long size(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException | UncheckedIOException e) {
      // npm moves files while we look; the number is for people only.
      return 0;
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
