package dev.tidemark.alerting.route;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Says which of the known names was probably meant. */
public final class Nearest {
  private static final int FARTHEST = 3;
  private static final LevenshteinDistance DISTANCE = new LevenshteinDistance(FARTHEST);

  private Nearest() {}

  /** Returns {@code did you mean 'x'? known are x, y}, or only the latter when nothing is near. */
  public static String hint(String written, Collection<String> known) {
    Optional<String> nearest =
        known.stream()
            .filter(name -> distance(written, name) <= FARTHEST)
            .min(Comparator.comparingInt(name -> distance(written, name)));
    String all =
        known.isEmpty()
            ? "none is known"
            : "known are " + String.join(", ", known.stream().sorted().toList());
    return nearest.map(name -> "did you mean '" + name + "'? ").orElse("") + all;
  }

  private static int distance(String a, String b) {
    int distance = DISTANCE.apply(a.toLowerCase(Locale.ROOT), b.toLowerCase(Locale.ROOT));
    // Two short words are always near; more than half of it must be right.
    return distance < 0 || distance * 2 > b.length() ? Integer.MAX_VALUE : distance;
  }
}
