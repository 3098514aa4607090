-- Signals are partitioned by the week of arrival, not of event time: an insert then touches one
-- partition however old its data are, and a week expires as a whole. Event time is in the order key.
-- shard metric_series by series_id
CREATE TABLE IF NOT EXISTS metric_series_local ON CLUSTER 'main' (
  series_id UInt64,
  metric LowCardinality(String),
  kind LowCardinality(String),
  unit LowCardinality(String),
  pipeline LowCardinality(String),
  resource Map(LowCardinality(String), String) CODEC(ZSTD(1)),
  attributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
  last_seen DateTime64(3, 'UTC')
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{database}/{table}/{shard}', '{replica}', last_seen)
ORDER BY (metric, series_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS metric_series ON CLUSTER 'main' AS metric_series_local
ENGINE = Distributed('main', currentDatabase(), metric_series_local, series_id);

-- shard metric_points by series_id
CREATE TABLE IF NOT EXISTS metric_points_local ON CLUSTER 'main' (
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
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{database}/{table}/{shard}', '{replica}')
PARTITION BY toMonday(received_at)
ORDER BY (series_id, event_time, point_id)
TTL toDateTime(received_at) + INTERVAL 30 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;

CREATE TABLE IF NOT EXISTS metric_points ON CLUSTER 'main' AS metric_points_local
ENGINE = Distributed('main', currentDatabase(), metric_points_local, series_id);

-- shard spans by cityHash64(pipeline)
CREATE TABLE IF NOT EXISTS spans_local ON CLUSTER 'main' (
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
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{database}/{table}/{shard}', '{replica}')
PARTITION BY toMonday(received_at)
ORDER BY (pipeline, run_id, trace_id, start_time, span_id)
TTL toDateTime(received_at) + INTERVAL 30 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;

CREATE TABLE IF NOT EXISTS spans ON CLUSTER 'main' AS spans_local
ENGINE = Distributed('main', currentDatabase(), spans_local, cityHash64(pipeline));

-- shard logs by cityHash64(pipeline)
CREATE TABLE IF NOT EXISTS logs_local ON CLUSTER 'main' (
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
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{database}/{table}/{shard}', '{replica}')
PARTITION BY toMonday(received_at)
ORDER BY (pipeline, run_id, event_time, body_hash)
TTL toDateTime(received_at) + INTERVAL 30 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;

CREATE TABLE IF NOT EXISTS logs ON CLUSTER 'main' AS logs_local
ENGINE = Distributed('main', currentDatabase(), logs_local, cityHash64(pipeline));

-- shard lineage_events by cityHash64(job)
CREATE TABLE IF NOT EXISTS lineage_events_local ON CLUSTER 'main' (
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
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{database}/{table}/{shard}', '{replica}')
PARTITION BY toMonday(received_at)
ORDER BY (event_time, job, run_id, json_hash)
TTL toDateTime(received_at) + INTERVAL 30 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;

CREATE TABLE IF NOT EXISTS lineage_events ON CLUSTER 'main' AS lineage_events_local
ENGINE = Distributed('main', currentDatabase(), lineage_events_local, cityHash64(job));

-- shard pings by cityHash64(ping_key)
CREATE TABLE IF NOT EXISTS pings_local ON CLUSTER 'main' (
  ping_key String,
  kind LowCardinality(String),
  exit_code Int32,
  event_time DateTime64(9, 'UTC'),
  run_id String,
  body String,
  received_at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{database}/{table}/{shard}', '{replica}')
PARTITION BY toMonday(received_at)
ORDER BY (ping_key, event_time, kind, run_id)
TTL toDateTime(received_at) + INTERVAL 30 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;

CREATE TABLE IF NOT EXISTS pings ON CLUSTER 'main' AS pings_local
ENGINE = Distributed('main', currentDatabase(), pings_local, cityHash64(ping_key));

-- A start reads the last hours of all objectives, and old days whole: so days lie apart, and what
-- no longer changes is merged to one part, which needs no merging when it is read.
-- shard objective_buckets by cityHash64(objective)
CREATE TABLE IF NOT EXISTS objective_buckets_local ON CLUSTER 'main' (
  objective LowCardinality(String),
  start DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  good Float64,
  total Float64,
  unknown UInt8,
  restated UInt8,
  version UInt64
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{database}/{table}/{shard}', '{replica}', version)
PARTITION BY toDate(start)
ORDER BY (objective, start)
TTL toDateTime(start) + INTERVAL 400 DAY
SETTINGS min_age_to_force_merge_seconds = 7200, min_age_to_force_merge_on_partition_only = 1,
  fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;

CREATE TABLE IF NOT EXISTS objective_buckets ON CLUSTER 'main' AS objective_buckets_local
ENGINE = Distributed('main', currentDatabase(), objective_buckets_local, cityHash64(objective));

-- shard checkpoints by id
CREATE TABLE IF NOT EXISTS checkpoints_local ON CLUSTER 'main' (
  id UInt8,
  judged_until DateTime64(3, 'UTC'),
  received_before DateTime64(3, 'UTC'),
  version UInt64
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{database}/{table}/{shard}', '{replica}', version)
ORDER BY (id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS checkpoints ON CLUSTER 'main' AS checkpoints_local
ENGINE = Distributed('main', currentDatabase(), checkpoints_local, id);

-- shard budget_history by cityHash64(objective)
CREATE TABLE IF NOT EXISTS budget_history_local ON CLUSTER 'main' (
  objective LowCardinality(String),
  at DateTime64(3, 'UTC'),
  until DateTime64(3, 'UTC'),
  budget_left Float64,
  sli Float64,
  fast_burn Float64,
  slow_burn Float64
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{database}/{table}/{shard}', '{replica}')
PARTITION BY toYear(at)
ORDER BY (objective, at)
TTL toDateTime(at) + INTERVAL 400 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;

CREATE TABLE IF NOT EXISTS budget_history ON CLUSTER 'main' AS budget_history_local
ENGINE = Distributed('main', currentDatabase(), budget_history_local, cityHash64(objective));

-- shard documents by cityHash64(kind, id)
CREATE TABLE IF NOT EXISTS documents_local ON CLUSTER 'main' (
  kind LowCardinality(String),
  id String,
  state LowCardinality(String),
  at DateTime64(3, 'UTC'),
  json String CODEC(ZSTD(1)),
  version UInt64
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{database}/{table}/{shard}', '{replica}', version)
ORDER BY (kind, id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS documents ON CLUSTER 'main' AS documents_local
ENGINE = Distributed('main', currentDatabase(), documents_local, cityHash64(kind, id));

-- shard audit by cityHash64(actor)
CREATE TABLE IF NOT EXISTS audit_local ON CLUSTER 'main' (
  at DateTime64(3, 'UTC'),
  actor String,
  action String,
  subject String,
  detail String
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{database}/{table}/{shard}', '{replica}')
ORDER BY (at, actor)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS audit ON CLUSTER 'main' AS audit_local
ENGINE = Distributed('main', currentDatabase(), audit_local, cityHash64(actor));

-- What late signals changed: never replaced, so that what was known at any moment can be told.
-- shard restatements by cityHash64(objective)
CREATE TABLE IF NOT EXISTS restatements_local ON CLUSTER 'main' (
  objective LowCardinality(String),
  start DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  before_good Float64,
  before_total Float64,
  after_good Float64,
  after_total Float64
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{database}/{table}/{shard}', '{replica}')
PARTITION BY toYear(start)
ORDER BY (objective, at, start)
TTL toDateTime(start) + INTERVAL 400 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;

CREATE TABLE IF NOT EXISTS restatements ON CLUSTER 'main' AS restatements_local
ENGINE = Distributed('main', currentDatabase(), restatements_local, cityHash64(objective));
