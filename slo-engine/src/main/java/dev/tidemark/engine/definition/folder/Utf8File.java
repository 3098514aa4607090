package dev.tidemark.engine.definition.folder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads text that people wrote, and says where it is none. Stateless. */
public final class Utf8File {
  private Utf8File() {}

  /**
   * Reads a whole file.
   *
   * @throws NoSuchFileException when it is not there
   * @throws UnreadableException with {@code file:line:column} and why
   */
  public static String read(Path file) throws NoSuchFileException, UnreadableException {
    byte[] bytes = bytes(file);
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer text = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(in, text, true);
    text.flip();
    if (result.isError()) {
      throw after(text, file);
    }
    return text.toString();
  }

  /**
   * Reads a whole file, whatever is in it.
   *
   * @throws NoSuchFileException when it is not there
   * @throws UnreadableException with {@code file:1:1} and why
   */
  static byte[] bytes(Path file) throws NoSuchFileException, UnreadableException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (AccessDeniedException e) {
      // Java's message is the path alone, which reads like no problem at all.
      throw new UnreadableException(
          file, 1, 1, "may not be read by this user; change its owner or mode");
    } catch (IOException e) {
      throw new UnreadableException(file, 1, 1, "cannot be read: " + e);
    }
  }

  private static UnreadableException after(CharBuffer before, Path file) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < before.length(); i++) {
      boolean ends = before.charAt(i) == '\n';
      line += ends ? 1 : 0;
      column = ends ? 1 : column + 1;
    }
    return new UnreadableException(
        file,
        line,
        column,
        "is not text in UTF-8; save it in that encoding, or take it out of the folder");
  }
}
