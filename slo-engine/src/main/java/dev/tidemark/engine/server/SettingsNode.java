package dev.tidemark.engine.server;

import dev.tidemark.engine.definition.Durations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A map of settings as {@code tidemark.yaml} has it, and where it stands. A text {@code ${NAME}} is
 * taken from the environment. Whatever is not as it has to be is a {@link StartupException} that
 * names the file and the setting. Immutable.
 */
final class SettingsNode {
  private final Path file;
  private final Map<String, String> environment;

  /** Where it stands, such as {@code cluster}; empty for the whole file. */
  private final String place;

  private final Map<?, ?> settings;

  private SettingsNode(
      Path file, Map<String, String> environment, String place, Map<?, ?> settings) {
    this.file = file;
    this.environment = environment;
    this.place = place;
    this.settings = settings;
  }

  /**
   * Returns what a file says.
   *
   * @param document as YAML gave it
   * @param known names of settings; any other is a problem
   */
  static SettingsNode of(
      Path file, Map<String, String> environment, Object document, Set<String> known)
      throws StartupException {
    if (!(document instanceof Map<?, ?> map)) {
      throw problem(file, "the file", "has to be a map of settings");
    }
    SettingsNode root = new SettingsNode(file, environment, "", map);
    root.refuseUnknown(known);
    return root;
  }

  /** Whether a setting is there, be it empty. */
  boolean has(String key) {
    return settings.containsKey(key);
  }

  /** Returns a setting as YAML gave it. */
  @Nullable Object value(String key) {
    return settings.get(key);
  }

  /** Returns a setting that is a map. */
  SettingsNode map(String key, Set<String> known) throws StartupException {
    return map(value(key), key, known);
  }

  /** Returns an element, which is a map, of a setting that is a list. */
  SettingsNode element(String key, int index, Set<String> known) throws StartupException {
    return map(list(key).get(index), key + "[" + index + "]", known);
  }

  private SettingsNode map(@Nullable Object value, String key, Set<String> known)
      throws StartupException {
    if (!(value instanceof Map<?, ?> map)) {
      throw problem(key, "has to be a map of settings");
    }
    SettingsNode node = new SettingsNode(file, environment, path(key), map);
    node.refuseUnknown(known);
    return node;
  }

  /** Returns a setting that is a list. */
  List<?> list(String key) throws StartupException {
    if (value(key) instanceof List<?> list) {
      return list;
    }
    throw problem(key, "has to be a list");
  }

  /** Returns a text, or another one when it is not there. */
  String text(String key, String otherwise) throws StartupException {
    Object value = value(key);
    if (value == null) {
      return otherwise;
    }
    String text = value.toString();
    if (text.startsWith("${") && text.endsWith("}")) {
      String name = text.substring(2, text.length() - 1);
      String found = environment.get(name);
      if (found == null) {
        throw problem(key, "wants the environment variable " + name + ", which is not set");
      }
      return found;
    }
    return text;
  }

  /**
   * Returns a duration.
   *
   * @param otherwise as it would be written, when it is not there
   * @param fits which ones are allowed
   * @param rule what it has to be, such as {@code has to be a duration below 24h}
   */
  Duration length(String key, String otherwise, Predicate<Duration> fits, String rule)
      throws StartupException {
    return Durations.parse(text(key, otherwise)).filter(fits).orElseThrow(() -> problem(key, rule));
  }

  private void refuseUnknown(Set<String> known) throws StartupException {
    for (Object key : settings.keySet()) {
      if (!known.contains(String.valueOf(key))) {
        throw problem(
            String.valueOf(key),
            "is not a setting; known are " + String.join(", ", known.stream().sorted().toList()));
      }
    }
  }

  private String path(String key) {
    return place.isEmpty() ? key : place + "." + key;
  }

  /** Says what is wrong with a setting. */
  StartupException problem(String key, String message) {
    return problem(file, path(key), message);
  }

  /** Says what is wrong with all of it. */
  StartupException problem(@Nullable String message) {
    return problem(file, place, message);
  }

  private static StartupException problem(Path file, String setting, @Nullable String message) {
    return new StartupException(file + ": " + setting + " " + message);
  }
}
