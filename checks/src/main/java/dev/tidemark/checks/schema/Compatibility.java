package dev.tidemark.checks.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which side of a change has to go on working.
 *
 * <p>For tables, not for messages: {@link #BACKWARD} is what a reader of the table feels. (The
 * Confluent schema registry calls that FORWARD, because there the new schema reads old messages.)
 */
public enum Compatibility {
  /**
   * What reads the old table can read the new one: nothing it uses is gone or has grown narrower.
   */
  BACKWARD,
  /** What writes or reads by the new table can do with the old one. */
  FORWARD,
  /** Both. */
  FULL;

  /**
   * One thing that differs.
   *
   * @param breaking whether somebody breaks
   * @param column its name
   * @param message what differs and who breaks
   */
  public record Finding(boolean breaking, String column, String message) {}

  /**
   * Reads {@code backward}, {@code forward} or {@code full}.
   *
   * @throws IllegalArgumentException for any other word, naming these
   */
  public static Compatibility parse(String word) {
    for (Compatibility mode : values()) {
      if (mode.name().equalsIgnoreCase(word)) {
        return mode;
      }
    }
    throw new IllegalArgumentException("'" + word + "' is no mode; use backward, forward or full");
  }

  /** Returns everything that differs, in the order of the old columns and then of the new. */
  public List<Finding> compare(TableSchema old, TableSchema now) {
    List<Finding> findings = new ArrayList<>();
    for (Column before : old.columns()) {
      now.column(before.name())
          .ifPresentOrElse(
              after -> changed(before, after, findings), () -> removed(before, old, now, findings));
    }
    for (Column after : now.columns()) {
      if (old.column(after.name()).isEmpty()) {
        boolean breaking = this != BACKWARD && !after.nullable();
        findings.add(
            new Finding(
                breaking,
                after.name(),
                "added as "
                    + describe(after)
                    + (breaking ? ": what writes by the old table gives no value for it" : "")));
      }
    }
    return findings;
  }

  private void removed(Column before, TableSchema old, TableSchema now, List<Finding> findings) {
    List<String> candidates =
        now.columns().stream()
            .filter(column -> old.column(column.name()).isEmpty())
            .filter(column -> before.type().fitsInto(column.type()))
            .map(Column::name)
            .toList();
    boolean breaking = this != FORWARD;
    findings.add(
        new Finding(
            breaking,
            before.name(),
            "removed"
                + (candidates.isEmpty()
                    ? ""
                    : " (renamed to " + String.join(" or ", candidates) + "?)")
                + (breaking ? ": what reads it finds nothing" : "")));
  }

  private void changed(Column before, Column after, List<Finding> findings) {
    boolean same = before.type().fitsInto(after.type()) && after.type().fitsInto(before.type());
    if (!same) {
      // A reader of the old type meets new values; a writer of the new one, the old column.
      boolean wider = before.type().fitsInto(after.type());
      boolean narrower = after.type().fitsInto(before.type());
      boolean breaking =
          switch (this) {
            case BACKWARD -> !wider;
            case FORWARD -> !narrower;
            case FULL -> true;
          };
      findings.add(
          new Finding(
              breaking,
              before.name(),
              "type "
                  + before.type().text()
                  + " became "
                  + after.type().text()
                  + (wider ? " (wider)" : narrower ? " (narrower)" : " (another kind)")));
    }
    if (before.nullable() != after.nullable()) {
      boolean breaking = after.nullable() ? this != FORWARD : this != BACKWARD;
      findings.add(
          new Finding(
              breaking,
              before.name(),
              after.nullable()
                  ? "may be missing now" + (breaking ? ": what reads it does not expect that" : "")
                  : "may not be missing any more"
                      + (breaking ? ": what writes by the old table may leave it out" : "")));
    }
  }

  private static String describe(Column column) {
    return column.type().text() + (column.nullable() ? "" : " not null").toLowerCase(Locale.ROOT);
  }
}
