package dev.tidemark.engine.ingest.otlp;

import java.util.Locale;

/** Why a record was not taken. */
public enum RejectReason {
  /** A metric without a name. */
  NO_NAME,
  /** A metric without data, or with data but no point. */
  NO_DATA,
  /** A record without a time. */
  NO_TIME,
  /** A time before 2000 or more than a day ahead. */
  ABSURD_TIME,
  /** Neither delta nor cumulative. */
  NO_TEMPORALITY,
  /** Not a finite number, or none. */
  BAD_VALUE,
  /** A count or a monotonic sum below zero. */
  NEGATIVE,
  /** Buckets and bounds that do not fit each other. */
  BAD_BUCKETS,
  /** Too many attributes, or too long ones. */
  ATTRIBUTES,
  /** A trace or span id of the wrong length. */
  BAD_ID,
  /** More series, or more pipelines, than allowed. */
  CARDINALITY;

  /** Returns the label for counters. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
