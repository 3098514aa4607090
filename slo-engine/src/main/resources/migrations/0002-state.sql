-- A start reads the last hours of all objectives, and old days whole: so days lie apart, and what
-- no longer changes is merged to one part, which needs no merging when it is read.
-- shard objective_buckets by cityHash64(objective)
CREATE TABLE IF NOT EXISTS ${table:objective_buckets} (
  objective LowCardinality(String),
  start DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  good Float64,
  total Float64,
  unknown UInt8,
  restated UInt8,
  version UInt64
)
ENGINE = ${engine:ReplacingMergeTree(version)}
PARTITION BY toDate(start)
ORDER BY (objective, start)
TTL toDateTime(start) + INTERVAL ${days:objectives} DAY
SETTINGS min_age_to_force_merge_seconds = 7200, min_age_to_force_merge_on_partition_only = 1,
  fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;
-- shard checkpoints by id
CREATE TABLE IF NOT EXISTS ${table:checkpoints} (
  id UInt8,
  judged_until DateTime64(3, 'UTC'),
  received_before DateTime64(3, 'UTC'),
  version UInt64
)
ENGINE = ${engine:ReplacingMergeTree(version)}
ORDER BY (id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;
-- shard budget_history by cityHash64(objective)
CREATE TABLE IF NOT EXISTS ${table:budget_history} (
  objective LowCardinality(String),
  at DateTime64(3, 'UTC'),
  until DateTime64(3, 'UTC'),
  budget_left Float64,
  sli Float64,
  fast_burn Float64,
  slow_burn Float64
)
ENGINE = ${engine:ReplacingMergeTree}
PARTITION BY toYear(at)
ORDER BY (objective, at)
TTL toDateTime(at) + INTERVAL ${days:objectives} DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;
-- shard documents by cityHash64(kind, id)
CREATE TABLE IF NOT EXISTS ${table:documents} (
  kind LowCardinality(String),
  id String,
  state LowCardinality(String),
  at DateTime64(3, 'UTC'),
  json String CODEC(ZSTD(1)),
  version UInt64
)
ENGINE = ${engine:ReplacingMergeTree(version)}
ORDER BY (kind, id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;
-- shard audit by cityHash64(actor)
CREATE TABLE IF NOT EXISTS ${table:audit} (
  at DateTime64(3, 'UTC'),
  actor String,
  action String,
  subject String,
  detail String
)
ENGINE = ${engine:MergeTree}
ORDER BY (at, actor)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;
