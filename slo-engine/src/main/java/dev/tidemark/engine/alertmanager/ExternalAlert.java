package dev.tidemark.engine.alertmanager;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An alert that another program, such as Prometheus, says fires. Immutable.
 *
 * @param labels who it is, never empty, by name
 * @param annotations texts for people
 * @param generatorUrl where it comes from, or empty
 * @param startsAt since when it fires
 * @param endsAt until when it counts as firing unless it is said again
 * @param updatedAt when it was said last
 * @param fingerprint of the labels, see {@link #fingerprint(Map)}; kept because it is asked for
 *     many times
 */
public record ExternalAlert(
    SortedMap<String, String> labels,
    Map<String, String> annotations,
    String generatorUrl,
    Instant startsAt,
    Instant endsAt,
    Instant updatedAt,
    String fingerprint) {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;
  private static final int SEPARATOR = 0xff;

  public ExternalAlert {
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    annotations = Map.copyOf(annotations);
    // Documents of the first layout do not have it.
    fingerprint = fingerprint == null ? fingerprint(labels) : fingerprint;
  }

  /** Takes a word as it came. */
  public ExternalAlert(
      SortedMap<String, String> labels,
      Map<String, String> annotations,
      String generatorUrl,
      Instant startsAt,
      Instant endsAt,
      Instant updatedAt) {
    this(labels, annotations, generatorUrl, startsAt, endsAt, updatedAt, fingerprint(labels));
  }

  /** Whether it fires at that time. */
  public boolean active(Instant at) {
    return endsAt.isAfter(at);
  }

  /** Returns this alert as it fires until another time. */
  ExternalAlert until(Instant end) {
    return new ExternalAlert(
        labels, annotations, generatorUrl, startsAt, end, updatedAt, fingerprint);
  }

  /**
   * Returns this newer word about an alert joined with the one before: what still fired goes on
   * since it began.
   */
  ExternalAlert after(ExternalAlert before) {
    boolean goesOn = before.endsAt().isAfter(startsAt) && before.startsAt().isBefore(startsAt);
    return new ExternalAlert(
        labels,
        annotations,
        generatorUrl,
        goesOn ? before.startsAt() : startsAt,
        endsAt,
        updatedAt,
        fingerprint);
  }

  /** Whether both say the same, however long it holds. */
  boolean saysTheSameAs(ExternalAlert other) {
    return labels.equals(other.labels)
        && annotations.equals(other.annotations)
        && generatorUrl.equals(other.generatorUrl)
        && startsAt.equals(other.startsAt);
  }

  /**
   * Returns the fingerprint of labels as Prometheus and Alertmanager compute it: FNV-1a (64 bits)
   * over names and values, each followed by a byte 255, in the order of the names; 16 hexadecimal
   * digits.
   */
  public static String fingerprint(Map<String, String> labels) {
    long hash = FNV_OFFSET;
    for (Map.Entry<String, String> label : new TreeMap<>(labels).entrySet()) {
      hash = add(add(hash, label.getKey()), label.getValue());
    }
    return HexFormat.of().toHexDigits(hash);
  }

  private static long add(long before, String text) {
    long hash = before;
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (each & 0xff)) * FNV_PRIME;
    }
    return (hash ^ SEPARATOR) * FNV_PRIME;
  }
}
