package dev.tidemark.agent.names;

/** The names of Tidemark's signals and attributes on the wire, written once. */
public final class SignalNames {
  /** Gauge, seconds since the epoch: event time of the newest record processed. */
  public static final String WATERMARK = "tidemark.watermark";

  /** Counter with {@link #OUTCOME}: records. */
  public static final String RECORDS = "tidemark.records";

  /** Counter: the connector lives. */
  public static final String HEARTBEAT = "tidemark.heartbeat";

  /** Counter with {@link #OUTCOME}: runs that ended. */
  public static final String RUNS = "tidemark.runs";

  /** Histogram, seconds: how long a run took. */
  public static final String RUN_DURATION = "tidemark.run.duration";

  /** Histogram, seconds: time of processing less event time. */
  public static final String PROCESSING_LAG = "tidemark.processing.lag";

  /** Histogram, seconds: how long a read took. */
  public static final String READ_LATENCY = "tidemark.read.latency";

  /** Histogram, seconds: how long a task waited. */
  public static final String QUEUE_AGE = "tidemark.queue.age";

  /** Counter, bytes processed. */
  public static final String BYTES = "tidemark.bytes";

  /** Counter, currency units spent. */
  public static final String COST = "tidemark.cost";

  /** Counter with {@link #CHECK} and {@link #OUTCOME}: results of checks. */
  public static final String CHECK_RESULT = "tidemark.check";

  /** Gauge with {@link #FEATURE} and {@link #METHOD}: distance from the baseline. */
  public static final String DRIFT = "tidemark.drift";

  /** Counter: requests that the agent had to give up. */
  public static final String AGENT_DROPPED = "tidemark.agent.dropped";

  /** Attribute: the dataset. */
  public static final String DATASET = "dataset";

  /** Attribute: the partition. */
  public static final String PARTITION = "partition";

  /** Attribute: the run. */
  public static final String RUN_ID = "run.id";

  /** Attribute: the connector. */
  public static final String CONNECTOR = "connector";

  /** Attribute: how it went. */
  public static final String OUTCOME = "outcome";

  /** Attribute: the check. */
  public static final String CHECK = "check";

  /** Attribute: the feature. */
  public static final String FEATURE = "feature";

  /** Attribute: how the distance was measured. */
  public static final String METHOD = "method";

  /** Resource attribute: the pipeline. */
  public static final String SERVICE_NAME = "service.name";

  /** Resource attribute: the domain. */
  public static final String DOMAIN = "tidemark.domain";

  private SignalNames() {}
}
