package dev.tidemark.alerting.notify.http;

import java.net.URI;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Takes secrets out of texts. Of an address that is a secret its path and query are taken out too,
 * because that is what an error page repeats. Immutable.
 */
final class Redaction {
  private static final String INSTEAD = "[secret]";

  /** A shorter path, such as /hook, would tear other words apart and hide nothing. */
  private static final int LEAST_OF_PATH = 8;

  /** Longest first: a piece must not break up what contains it. */
  private final List<String> pieces;

  Redaction(List<String> secrets) {
    Set<String> all = new LinkedHashSet<>(secrets);
    for (String secret : secrets) {
      if (secret.startsWith("http://") || secret.startsWith("https://")) {
        URI uri = URI.create(secret);
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        all.remove(secret);
        if (path.length() >= LEAST_OF_PATH) {
          all.add(path);
        }
        if (uri.getRawQuery() != null) {
          all.add(uri.getRawQuery());
        }
      } else if (secret.startsWith("Bearer ") || secret.startsWith("Basic ")) {
        all.add(secret.substring(secret.indexOf(' ') + 1));
      }
    }
    pieces =
        all.stream()
            .filter(piece -> !piece.isBlank())
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
  }

  String clean(String text) {
    String clean = text;
    for (String piece : pieces) {
      clean = clean.replace(piece, INSTEAD);
    }
    return clean;
  }
}
