package dev.tidemark.engine.definition;

import dev.tidemark.engine.definition.BurnRateCondition.Severity;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Whether a broken promise may wake somebody when its owner does not say. What the owner says
 * counts, whatever stands here. Stateless.
 *
 * <ul>
 *   <li>{@code catalog} and {@code schema} are tickets: a gap in the metadata, or a schema that
 *       will not fit, can wait until morning. What they break is told by what breaks.
 *   <li>{@code heartbeat} pages for a feed whose label {@code tier} is {@code critical}, and is a
 *       ticket with every other tier. Without a tier it pages: nobody has said that it can wait.
 *   <li>Everything else pages, lost data ({@code completeness}) and a breach ({@code access}) among
 *       it.
 * </ul>
 */
final class Urgency {
  private static final Set<String> CAN_WAIT = Set.of("catalog", "schema");

  private Urgency() {}

  /**
   * Returns the most that a promise does.
   *
   * @param kind such as {@code freshness}
   * @param labels of the objective
   */
  static Severity most(String kind, Map<String, String> labels) {
    if (CAN_WAIT.contains(kind)) {
      return Severity.TICKET;
    }
    String tier = labels.getOrDefault("tier", "").strip().toLowerCase(Locale.ROOT);
    return kind.equals("heartbeat") && !tier.isEmpty() && !tier.equals("critical")
        ? Severity.TICKET
        : Severity.PAGE;
  }
}
