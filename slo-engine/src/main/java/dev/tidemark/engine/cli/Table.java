package dev.tidemark.engine.cli;

import dev.tidemark.engine.terminal.Columns;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Rows in aligned columns for a terminal. */
final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  Table(String... head) {
    rows.add(List.of(head));
  }

  void row(String... cells) {
    rows.add(List.of(cells));
  }

  /**
   * Prints a sentence instead when there are no rows: a header alone looks like an answer that was
   * cut off.
   *
   * @param empty that there are none, and what to do
   */
  void print(PrintWriter out, String empty) {
    if (rows.size() == 1) {
      out.println(empty);
      out.flush();
    } else {
      print(out);
    }
  }

  void print(PrintWriter out) {
    Columns.aligned(rows).lines().forEach(out::println);
    out.flush();
  }
}
