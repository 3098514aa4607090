package dev.tidemark.engine.definition;

import dev.tidemark.engine.model.Series;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * How late a signal may change the past, by who sent it. Lateness is the engine's time at which a
 * signal is taken less the signal's event time. Immutable.
 *
 * @param usual of senders that are not named
 * @param bySource of the senders that declare their own: a pipeline's {@code service.name}, or the
 *     name of a connector
 */
public record AllowedLateness(Duration usual, Map<String, Duration> bySource) {
  /** An hour, whoever sends. */
  public static final AllowedLateness DEFAULT = of(Duration.ofHours(1));

  /** Copies the map. */
  public AllowedLateness {
    bySource = Map.copyOf(bySource);
  }

  /** The same for everybody. */
  public static AllowedLateness of(Duration everybody) {
    return new AllowedLateness(everybody, Map.of());
  }

  /** Returns how late a signal of this series may be: by its connector, else by its pipeline. */
  public Duration of(Series series) {
    String connector = bySource.isEmpty() ? null : series.attribute("connector");
    Duration ofConnector = connector == null ? null : bySource.get(connector);
    return ofConnector == null ? bySource.getOrDefault(series.pipeline(), usual) : ofConnector;
  }

  /** Returns the greatest of them: for so long the past may change. */
  public Duration longest() {
    Duration longest = usual;
    for (Duration own : bySource.values()) {
      longest = own.compareTo(longest) > 0 ? own : longest;
    }
    return longest;
  }

  /** Returns words such as {@code PT1H, orders-cdc PT6H}. */
  @Override
  public String toString() {
    StringBuilder words = new StringBuilder(usual.toString());
    new TreeMap<>(bySource)
        .forEach((source, own) -> words.append(", ").append(source).append(' ').append(own));
    return words.toString();
  }
}
