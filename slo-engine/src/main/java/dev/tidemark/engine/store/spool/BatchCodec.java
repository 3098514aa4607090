package dev.tidemark.engine.store.spool;

import dev.tidemark.engine.model.LineageEvent;
import dev.tidemark.engine.model.LogRecord;
import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.PingRecord;
import dev.tidemark.engine.model.Series;
import dev.tidemark.engine.model.SignalBatch;
import dev.tidemark.engine.model.SpanRecord;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Batches as bytes: a version, the series once each, then the records. */
final class BatchCodec {
  private static final int VERSION = 1;

  private BatchCodec() {}

  @FunctionalInterface
  private interface Write<T> {
    void write(T value) throws IOException;
  }

  @FunctionalInterface
  private interface Read<T> {
    T read() throws IOException;
  }

  static void write(SignalBatch batch, DataOutputStream out) throws IOException {
    out.writeByte(VERSION);
    Map<Long, Integer> places = new LinkedHashMap<>();
    List<Series> series = new ArrayList<>();
    for (MetricPoint point : batch.points()) {
      if (places.putIfAbsent(point.series().id(), series.size()) == null) {
        series.add(point.series());
      }
    }
    list(
        series,
        out,
        s -> {
          text(s.metric(), out);
          text(s.kind().name(), out);
          text(s.unit(), out);
          map(s.resource(), out);
          map(s.attributes(), out);
        });
    list(
        batch.points(),
        out,
        p -> {
          out.writeInt(places.getOrDefault(p.series().id(), -1));
          out.writeLong(p.startNanos());
          out.writeLong(p.timeNanos());
          out.writeDouble(p.value());
          out.writeLong(p.count());
          out.writeInt(p.bounds().length);
          for (double bound : p.bounds()) {
            out.writeDouble(bound);
          }
          out.writeInt(p.bucketCounts().length);
          for (long count : p.bucketCounts()) {
            out.writeLong(count);
          }
        });
    list(
        batch.spans(),
        out,
        s -> {
          texts(out, s.traceId(), s.spanId(), s.parentSpanId(), s.name(), s.pipeline(), s.runId());
          out.writeLong(s.startNanos());
          out.writeLong(s.endNanos());
          texts(out, s.status(), s.statusMessage());
          map(s.attributes(), out);
        });
    list(
        batch.logs(),
        out,
        l -> {
          out.writeLong(l.timeNanos());
          texts(out, l.pipeline(), l.runId(), l.traceId(), l.spanId());
          out.writeInt(l.severityNumber());
          texts(out, l.severityText(), l.body());
          map(l.attributes(), out);
        });
    list(
        batch.lineage(),
        out,
        e -> {
          texts(out, e.kind(), e.eventType());
          out.writeLong(e.eventTimeNanos());
          texts(out, e.runId(), e.job(), e.parentRunId());
          list(e.inputs(), out, t -> text(t, out));
          list(e.outputs(), out, t -> text(t, out));
          list(e.remarks(), out, t -> text(t, out));
          text(e.json(), out);
        });
    list(
        batch.pings(),
        out,
        p -> {
          texts(out, p.key(), p.kind());
          out.writeInt(p.exitCode());
          out.writeLong(p.timeNanos());
          texts(out, p.runId(), p.body());
        });
  }

  static SignalBatch read(DataInputStream in) throws IOException {
    int version = in.readUnsignedByte();
    if (version != VERSION) {
      throw new IOException("spooled by a newer Tidemark (format " + version + ")");
    }
    List<Series> series =
        list(
            in,
            () -> Series.of(text(in), MetricKind.valueOf(text(in)), text(in), map(in), map(in)));
    return new SignalBatch(
        list(
            in,
            () ->
                new MetricPoint(
                    series.get(in.readInt()),
                    in.readLong(),
                    in.readLong(),
                    in.readDouble(),
                    in.readLong(),
                    doubles(in),
                    longs(in))),
        list(
            in,
            () ->
                new SpanRecord(
                    text(in),
                    text(in),
                    text(in),
                    text(in),
                    text(in),
                    text(in),
                    in.readLong(),
                    in.readLong(),
                    text(in),
                    text(in),
                    map(in))),
        list(
            in,
            () ->
                new LogRecord(
                    in.readLong(),
                    text(in),
                    text(in),
                    text(in),
                    text(in),
                    in.readInt(),
                    text(in),
                    text(in),
                    map(in))),
        list(
            in,
            () ->
                new LineageEvent(
                    text(in),
                    text(in),
                    in.readLong(),
                    text(in),
                    text(in),
                    text(in),
                    list(in, () -> text(in)),
                    list(in, () -> text(in)),
                    list(in, () -> text(in)),
                    text(in))),
        list(
            in,
            () ->
                new PingRecord(
                    text(in), text(in), in.readInt(), in.readLong(), text(in), text(in))));
  }

  private static <T> void list(List<T> values, DataOutputStream out, Write<T> write)
      throws IOException {
    out.writeInt(values.size());
    for (T value : values) {
      write.write(value);
    }
  }

  private static <T> List<T> list(DataInputStream in, Read<T> read) throws IOException {
    int count = in.readInt();
    List<T> values = new ArrayList<>(Math.min(count, 1 << 16));
    for (int i = 0; i < count; i++) {
      values.add(read.read());
    }
    return values;
  }

  private static double[] doubles(DataInputStream in) throws IOException {
    double[] values = new double[in.readInt()];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readDouble();
    }
    return values;
  }

  private static long[] longs(DataInputStream in) throws IOException {
    long[] values = new long[in.readInt()];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readLong();
    }
    return values;
  }

  private static void texts(DataOutputStream out, String... values) throws IOException {
    for (String value : values) {
      text(value, out);
    }
  }

  private static void text(String value, DataOutputStream out) throws IOException {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    out.writeInt(utf8.length);
    out.write(utf8);
  }

  private static String text(DataInputStream in) throws IOException {
    byte[] utf8 = new byte[in.readInt()];
    in.readFully(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private static void map(Map<String, String> values, DataOutputStream out) throws IOException {
    out.writeInt(values.size());
    for (Map.Entry<String, String> entry : values.entrySet()) {
      text(entry.getKey(), out);
      text(entry.getValue(), out);
    }
  }

  private static Map<String, String> map(DataInputStream in) throws IOException {
    int count = in.readInt();
    Map<String, String> values = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      String key = text(in);
      values.put(key, text(in));
    }
    return values;
  }
}
