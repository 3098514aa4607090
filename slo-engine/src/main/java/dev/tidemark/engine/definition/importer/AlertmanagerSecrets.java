package dev.tidemark.engine.definition.importer;

import dev.tidemark.engine.definition.YamlNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Puts references where an {@code alertmanager.yml} has secrets: what stands in the file is never
 * copied, neither into the output nor into a complaint. Not thread-safe.
 */
final class AlertmanagerSecrets {
  private static final String REFERENCE = "\\$\\{[A-Za-z_][A-Za-z0-9_]*}";

  private final Map<String, String> variables = new HashMap<>();
  private final Set<String> taken = new HashSet<>();

  /**
   * Returns what refers to a secret, or empty when there is none.
   *
   * @param map that has the secret, or its file under {@code KEY_file}
   * @param variable the environment variable to use, if it is free
   */
  Optional<String> find(YamlNode map, String key, String variable) {
    Optional<YamlNode> inline = map.find(key);
    if (inline.isPresent() && !inline.get().value().isBlank()) {
      String text = inline.get().value().trim();
      return Optional.of(
          text.matches(REFERENCE) ? text : "${" + told(inline.get(), variable, "it") + "}");
    }
    return map.find(key + "_file")
        .filter(at -> !at.value().isBlank())
        .map(AlertmanagerSecrets::file);
  }

  /** Returns a reference to a file, and warns when it is found from another place now. */
  static String file(YamlNode at) {
    if (!at.value().startsWith("/")) {
      at.warn("this file is looked for from where Tidemark is started; write the whole path");
    }
    return "file:" + at.value();
  }

  /**
   * Returns the environment variable for a secret, and tells once what to set it to.
   *
   * @param what it has to be set to
   */
  String told(YamlNode secret, String variable, String what) {
    String known = variables.get(secret.place());
    if (known != null) {
      return known;
    }
    String base = name(variable);
    String name = base;
    for (int i = 2; !taken.add(name); i++) {
      name = base + "_" + i;
    }
    variables.put(secret.place(), name);
    secret.warn("the secret is not copied: set the environment variable " + name + " to " + what);
    return name;
  }

  private static String name(String text) {
    String name = text.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]+", "_");
    return name.matches("[A-Z_].*") ? name : "_" + name;
  }
}
