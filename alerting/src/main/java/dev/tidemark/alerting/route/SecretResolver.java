package dev.tidemark.alerting.route;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Resolves references to secrets when definitions are loaded: {@code ${NAME}} anywhere in a text is
 * replaced by the environment variable; a text that begins with {@code file:} by the content of
 * that file without its last line end. Thread-safe.
 */
public final class SecretResolver {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

  private final Map<String, String> environment;

  /** Takes the environment, normally {@link System#getenv()}. */
  public SecretResolver(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * Resolves one text.
   *
   * @throws IllegalArgumentException when what it refers to is not there; the message names the
   *     reference, never a value
   */
  public Secret resolve(String text) {
    if (text.startsWith("file:")) {
      return Secret.of(content(text.substring("file:".length())));
    }
    Matcher references = REFERENCE.matcher(text);
    return Secret.of(
        references.replaceAll(found -> Matcher.quoteReplacement(variable(found.group(1)))));
  }

  private String variable(String name) {
    String value = environment.get(Objects.requireNonNull(name));
    if (value == null || value.isEmpty()) {
      throw new IllegalArgumentException(
          "the environment variable " + name + " is not set; set it before starting Tidemark");
    }
    return value;
  }

  private static String content(String file) {
    try {
      return Files.readString(Path.of(file)).stripTrailing();
    } catch (IOException | InvalidPathException e) {
      throw new IllegalArgumentException(
          "the secret's file " + file + " cannot be read: " + e.getClass().getSimpleName(), e);
    }
  }
}
