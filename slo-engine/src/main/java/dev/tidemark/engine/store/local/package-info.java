/** Durable storage on the machine's own disk, for what must be kept while ClickHouse is away. */
@NullMarked
package dev.tidemark.engine.store.local;

import org.jspecify.annotations.NullMarked;
