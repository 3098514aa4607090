package dev.tidemark.engine.ingest;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;

/** Ingest's counters for {@code /metrics}. Thread-safe. */
public final class PrometheusIngestMetrics implements IngestMetrics {
  private final Counter accepted;
  private final Counter rejected;
  private final Counter refused;
  private final Counter remarks;

  /** Registers the counters. */
  public PrometheusIngestMetrics(CollectorRegistry registry) {
    accepted =
        Counter.build("tidemark_ingest_accepted_total", "Records taken and durable, by protocol.")
            .labelNames("protocol")
            .register(registry);
    rejected =
        Counter.build(
                "tidemark_ingest_rejected_total",
                "Records left out of a request that was taken otherwise, by reason.")
            .labelNames("protocol", "reason")
            .register(registry);
    refused =
        Counter.build(
                "tidemark_ingest_refused_requests_total", "Requests not taken at all, by reason.")
            .labelNames("protocol", "reason")
            .register(registry);
    remarks =
        Counter.build(
                "tidemark_ingest_remarks_total", "Oddities that were read leniently, by kind.")
            .labelNames("protocol", "remark")
            .register(registry);
  }

  @Override
  public void accepted(String protocol, int records) {
    accepted.labels(protocol).inc(records);
  }

  @Override
  public void rejected(String protocol, String reason, int records) {
    rejected.labels(protocol, reason).inc(records);
  }

  @Override
  public void refused(String protocol, String reason) {
    refused.labels(protocol, reason).inc();
  }

  @Override
  public void remarked(String protocol, String remark) {
    remarks.labels(protocol, remark).inc();
  }
}
