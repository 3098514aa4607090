package dev.tidemark.engine.terminal;

import java.util.List;

/** Rows of cells in aligned columns. Stateless. */
public final class Columns {
  private static final int GAP = 2;

  private Columns() {}

  /**
   * Returns one line for each row, each ended by a line break; columns are as wide as their widest
   * cell.
   *
   * @param rows at least one, all with as many cells as the first
   */
  public static String aligned(List<List<String>> rows) {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        line.append(row.get(i));
        if (i < columns - 1) {
          line.append(" ".repeat(widths[i] - row.get(i).length() + GAP));
        }
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
