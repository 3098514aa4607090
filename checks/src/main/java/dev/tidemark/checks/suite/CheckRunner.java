package dev.tidemark.checks.suite;

import dev.tidemark.agent.DatasetSignals;
import dev.tidemark.checks.CheckResult;
import dev.tidemark.checks.CheckResult.Outcome;
import dev.tidemark.checks.drift.CategoricalBaseline;
import dev.tidemark.checks.drift.KolmogorovSmirnov;
import dev.tidemark.checks.drift.NumericBaseline;
import dev.tidemark.checks.schema.Compatibility;
import dev.tidemark.checks.schema.SchemaFile;
import dev.tidemark.checks.sql.Database;
import dev.tidemark.checks.suite.CheckSuite.Check;
import dev.tidemark.checks.suite.CheckSuite.Drift;
import dev.tidemark.checks.suite.CheckSuite.Freshness;
import dev.tidemark.checks.suite.CheckSuite.Method;
import dev.tidemark.checks.suite.CheckSuite.RowCount;
import dev.tidemark.checks.suite.CheckSuite.Schema;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs suites and sends what came of them: {@code tidemark.check} for what passed or failed, {@code
 * tidemark.drift} for distances. What could not be asked, or had too little data, sends nothing:
 * nothing is known then. Not thread-safe.
 */
public final class CheckRunner {
  /** Rows that a drift check reads on each side; more would not change the verdict. */
  private static final int ROWS_AT_MOST = 1_000_000;

  private static final int BINS = 10;

  private final InstantSource clock;

