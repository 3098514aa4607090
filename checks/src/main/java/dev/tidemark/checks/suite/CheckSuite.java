package dev.tidemark.checks.suite;

import dev.tidemark.checks.schema.Compatibility;
import dev.tidemark.checks.sql.Database;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

/**
 * What is looked at together. Immutable.
 *
 * @param name of the suite
 * @param dataset that the checks are about
 * @param source database that is asked
 * @param checks in order
 */
public record CheckSuite(String name, String dataset, Database.Source source, List<Check> checks) {
  /** Copies the list. */
  public CheckSuite {
    checks = List.copyOf(checks);
  }

  /** One question. */
  public sealed interface Check {
    /** Its name on signals and in output. */
    String name();
  }

  /** Rows lie between two numbers, both included. */
  public record RowCount(String name, Database.Table table, long atLeast, long atMost)
      implements Check {}

  /**
   * The newest time in a column is at most so old.
   *
   * @param zone in which times without a zone are meant
   */
  public record Freshness(
      String name, Database.Table table, String column, Duration within, ZoneId zone)
      implements Check {}

  /** How a distribution is compared. */
  public enum Method {
    /** Population stability index over the reference's quantiles, or its values. */
    PSI,
    /** Kolmogorov-Smirnov distance; numbers only. */
    KS
  }

  /**
   * A column is distributed as in a reference.
   *
   * @param table the rows that are judged
   * @param reference the rows that are taken for normal
   * @param categorical whether the values are taken as text
   * @param below the distance at which it has drifted
   * @param atLeastRows with fewer on one side there is not enough data
   */
  public record Drift(
      String name,
      Database.Table table,
      Database.Table reference,
      String column,
      boolean categorical,
      Method method,
      double below,
      int atLeastRows)
      implements Check {}

  /** A table still has the shape of a snapshot. */
  public record Schema(String name, String table, Path snapshot, Compatibility mode)
      implements Check {}
}
