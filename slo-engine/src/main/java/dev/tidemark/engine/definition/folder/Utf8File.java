package dev.tidemark.engine.definition.folder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads text that people wrote, and says where it is none. Stateless. */
public final class Utf8File {
  private Utf8File() {}

  /**
   * Reads a whole file.
   *
   * @throws IOException naming the file; where it is not UTF-8, {@code file:line:column} too
   */
  public static String read(Path file) throws IOException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (AccessDeniedException e) {
      // Java's message is the path alone, which reads like no problem at all.
      throw new IOException(file + " may not be read by this user", e);
    }
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer text = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(in, text, true);
    text.flip();
    if (result.isError()) {
      throw new IOException(
          file
              + place(text)
              + ": is not text in UTF-8; save it in that encoding, or take it out of the folder");
    }
    return text.toString();
  }

  /** Returns line and column, both from 1, of what follows a text. */
  private static String place(CharBuffer before) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < before.length(); i++) {
      boolean ends = before.charAt(i) == '\n';
      line += ends ? 1 : 0;
      column = ends ? 1 : column + 1;
    }
    return ":" + line + ":" + column;
  }
}
