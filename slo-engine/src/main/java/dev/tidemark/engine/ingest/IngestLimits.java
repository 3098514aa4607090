package dev.tidemark.engine.ingest;

/**
 * How much one sender may ask of the server. Everything beyond gets a clear answer and a counter.
 *
 * @param bodyBytes largest OTLP request body as sent; beyond it 413
 * @param lineageBodyBytes largest OpenLineage request body as sent; real events exceed 10 MB
 * @param decompressedBytes largest body after gzip was undone; beyond it 413
 * @param seriesPerPipeline distinct series of one {@code service.name} within about an hour; points
 *     of further series are rejected
 * @param pipelines distinct {@code service.name}s within about an hour
 * @param attributes most attributes of one point, span or log
 * @param attributeBytes longest value of one attribute, in characters
 * @param recordsPerSecond records one sender may send, with bursts of ten times as many; 0 for no
 *     limit; beyond it 429
 * @param inlineBytes bodies up to this are decoded on the event loop, larger ones on a worker
 */
public record IngestLimits(
    int bodyBytes,
    int lineageBodyBytes,
    int decompressedBytes,
    int seriesPerPipeline,
    int pipelines,
    int attributes,
    int attributeBytes,
    long recordsPerSecond,
    int inlineBytes) {
  private static final int MEBIBYTE = 1024 * 1024;

  /** What a server starts with: 16 MiB for OTLP, 64 MiB for OpenLineage, 100,000 series. */
  public static final IngestLimits DEFAULT =
      new IngestLimits(
          16 * MEBIBYTE, 64 * MEBIBYTE, 128 * MEBIBYTE, 100_000, 10_000, 128, 8_192, 0, 256 * 1024);

  /** Checks that all are positive, and the rate at least 0. */
  public IngestLimits {
    if (bodyBytes <= 0
        || lineageBodyBytes <= 0
        || decompressedBytes <= 0
        || seriesPerPipeline <= 0
        || pipelines <= 0
        || attributes <= 0
        || attributeBytes <= 0
        || recordsPerSecond < 0
        || inlineBytes < 0) {
      throw new IllegalArgumentException("limits have to be positive (a rate of 0 is no limit)");
    }
  }

  /** Returns these with another limit on series. */
  public IngestLimits withSeriesPerPipeline(int series) {
    return new IngestLimits(
        bodyBytes,
        lineageBodyBytes,
        decompressedBytes,
        series,
        pipelines,
        attributes,
        attributeBytes,
        recordsPerSecond,
        inlineBytes);
  }

  /** Returns these with another rate. */
  public IngestLimits withRecordsPerSecond(long records) {
    return new IngestLimits(
        bodyBytes,
        lineageBodyBytes,
        decompressedBytes,
        seriesPerPipeline,
        pipelines,
        attributes,
        attributeBytes,
        records,
        inlineBytes);
  }

  /** Returns these with other limits on bodies, as sent and after gzip was undone. */
  public IngestLimits withBodies(int sent, int decompressed) {
    return new IngestLimits(
        sent,
        sent,
        decompressed,
        seriesPerPipeline,
        pipelines,
        attributes,
        attributeBytes,
        recordsPerSecond,
        inlineBytes);
  }
}
