/** Where signals wait on disk while ClickHouse is away. */
@NullMarked
package dev.tidemark.engine.store.spool;

import org.jspecify.annotations.NullMarked;
