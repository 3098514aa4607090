package dev.tidemark.alerting.notify.http;

import java.net.URI;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Takes secrets out of texts. Of an address that is a secret the host may be seen; its path, its
 * query and the long pieces of both may not, because those are what an error page repeats.
 * Immutable.
 */
final class Redaction {
  private static final String INSTEAD = "[secret]";

  /** A shorter path, such as /hook, is no secret and would tear other words apart. */
  private static final int LEAST_OF_PATH = 12;

  private static final int LEAST_OF_PIECE = 16;
  private static final Pattern BETWEEN = Pattern.compile("[/&=?]");

  /** Longest first: a piece must not break up what contains it. */
  private final List<String> pieces;

  Redaction(List<String> secrets) {
    Set<String> all = new LinkedHashSet<>();
    for (String secret : secrets) {
      if (secret.startsWith("http://") || secret.startsWith("https://")) {
        URI uri = URI.create(secret);
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        String whole = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
        addLong(all, whole, LEAST_OF_PATH);
        addLong(all, path, LEAST_OF_PATH);
        BETWEEN.splitAsStream(whole).forEach(piece -> addLong(all, piece, LEAST_OF_PIECE));
      } else {
        addLong(all, secret, 1);
        if (secret.startsWith("Bearer ") || secret.startsWith("Basic ")) {
          addLong(all, secret.substring(secret.indexOf(' ') + 1), 1);
        }
      }
    }
    pieces = all.stream().sorted(Comparator.comparingInt(String::length).reversed()).toList();
  }

  private static void addLong(Set<String> all, String piece, int least) {
    if (piece.strip().length() >= least) {
      all.add(piece);
    }
  }

  String clean(String text) {
    String clean = text;
    for (String piece : pieces) {
      clean = clean.replace(piece, INSTEAD);
    }
    return clean;
  }
}
