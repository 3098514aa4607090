package dev.tidemark.agent;

import dev.tidemark.agent.names.SignalNames;
import io.opentelemetry.api.metrics.DoubleCounter;
import io.opentelemetry.api.metrics.DoubleGauge;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;

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

  static Instruments of(Meter meter) {
    return new Instruments(
        meter.gaugeBuilder(SignalNames.WATERMARK).setUnit("s").build(),
        counter(meter, SignalNames.RECORDS, "{record}"),
        counter(meter, SignalNames.HEARTBEAT, "{beat}"),
        counter(meter, SignalNames.RUNS, "{run}"),
        seconds(meter, SignalNames.RUN_DURATION),
        seconds(meter, SignalNames.PROCESSING_LAG),
        seconds(meter, SignalNames.READ_LATENCY),
        seconds(meter, SignalNames.QUEUE_AGE),
        counter(meter, SignalNames.BYTES, "By"),
        meter.counterBuilder(SignalNames.COST).ofDoubles().setUnit("{currency}").build(),
        counter(meter, SignalNames.CHECK_RESULT, "{check}"),
        meter.gaugeBuilder(SignalNames.DRIFT).setUnit("1").build());
  }

  private static LongCounter counter(Meter meter, String name, String unit) {
    return meter.counterBuilder(name).setUnit(unit).build();
  }

  private static DoubleHistogram seconds(Meter meter, String name) {
    return meter.histogramBuilder(name).setUnit("s").build();
  }
}
