package dev.tidemark.engine.planned;

import dev.tidemark.engine.definition.PlannedTimes;
import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.Series;
import dev.tidemark.engine.model.SignalBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a declared backfill says as a signal, so that its time can be an objective. Stateless. */
public final class Backfills {
  private Backfills() {}

  /**
   * Returns a {@code tidemark.run.duration} with {@code run.type=backfill} for every name that it
   * covers, in s; of work that recurs, the time that is under way. The one bucket ends at the
   * duration itself, so that any limit judges it exactly.
   */
  public static SignalBatch ended(PlannedWork work, Instant at) {
    Instant begun =
        work.underWay(at.minusMillis(1)).map(PlannedTimes.Span::from).orElse(work.startsAt());
    double seconds = Duration.between(begun, at).toMillis() / 1e3;
    List<MetricPoint> points = new ArrayList<>();
    for (String name : work.covers()) {
      Series series =
          Series.of(
              "tidemark.run.duration",
              MetricKind.DELTA_HISTOGRAM,
              "s",
              Map.of("service.name", name),
              Map.of("dataset", name, "run.type", "backfill"));
      points.add(
          new MetricPoint(
              series,
              nanos(begun),
              nanos(at),
              seconds,
              1,
              new double[] {seconds},
              new long[] {1, 0}));
    }
    return SignalBatch.ofPoints(points);
  }

  private static long nanos(Instant at) {
    return Math.addExact(Math.multiplyExact(at.getEpochSecond(), 1_000_000_000L), at.getNano());
  }
}
