package dev.tidemark.agent;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Requests on disk, oldest first, bounded in bytes: the oldest go when it is full. What an earlier
 * process left behind is found again. One process owns the folder, by a file lock. Thread-safe.
 */
final class Spool implements AutoCloseable {
  /** One request on disk. */
  record Entry(Path file, long bytes) {
    /** Returns the OTLP path's last part, such as {@code metrics}. */
    String kind() {
      String name = String.valueOf(file.getFileName());
      return name.substring(name.lastIndexOf('.') + 1);
    }
  }

  private final @Nullable Path folder;
  private final long maxBytes;
  private final @Nullable FileChannel channel;
  private final Deque<Entry> entries = new ArrayDeque<>();
  private long bytes;
  private long next;
  private long dropped;

  private Spool(Path folder, long maxBytes, FileChannel channel) throws IOException {
    this.folder = folder;
    this.maxBytes = maxBytes;
    this.channel = channel;
    List<Path> files;
    try (Stream<Path> found = Files.list(folder)) {
      files =
          found
              .filter(file -> file.toString().matches(".*/0[0-8]\\d{18}\\.[a-z]+"))
              .sorted()
              .toList();
    }
    for (Path file : files) {
      Entry entry = new Entry(file, Files.size(file));
      entries.add(entry);
      bytes += entry.bytes();
      next = Long.parseLong(String.valueOf(file.getFileName()).substring(0, 20)) + 1;
    }
  }

  private Spool() {
    this.folder = null;
    this.maxBytes = 0;
    this.channel = null;
  }

  /** A spool without a folder, for when none can be written: everything is given up and counted. */
  static Spool nowhere() {
    return new Spool();
  }

  /** Opens the folder, or, when another process has it, one beside it. */
  static Spool open(Path folder, long maxBytes) throws IOException {
    for (int i = 0; i < 64; i++) {
      Path mine = i == 0 ? folder : Path.of(folder + "-" + i);
      Files.createDirectories(mine);
      FileChannel channel =
          FileChannel.open(
              mine.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (locked(channel)) {
        return new Spool(mine, maxBytes, channel);
      }
      channel.close();
    }
    throw new IOException("64 agents already use " + folder);
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null && lock.isValid();
    } catch (OverlappingFileLockException e) {
      // another agent in this very process has it
      return false;
    }
  }

  synchronized void add(String kind, byte[] body) throws IOException {
    if (folder == null || body.length > maxBytes) {
      dropped++;
      return;
    }
    while (!entries.isEmpty() && bytes + body.length > maxBytes) {
      remove(entries.getFirst());
      dropped++;
    }
    Path file = folder.resolve(String.format("%020d.%s", next++, kind));
    Path part = folder.resolve("part");
    Files.write(part, body);
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    entries.add(new Entry(file, body.length));
    bytes += body.length;
    notifyAll();
  }

  /** Returns the oldest, waiting for one at most so long. */
  synchronized @Nullable Entry first(long millis) throws InterruptedException {
    long end = System.nanoTime() + millis * 1_000_000;
    for (long left = millis;
        entries.isEmpty() && left > 0;
        left = (end - System.nanoTime()) / 1_000_000) {
      wait(left);
    }
    return entries.peekFirst();
  }

  synchronized void remove(Entry entry) throws IOException {
    if (entries.remove(entry)) {
      bytes -= entry.bytes();
    }
    Files.deleteIfExists(entry.file());
    notifyAll();
  }

  synchronized void countDropped() {
    dropped++;
  }

  synchronized long dropped() {
    return dropped;
  }

  synchronized int size() {
    return entries.size();
  }

  /** Where requests wait; null when nowhere. */
  @Nullable Path folder() {
    return folder;
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
