package dev.tidemark.checks.schema;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The columns of a table at one moment. Names are compared without regard to case, as databases do.
 * Immutable.
 *
 * @param columns in order
 */
public record TableSchema(List<Column> columns) {
  /** Copies the list. */
  public TableSchema {
    columns = List.copyOf(columns);
  }

  /** Finds a column. */
  public Optional<Column> column(String name) {
    return columns.stream().filter(column -> key(column.name()).equals(key(name))).findFirst();
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
