package dev.tidemark.engine.model;

/**
 * The stable name of one objective, such as {@code orders-freshness}. It survives reloads: state,
 * budgets and alarms hang on it.
 *
 * @param value what people type; not blank
 */
public record ObjectiveId(String value) implements Comparable<ObjectiveId> {
  /** Checks that it is not blank. */
  public ObjectiveId {
    if (value.isBlank()) {
      throw new IllegalArgumentException("an objective needs a name");
    }
  }

  @Override
  public int compareTo(ObjectiveId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
