package dev.tidemark.engine.definition.importer;

import dev.tidemark.engine.definition.YamlNode;
import java.util.Optional;
import java.util.Set;

/** Reads queries where they stand, and complains there. */
final class Queries {
  private static final String LEFT_OUT = ", so this objective is left out; write it by hand";

  private Queries() {}

  /** What may turn out to say more than selectors can. */
  interface Reading<T> {
    T read() throws Refused;
  }

  /** Reads a member of a map as a counter in {@code rate} or {@code increase}. */
  static Optional<PromQuery> rated(YamlNode map, String key, Set<String> windows) {
    return map.required(key)
        .flatMap(query -> at(map, key, () -> PromSelector.rated(query, windows)))
        .map(query -> noted(map, key, query));
  }

  /** Reads a member of a map as a bare selector. */
  static Optional<PromQuery> bare(YamlNode map, String key, Set<String> windows) {
    return map.required(key)
        .flatMap(query -> at(map, key, () -> PromSelector.bare(query, windows)))
        .map(query -> noted(map, key, query));
  }

  /** Reads at a member of a map, or complains there. */
  static <T> Optional<T> at(YamlNode map, String key, Reading<T> reading) {
    try {
      return Optional.of(reading.read());
    } catch (Refused e) {
      map.find(key).orElse(map).error(e.getMessage() + LEFT_OUT);
      return Optional.empty();
    }
  }

  /** Warns of what was read in a narrower sense than it was written. */
  static PromQuery noted(YamlNode map, String key, PromQuery query) {
    query.notes().forEach(note -> map.find(key).orElse(map).warn(note));
    return query;
  }
}
