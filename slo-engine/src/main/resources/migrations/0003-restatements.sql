-- What late signals changed: never replaced, so that what was known at any moment can be told.
-- shard restatements by cityHash64(objective)
CREATE TABLE IF NOT EXISTS ${table:restatements} (
  objective LowCardinality(String),
  start DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  before_good Float64,
  before_total Float64,
  after_good Float64,
  after_total Float64
)
ENGINE = ${engine:ReplacingMergeTree}
PARTITION BY toYear(start)
ORDER BY (objective, at, start)
TTL toDateTime(start) + INTERVAL ${days:objectives} DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;