  /** Judges freshness by this clock. */
  public CheckRunner(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Runs the checks of a suite, one after the other; one that breaks does not keep the next from
   * running.
   *
   * @param signals where outcomes are sent
   * @param progress takes each result at once
   * @return all results, in order
   */
  public List<CheckResult> run(
      CheckSuite suite, DatasetSignals signals, Consumer<CheckResult> progress) {
    List<CheckResult> results = new ArrayList<>();
    try (Database database = Database.connect(suite.source())) {
      for (Check check : suite.checks()) {
        CheckResult result = run(suite, check, database, signals);
        send(result, signals);
        results.add(result);
        progress.accept(result);
      }
    } catch (SQLException e) {
      for (Check check : suite.checks().subList(results.size(), suite.checks().size())) {
        CheckResult result =
            new CheckResult(
                check.name(),
                suite.dataset(),
                Outcome.ERROR,
                suite.source() + " cannot be asked: " + reason(e, suite.source()));
        results.add(result);
        progress.accept(result);
      }
    }
    return results;
  }

  private static void send(CheckResult result, DatasetSignals signals) {
    if (result.outcome() == Outcome.PASSED || result.outcome() == Outcome.FAILED) {
      signals.check(result.check(), result.outcome() == Outcome.PASSED);
    }
  }

  private CheckResult run(
      CheckSuite suite, Check check, Database database, DatasetSignals signals) {
    Verdict verdict;
    try {
      if (check instanceof RowCount rowCount) {
        verdict = rowCount(rowCount, database);
      } else if (check instanceof Freshness freshness) {
        verdict = freshness(freshness, database);
      } else if (check instanceof Schema schema) {
        verdict = schema(schema, database);
      } else {
        verdict = drift((Drift) check, database, signals);
      }
    } catch (SQLException e) {
      verdict = new Verdict(Outcome.ERROR, reason(e, suite.source()));
    } catch (IOException | IllegalArgumentException e) {
      verdict = new Verdict(Outcome.ERROR, String.valueOf(e.getMessage()));
    }
    return new CheckResult(check.name(), suite.dataset(), verdict.outcome, verdict.message);
  }

  private record Verdict(Outcome outcome, String message) {
    static Verdict of(boolean passed, String message) {
      return new Verdict(passed ? Outcome.PASSED : Outcome.FAILED, message);
    }
  }

  /** Some drivers put the account into their message. */
  private static String reason(SQLException e, Database.Source source) {
    String message = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
    return source.password().isEmpty() ? message : message.replace(source.password(), "***");
  }

  private static Verdict rowCount(RowCount check, Database database) throws SQLException {
    long rows = database.count(check.table());
    boolean passed = rows >= check.atLeast() && rows <= check.atMost();
    return Verdict.of(
        passed,
        rows
            + " rows, wanted "
            + (check.atMost() == Long.MAX_VALUE
                ? "at least " + check.atLeast()
                : check.atLeast() + " to " + check.atMost()));
  }

  private Verdict freshness(Freshness check, Database database) throws SQLException {
    Optional<Instant> newest = database.newest(check.table(), check.column(), check.zone());
    if (newest.isEmpty()) {
      return new Verdict(Outcome.FAILED, "there is no " + check.column() + " at all");
    }
    Duration age = Duration.between(newest.get(), clock.instant());
    return Verdict.of(
        age.compareTo(check.within()) <= 0,
        "the newest "
            + check.column()
            + " is "
            + newest.get()
            + ", "
            + words(age)
            + " old; wanted at most "
            + words(check.within()));
  }

  private static String words(Duration duration) {
    long seconds = Math.abs(duration.toSeconds());
    String sign = duration.isNegative() ? "-" : "";
    return sign
        + (seconds < 120
            ? seconds + " s"
            : seconds < 7_200
                ? seconds / 60 + " min"
                : seconds < 172_800 ? seconds / 3_600 + " h" : seconds / 86_400 + " d");
  }

  private static Verdict schema(Schema check, Database database) throws SQLException, IOException {
    List<Compatibility.Finding> findings =
        check.mode().compare(SchemaFile.read(check.snapshot()), database.schema(check.table()));
    List<String> breaking =
        findings.stream()
            .filter(Compatibility.Finding::breaking)
            .map(finding -> finding.column() + " " + finding.message())
            .toList();
    return Verdict.of(
        breaking.isEmpty(),
        breaking.isEmpty()
            ? findings.size() + " differences, none of them breaks"
            : String.join("; ", breaking));
  }

  private static Verdict drift(Drift check, Database database, DatasetSignals signals)
      throws SQLException {
    double distance;
    double noise;
    int before;
    int now;
    if (check.categorical()) {
      List<@Nullable String> reference =
          database.texts(check.reference(), check.column(), ROWS_AT_MOST);
      List<@Nullable String> current = database.texts(check.table(), check.column(), ROWS_AT_MOST);
      before = reference.size();
      now = current.size();
      if (before < check.atLeastRows() || now < check.atLeastRows()) {
        return tooFew(check, before, now);
      }
      CategoricalBaseline baseline = CategoricalBaseline.of(reference);
      distance = baseline.psi(current);
      noise = baseline.noiseThreshold(now);
    } else {
      double[] reference = database.numbers(check.reference(), check.column(), ROWS_AT_MOST);
      double[] current = database.numbers(check.table(), check.column(), ROWS_AT_MOST);
      before = reference.length;
      now = current.length;
      if (before < check.atLeastRows() || now < check.atLeastRows()) {
        return tooFew(check, before, now);
      }
      if (check.method() == Method.KS) {
        distance = KolmogorovSmirnov.of(reference, current).distance();
        noise = KolmogorovSmirnov.noiseThreshold(before, now);
      } else {
        NumericBaseline baseline = NumericBaseline.of(reference, BINS);
        distance = baseline.psi(current);
        noise = baseline.noiseThreshold(now);
      }
    }
    String method = check.method().name().toLowerCase(Locale.ROOT);
    signals.drift(check.column(), method, distance);
    // A distance that chance alone gives once in a thousand times is no drift, however it is named.
    double limit = Math.max(check.below(), noise);
    return Verdict.of(
        distance < limit,
        String.format(
            Locale.ROOT,
            "%s of %s is %.4f, wanted below %.4f%s (%d rows against %d)",
            method,
            check.column(),
            distance,
            limit,
            limit > check.below() ? ", what chance alone can give" : "",
            now,
            before));
  }

  private static Verdict tooFew(Drift check, int before, int now) {
    return new Verdict(
        Outcome.NOT_ENOUGH_DATA,
        now
            + " rows against "
            + before
            + " are too few to compare; "
            + check.atLeastRows()
            + " on each side are needed (atLeastRows)");
  }
}
