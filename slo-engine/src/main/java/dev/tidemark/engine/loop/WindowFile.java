package dev.tidemark.engine.loop;

import dev.tidemark.engine.condition.Settled;
import dev.tidemark.engine.model.ObjectiveId;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * The settled counts of all objectives in one file, so that a start need not read months of
 * buckets. A copy of what ClickHouse holds: a file that is missing, torn or of another version
 * costs time, nothing else. Not thread-safe.
 */
final class WindowFile {
  private static final long MAGIC = 0x5449444557494e32L; // TIDEWIN2
  private static final int BUFFER = 1 << 18;
  private static final int LONGEST = 64 << 20;

  private final Path file;

  WindowFile(Path file) {
    this.file = file;
  }

  /** Where entries go while a file is written. */
  interface Entries {
    void add(Settled settled) throws IOException;
  }

  /** Produces the entries of a new file. */
  interface Source {
    void writeTo(Entries entries) throws IOException;
  }

  /** Returns where the file before this one is kept. */
  Path older() {
    return file.resolveSibling(file.getFileName() + ".older");
  }

  /**
   * Replaces the file, which becomes the {@link #older} one; the new one is whole and fsynced when
   * this returns.
   */
  void write(Source source) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    CRC32C crc = new CRC32C();
    Deflater fast = new Deflater(Deflater.BEST_SPEED);
    try (OutputStream raw = new BufferedOutputStream(Files.newOutputStream(part), BUFFER)) {
      OutputStream checked = new CheckedOutputStream(raw, crc);
      new DataOutputStream(checked).writeLong(MAGIC);
      DeflaterOutputStream packed = new DeflaterOutputStream(checked, fast, BUFFER);
      DataOutputStream out = new DataOutputStream(new BufferedOutputStream(packed, BUFFER));
      source.writeTo(
          settled -> {
            out.writeBoolean(true);
            out.writeUTF(settled.id().value());
            out.writeUTF(settled.shape());
            out.writeLong(settled.before().toEpochMilli());
            out.writeInt(settled.counts().capacity());
            out.write(settled.counts().array());
          });
      out.writeBoolean(false);
      out.flush();
      packed.finish();
      new DataOutputStream(raw).writeLong(crc.getValue());
    } finally {
      fast.end();
    }
    try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    if (Files.exists(file)) {
      Path kept = Files.move(file, older(), StandardCopyOption.REPLACE_EXISTING);
      assert kept.equals(older());
    }
    Path moved =
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    assert moved.equals(file);
  }

  /**
   * Checks the file from end to end, then hands over its entries.
   *
   * @return whether there is a file
   * @throws IOException when it is damaged; nothing was handed over then
   */
  boolean read(Consumer<Settled> consumer) throws IOException {
    try {
      // All of it before any of it: an entry that was taken cannot be given back.
      check();
      unpack(consumer);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** The sum is over the packed bytes, which are few: checking costs next to nothing. */
  private void check() throws IOException {
    long left = Files.size(file) - Long.BYTES;
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
      CheckedInputStream checked = new CheckedInputStream(raw, new CRC32C());
      if (left < Long.BYTES || new DataInputStream(checked).readLong() != MAGIC) {
        throw new IOException(file + " is of another version, or cut short");
      }
      left -= Long.BYTES;
      byte[] piece = new byte[BUFFER];
      while (left > 0) {
        int read = checked.read(piece, 0, (int) Math.min(left, piece.length));
        if (read < 0) {
          throw new EOFException(file + " is cut short");
        }
        left -= read;
      }
      if (new DataInputStream(raw).readLong() != checked.getChecksum().getValue()) {
        throw new IOException(file + " is damaged (CRC32C), or cut short");
      }
    }
  }

  private void unpack(Consumer<Settled> consumer) throws IOException {
    Inflater inflater = new Inflater();
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
      raw.skipNBytes(Long.BYTES);
      DataInputStream in =
          new DataInputStream(
              new BufferedInputStream(new InflaterInputStream(raw, inflater, BUFFER), BUFFER));
      while (in.readBoolean()) {
        ObjectiveId id = new ObjectiveId(in.readUTF());
        String shape = in.readUTF();
        Instant before = Instant.ofEpochMilli(in.readLong());
        int length = in.readInt();
        if (length < 0 || length > LONGEST) {
          throw new IOException(file + " is damaged");
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
          throw new EOFException(file + " is cut short");
        }
        consumer.accept(new Settled(id, shape, before, ByteBuffer.wrap(bytes)));
      }
    } finally {
      inflater.end();
    }
  }
}
