package dev.tidemark.engine.links;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;

/**
 * The key that links are signed with: 256 random bits in a file that only the server's own account
 * may read. Whoever removes the file makes every link that was sent void at the next start.
 */
public final class LinkKey {
  private static final int BYTES = 32;
  private static final Set<PosixFilePermission> OWNER =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private LinkKey() {}

  /**
   * Reads the key, or makes one when there is none.
   *
   * @throws IOException when the file cannot be read or written, is no key, or may be read by other
   *     accounts; the message says what to do
   */
  public static byte[] load(Path file) throws IOException {
    if (!Files.exists(file)) {
      create(file);
    }
    if (posix(file) && !OWNER.containsAll(Files.getPosixFilePermissions(file))) {
      throw new IOException(
          file
              + " may be read by other accounts; remove it, or chmod 600 it if nobody has read it");
    }
    byte[] key;
    try {
      key = Base64.getDecoder().decode(Files.readString(file).strip());
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " is no key; remove it, and a new one is made", e);
    }
    if (key.length != BYTES) {
      throw new IOException(file + " is no key; remove it, and a new one is made");
    }
    return key;
  }

  private static void create(Path file) throws IOException {
    byte[] key = new byte[BYTES];
    new SecureRandom().nextBytes(key);
    byte[] text = (Base64.getEncoder().encodeToString(key) + "\n").getBytes(StandardCharsets.UTF_8);
    // Whole or not at all: a crash must not leave half a key behind.
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            permissions(file))) {
      ByteBuffer bytes = ByteBuffer.wrap(text);
      while (bytes.hasRemaining()) {
        Object unused = channel.write(bytes);
      }
      channel.force(true);
    } catch (FileAlreadyExistsException e) {
      throw new IOException(fresh + " appeared meanwhile; is another Tidemark starting here?", e);
    }
    Object unused = Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static FileAttribute<?>[] permissions(Path file) {
    return posix(file)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER)}
        : new FileAttribute<?>[0];
  }

  private static boolean posix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
