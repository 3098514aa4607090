package dev.tidemark.agent;

import dev.tidemark.agent.names.SignalNames;
import io.opentelemetry.api.metrics.DoubleCounter;
import io.opentelemetry.api.metrics.DoubleGauge;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.util.List;

/** The instruments behind all signals. */
record Instruments(
    DoubleGauge watermark,
    LongCounter records,
    LongCounter heartbeats,
    LongCounter runs,
    DoubleHistogram runDuration,
    DoubleHistogram processingLag,
    DoubleHistogram readLatency,
    DoubleHistogram queueAge,
    LongCounter bytes,
    DoubleCounter cost,
    LongCounter checks,
    DoubleGauge drift) {
  /**
   * Upper ends of buckets, seconds. Without them OpenTelemetry takes 0, 5, 10, 25 and so on, which
   * are meant for milliseconds: whether a read took less than 50 ms could not be told. A limit of
   * an objective is judged exactly when it is one of these.
   */
  private static final List<Double> READS =
      List.of(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0);

  /** For what pipelines wait and work: a second to a day. */
  private static final List<Double> WORK =
      List.of(
          1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1_800.0, 3_600.0, 7_200.0,
          14_400.0, 28_800.0, 86_400.0);

  static Instruments of(Meter meter) {
    return new Instruments(
        meter.gaugeBuilder(SignalNames.WATERMARK).setUnit("s").build(),
        counter(meter, SignalNames.RECORDS, "{record}"),
        counter(meter, SignalNames.HEARTBEAT, "{beat}"),
        counter(meter, SignalNames.RUNS, "{run}"),
        seconds(meter, SignalNames.RUN_DURATION, WORK),
        seconds(meter, SignalNames.PROCESSING_LAG, WORK),
        seconds(meter, SignalNames.READ_LATENCY, READS),
        seconds(meter, SignalNames.QUEUE_AGE, WORK),
        counter(meter, SignalNames.BYTES, "By"),
        meter.counterBuilder(SignalNames.COST).ofDoubles().setUnit("{currency}").build(),
        counter(meter, SignalNames.CHECK_RESULT, "{check}"),
        meter.gaugeBuilder(SignalNames.DRIFT).setUnit("1").build());
  }

  private static LongCounter counter(Meter meter, String name, String unit) {
    return meter.counterBuilder(name).setUnit(unit).build();
  }

  private static DoubleHistogram seconds(Meter meter, String name, List<Double> bounds) {
    return meter
        .histogramBuilder(name)
        .setUnit("s")
        .setExplicitBucketBoundariesAdvice(bounds)
        .build();
  }
}
