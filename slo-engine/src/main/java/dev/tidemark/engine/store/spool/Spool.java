package dev.tidemark.engine.store.spool;

import dev.tidemark.engine.model.SignalBatch;
import dev.tidemark.engine.store.OverloadException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Batches on disk, first in first out, bounded in bytes. Each is one small file (length, CRC32C,
 * content) that is fsynced under another name and renamed, so that what a crash tears was never
 * acknowledged. Thread-safe.
 */
public final class Spool {
  private static final int HEADER = 12;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

  private final Path dir;
  private final long maxBytes;
  private final Deque<Segment> segments = new ArrayDeque<>();
  private long bytes;
  private long next;

  private record Segment(Path file, long bytes, boolean recovered) {}

  /**
   * One batch that waits.
   *
   * @param batch the signals
   * @param receivedAt when they were taken
   * @param token under which they are inserted, the same in every attempt
   * @param recovered whether an earlier process left it
   */
  public record Entry(SignalBatch batch, Instant receivedAt, String token, boolean recovered) {}

  /**
   * Opens the directory and takes up what an earlier process left there.
   *
   * @param dir made when missing; of one process at a time
   * @param maxBytes the most it may hold
   */
  public Spool(Path dir, long maxBytes) throws IOException {
    this.dir = Files.createDirectories(dir);
    this.maxBytes = maxBytes;
    List<Path> files;
    try (Stream<Path> listed = Files.list(dir)) {
      files = listed.sorted().toList();
    }
    for (Path file : files) {
      String name = String.valueOf(file.getFileName());
      if (name.endsWith(".part")) {
        Files.delete(file);
      } else if (name.endsWith(".batch")) {
        long size = Files.size(file);
        segments.add(new Segment(file, size, true));
        bytes += size;
        next = Long.parseLong(name.substring(0, name.indexOf('.'))) + 1;
      }
    }
  }

  /**
   * Adds a batch; it is on disk, fsynced, when this returns.
   *
   * @throws OverloadException when there is no room, on disk or by the limit; nothing was taken
   *     then
   */
  public synchronized void append(SignalBatch batch, Instant receivedAt, String token) {
    Path part = dir.resolve("%019d.part".formatted(next));
    try {
      ByteBuffer framed = frame(batch, receivedAt, token);
      int size = framed.remaining();
      if (bytes + size > maxBytes) {
        throw new OverloadException(
            "ClickHouse is away and the spool holds " + bytes + " of " + maxBytes + " bytes",
            RETRY_AFTER);
      }
      try (FileChannel channel =
          FileChannel.open(
              part,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        while (framed.hasRemaining()) {
          if (channel.write(framed) < 0) {
            throw new IOException("nothing could be written");
          }
        }
        channel.force(true);
      }
      Path file = dir.resolve("%019d.batch".formatted(next));
      Path moved = Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      syncDirectory();
      next++;
      segments.add(new Segment(moved, size, false));
      bytes += size;
    } catch (IOException e) {
      OverloadException overload =
          new OverloadException(
              "ClickHouse is away and the spool cannot be written: " + e.getMessage(), RETRY_AFTER);
      overload.initCause(e);
      throw overload;
    }
  }

  /**
   * Returns the oldest batch, which stays until {@link #remove}.
   *
   * @throws IOException when it cannot be read or its checksum is wrong; {@link #setAside} it then
   */
  public synchronized Optional<Entry> first() throws IOException {
    Segment segment = segments.peek();
    if (segment == null) {
      return Optional.empty();
    }
    byte[] all = Files.readAllBytes(segment.file());
    ByteBuffer framed = ByteBuffer.wrap(all);
    if (all.length < HEADER || framed.getInt() != all.length - HEADER) {
      throw new IOException(segment.file() + " is cut short");
    }
    long wanted = framed.getLong();
    CRC32C crc = new CRC32C();
    crc.update(all, HEADER, all.length - HEADER);
    if (crc.getValue() != wanted) {
      throw new IOException(segment.file() + " is damaged (CRC32C)");
    }
    DataInputStream in =
        new DataInputStream(new ByteArrayInputStream(all, HEADER, all.length - HEADER));
    Instant receivedAt = Instant.ofEpochMilli(in.readLong());
    String token = in.readUTF();
    return Optional.of(new Entry(BatchCodec.read(in), receivedAt, token, segment.recovered()));
  }

  /** Forgets the oldest batch, which is committed elsewhere now. */
  public synchronized void remove() throws IOException {
    Segment segment = segments.element();
    Files.deleteIfExists(segment.file());
    forget(segment);
  }

  /** Keeps the oldest batch as a file for a person to look at, and goes on without it. */
  public synchronized Path setAside() throws IOException {
    Segment segment = segments.element();
    Path aside = dir.resolve(segment.file().getFileName() + ".refused");
    Path moved = Files.move(segment.file(), aside, StandardCopyOption.REPLACE_EXISTING);
    forget(segment);
    return moved;
  }

  /** Returns whether nothing waits. */
  public synchronized boolean isEmpty() {
    return segments.isEmpty();
  }

  /** Returns how many bytes wait. */
  public synchronized long bytes() {
    return bytes;
  }

  private void forget(Segment segment) {
    bytes -= segment.bytes();
    Segment gone = segments.remove();
    if (!gone.equals(segment)) {
      throw new IllegalStateException("the spool lost its order at " + segment.file());
    }
  }

  private static ByteBuffer frame(SignalBatch batch, Instant receivedAt, String token)
      throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream(1 << 14);
    DataOutputStream out = new DataOutputStream(content);
    out.writeLong(receivedAt.toEpochMilli());
    out.writeUTF(token);
    BatchCodec.write(batch, out);
    out.flush();
    byte[] payload = content.toByteArray();
    CRC32C crc = new CRC32C();
    crc.update(payload, 0, payload.length);
    return ByteBuffer.allocate(HEADER + payload.length)
        .putInt(payload.length)
        .putLong(crc.getValue())
        .put(payload)
        .flip();
  }

  private void syncDirectory() throws IOException {
    try (FileChannel channel = FileChannel.open(dir, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
