package dev.tidemark.engine.ingest;

import dev.tidemark.engine.ingest.openlineage.RunTracker;
import dev.tidemark.engine.ingest.otlp.OtlpDecoder;
import dev.tidemark.engine.ingest.otlp.OtlpDecoder.Signal;
import dev.tidemark.engine.store.SignalSink;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.time.Clock;

/**
 * The doors for signals: OTLP over HTTP and gRPC, OpenLineage, pings. Whoever mounts them puts
 * authorisation in front, leaves bodies unread (no body handler, no decompression by the server)
 * and pauses a request while it decides. Thread-safe.
 */
public final class IngestRoutes {
  /** Under this key of the routing context the sender's name is looked up, for rates. */
  public static final String SENDER = "tidemark.actor";

  private final Intake intake;
  private final OtlpDecoder decoder;
  private final GrpcIngest grpc;
  private final RunTracker runs;
  private final Clock clock;

  /**
   * Creates the doors.
   *
   * @param clock when pings arrive, and which event times are believed
   */
  public IngestRoutes(
      Vertx vertx, SignalSink sink, IngestLimits limits, IngestMetrics metrics, Clock clock) {
    this.intake = new Intake(vertx, sink, limits, metrics, clock);
    this.decoder = new OtlpDecoder(limits, clock);
    this.grpc = new GrpcIngest(vertx, intake, decoder);
    this.runs = new RunTracker(clock);
    this.clock = clock;
  }

  /** Adds the routes. */
  public void mount(Router router) {
    for (Signal signal : Signal.values()) {
      router.route("/v1/" + signal.path()).handler(new OtlpHttp(intake, decoder, signal));
    }
    LineageHttp lineage = new LineageHttp(intake, runs, clock);
    router.post("/api/v1/lineage").handler(lineage::one);
    router.post("/api/v1/lineage/batch").handler(lineage::many);
    PingHttp pings = new PingHttp(intake, clock);
    router.route("/ping/*").handler(pings);
  }

  /** Returns the gRPC services. */
  public GrpcIngest grpc() {
    return grpc;
  }

  /** Returns what is known about runs, to be fed the stored lineage events before the start. */
  public RunTracker runs() {
    return runs;
  }
}
