package dev.tidemark.alerting.route;

import java.util.Collection;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** The way out of a name that is not known. */
public final class Suggestion {
  private Suggestion() {}

  /** Returns the nearest known name as a question; the known names when none is near. */
  public static String of(String name, Collection<String> known) {
    if (known.isEmpty()) {
      return "; none is defined";
    }
    return nearest(name, known)
        .map(near -> "; did you mean '" + near + "'?")
        .orElse("; known are " + String.join(", ", new TreeSet<>(known)));
  }

  /** Returns the nearest known name, empty when none is near. */
  public static Optional<String> nearest(String name, Collection<String> known) {
    Optional<String> nearest = Optional.empty();
    int best = Math.max(2, name.length() / 3) + 1;
    for (String candidate : new TreeSet<>(known)) {
      int distance = new LevenshteinDistance(best).apply(name, candidate);
      if (distance >= 0 && distance < best) {
        best = distance;
        nearest = Optional.of(candidate);
      }
    }
    return nearest;
  }
}
