package dev.tidemark.alerting.route;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Where in a file the fields of one document stand. Immutable. */
final class Places {
  private final String document;
  private final Map<String, String> byPath = new HashMap<>();

  /**
   * Takes the places.
   *
   * @param document {@code file:line:column} of the document
   * @param byPath the same of each field, by its path such as {@code spec.routes[0].receiver}
   */
  Places(String document, Map<String, String> byPath) {
    this.document = document;
    byPath.forEach((path, place) -> this.byPath.put(plain(path), place));
  }

  /** Returns the place of a field; when it is not there, of what it would belong to. */
  String of(String path) {
    String rest = plain(path);
    while (!rest.isEmpty()) {
      String place = byPath.get(rest);
      if (place != null) {
        return place;
      }
      rest = rest.substring(0, Math.max(0, Math.max(rest.lastIndexOf('.'), rest.lastIndexOf('['))));
    }
    return document;
  }

  /** Fields are known by two spellings: {@code groupWait} and {@code group_wait}. */
  private static String plain(String path) {
    return path.replace("_", "").toLowerCase(Locale.ROOT);
  }
}
