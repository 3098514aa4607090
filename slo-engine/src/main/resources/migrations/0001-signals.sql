-- Signals are partitioned by the week of arrival, not of event time: an insert then touches one
-- partition however old its data are, and a week expires as a whole. Event time is in the order key.
-- shard metric_series by series_id
CREATE TABLE IF NOT EXISTS ${table:metric_series} (
  series_id UInt64,
  metric LowCardinality(String),
  kind LowCardinality(String),
  unit LowCardinality(String),
  pipeline LowCardinality(String),
  resource Map(LowCardinality(String), String) CODEC(ZSTD(1)),
  attributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
  last_seen DateTime64(3, 'UTC')
)
ENGINE = ${engine:ReplacingMergeTree(last_seen)}
ORDER BY (metric, series_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;
-- shard metric_points by series_id
CREATE TABLE IF NOT EXISTS ${table:metric_points} (
  series_id UInt64 CODEC(Delta, ZSTD(1)),
  start_time DateTime64(9, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  event_time DateTime64(9, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  received_at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  value Float64 CODEC(Gorilla, ZSTD(1)),
  count UInt64 CODEC(T64, ZSTD(1)),
  bounds Array(Float64) CODEC(ZSTD(1)),
  bucket_counts Array(UInt64) CODEC(ZSTD(1)),
  point_id UInt64
)
ENGINE = ${engine:ReplacingMergeTree}
PARTITION BY toMonday(received_at)
ORDER BY (series_id, event_time, point_id)
TTL toDateTime(received_at) + INTERVAL ${days:signals} DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;
-- shard spans by cityHash64(pipeline)
CREATE TABLE IF NOT EXISTS ${table:spans} (
  trace_id String,
  span_id String,
  parent_span_id String,
  name LowCardinality(String),
  pipeline LowCardinality(String),
  run_id String,
  start_time DateTime64(9, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  end_time DateTime64(9, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  status LowCardinality(String),
  status_message String,
  attributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
  received_at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1))
)
ENGINE = ${engine:ReplacingMergeTree}
PARTITION BY toMonday(received_at)
ORDER BY (pipeline, run_id, trace_id, start_time, span_id)
TTL toDateTime(received_at) + INTERVAL ${days:signals} DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;
-- shard logs by cityHash64(pipeline)
CREATE TABLE IF NOT EXISTS ${table:logs} (
  event_time DateTime64(9, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  pipeline LowCardinality(String),
  run_id String,
  trace_id String,
  span_id String,
  severity_number UInt8,
  severity_text LowCardinality(String),
  body String CODEC(ZSTD(1)),
  attributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
  received_at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  body_hash UInt64 MATERIALIZED cityHash64(body, span_id)
)
ENGINE = ${engine:ReplacingMergeTree}
PARTITION BY toMonday(received_at)
ORDER BY (pipeline, run_id, event_time, body_hash)
TTL toDateTime(received_at) + INTERVAL ${days:signals} DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;
-- shard lineage_events by cityHash64(job)
CREATE TABLE IF NOT EXISTS ${table:lineage_events} (
  kind LowCardinality(String),
  event_type LowCardinality(String),
  event_time DateTime64(9, 'UTC'),
  run_id String,
  job String,
  parent_run_id String,
  inputs Array(String),
  outputs Array(String),
  remarks Array(String),
  json String CODEC(ZSTD(1)),
  received_at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  json_hash UInt64 MATERIALIZED cityHash64(json)
)
ENGINE = ${engine:ReplacingMergeTree}
PARTITION BY toMonday(received_at)
ORDER BY (event_time, job, run_id, json_hash)
TTL toDateTime(received_at) + INTERVAL ${days:signals} DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;
-- shard pings by cityHash64(ping_key)
CREATE TABLE IF NOT EXISTS ${table:pings} (
  ping_key String,
  kind LowCardinality(String),
  exit_code Int32,
  event_time DateTime64(9, 'UTC'),
  run_id String,
  body String,
  received_at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1))
)
ENGINE = ${engine:ReplacingMergeTree}
PARTITION BY toMonday(received_at)
ORDER BY (ping_key, event_time, kind, run_id)
TTL toDateTime(received_at) + INTERVAL ${days:signals} DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;
