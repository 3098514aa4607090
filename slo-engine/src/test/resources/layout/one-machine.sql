-- Signals are partitioned by the week of arrival, not of event time: an insert then touches one
-- partition however old its data are, and a week expires as a whole. Event time is in the order key.
-- shard metric_series by series_id
CREATE TABLE IF NOT EXISTS metric_series (
  series_id UInt64,
  metric LowCardinality(String),
  kind LowCardinality(String),
  unit LowCardinality(String),
  pipeline LowCardinality(String),
  resource Map(LowCardinality(String), String) CODEC(ZSTD(1)),
  attributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
  last_seen DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(last_seen)
ORDER BY (metric, series_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

-- shard metric_points by series_id
CREATE TABLE IF NOT EXISTS metric_points (
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
ENGINE = ReplacingMergeTree
PARTITION BY toMonday(received_at)
ORDER BY (series_id, event_time, point_id)
TTL toDateTime(received_at) + INTERVAL 30 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;

-- shard spans by cityHash64(pipeline)
CREATE TABLE IF NOT EXISTS spans (
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
ENGINE = ReplacingMergeTree
PARTITION BY toMonday(received_at)
ORDER BY (pipeline, run_id, trace_id, start_time, span_id)
TTL toDateTime(received_at) + INTERVAL 30 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;

-- shard logs by cityHash64(pipeline)
CREATE TABLE IF NOT EXISTS logs (
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
ENGINE = ReplacingMergeTree
PARTITION BY toMonday(received_at)
ORDER BY (pipeline, run_id, event_time, body_hash)
TTL toDateTime(received_at) + INTERVAL 30 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;

-- shard lineage_events by cityHash64(job)
CREATE TABLE IF NOT EXISTS lineage_events (
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
ENGINE = ReplacingMergeTree
PARTITION BY toMonday(received_at)
ORDER BY (event_time, job, run_id, json_hash)
TTL toDateTime(received_at) + INTERVAL 30 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;

-- shard pings by cityHash64(ping_key)
CREATE TABLE IF NOT EXISTS pings (
  ping_key String,
  kind LowCardinality(String),
  exit_code Int32,
  event_time DateTime64(9, 'UTC'),
  run_id String,
  body String,
  received_at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1))
)
ENGINE = ReplacingMergeTree
PARTITION BY toMonday(received_at)
ORDER BY (ping_key, event_time, kind, run_id)
TTL toDateTime(received_at) + INTERVAL 30 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;

-- A start reads the last hours of all objectives, and old days whole: so days lie apart, and what
-- no longer changes is merged to one part, which needs no merging when it is read.
-- shard objective_buckets by cityHash64(objective)
CREATE TABLE IF NOT EXISTS objective_buckets (
  objective LowCardinality(String),
  start DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  good Float64,
  total Float64,
  unknown UInt8,
  restated UInt8,
  version UInt64
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toDate(start)
ORDER BY (objective, start)
TTL toDateTime(start) + INTERVAL 400 DAY
SETTINGS min_age_to_force_merge_seconds = 7200, min_age_to_force_merge_on_partition_only = 1,
  fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;

-- shard checkpoints by id
CREATE TABLE IF NOT EXISTS checkpoints (
  id UInt8,
  judged_until DateTime64(3, 'UTC'),
  received_before DateTime64(3, 'UTC'),
  version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

-- shard budget_history by cityHash64(objective)
CREATE TABLE IF NOT EXISTS budget_history (
  objective LowCardinality(String),
  at DateTime64(3, 'UTC'),
  until DateTime64(3, 'UTC'),
  budget_left Float64,
  sli Float64,
  fast_burn Float64,
  slow_burn Float64
)
ENGINE = ReplacingMergeTree
PARTITION BY toYear(at)
ORDER BY (objective, at)
TTL toDateTime(at) + INTERVAL 400 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;

-- shard documents by cityHash64(kind, id)
CREATE TABLE IF NOT EXISTS documents (
  kind LowCardinality(String),
  id String,
  state LowCardinality(String),
  at DateTime64(3, 'UTC'),
  json String CODEC(ZSTD(1)),
  version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (kind, id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

-- shard audit by cityHash64(actor)
CREATE TABLE IF NOT EXISTS audit (
  at DateTime64(3, 'UTC'),
  actor String,
  action String,
  subject String,
  detail String
)
ENGINE = MergeTree
ORDER BY (at, actor)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

-- What late signals changed: never replaced, so that what was known at any moment can be told.
-- shard restatements by cityHash64(objective)
CREATE TABLE IF NOT EXISTS restatements (
  objective LowCardinality(String),
  start DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  before_good Float64,
  before_total Float64,
  after_good Float64,
  after_total Float64
)
ENGINE = ReplacingMergeTree
PARTITION BY toYear(start)
ORDER BY (objective, at, start)
TTL toDateTime(start) + INTERVAL 400 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;
