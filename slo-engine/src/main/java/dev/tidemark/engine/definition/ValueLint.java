package dev.tidemark.engine.definition;

import dev.tidemark.runbooks.RunbookLibrary;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Warns of words that may be anything and of which only some mean something, when they look like a
 * slip. Each would be taken in silence otherwise, and be noticed by the page that does not come.
 * Stateless.
 */
final class ValueLint {
  private static final String CRITICAL = "critical";

  private ValueLint() {}

  /**
   * A tier is a word of the organisation's own; the one that decides whether a heartbeat pages is
   * {@code critical}.
   */
  static void tier(YamlNode tier) {
    String word = tier.value().strip().toLowerCase(Locale.ROOT);
    if (!word.equals(CRITICAL) && YamlNode.nearest(word, Set.of(CRITICAL)).isPresent()) {
      tier.warn(
          "the tier '"
              + tier.value()
              + "' is a tier of its own, whose heartbeats are tickets and page nobody; did you mean '"
              + CRITICAL
              + "'?");
    }
  }

  /** Without its runbook a page carries no steps. */
  static void runbook(YamlNode runbook) {
    String id = runbook.value().strip();
    Set<String> known = RunbookLibrary.idsOfOurs();
    if (!id.isEmpty() && !known.contains(id)) {
      runbook.warn(
          "there is no runbook '" + runbook.value() + "'" + YamlNode.suggestion(id, known));
    }
  }

  /**
   * The severity of an OpenSLO condition is any word.
   *
   * @param pages those that page; every other is a ticket
   */
  static void severity(YamlNode severity, Set<String> pages) {
    String word = severity.value().strip().toLowerCase(Locale.ROOT);
    Optional<String> meant = YamlNode.nearest(word, pages);
    // Short names of severities all look alike: sev2 is no slip for sev1.
    boolean isNumbered = word.chars().anyMatch(Character::isDigit);
    if (!pages.contains(word)
        && !isNumbered
        && meant.filter(near -> near.length() > 3).isPresent()) {
      severity.warn(
          "the severity '"
              + severity.value()
              + "' is read as a ticket; did you mean '"
              + meant.get()
              + "', which pages?");
    }
  }
}
