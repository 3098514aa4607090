/** Who did what: durable on the own disk at once, in ClickHouse soon after. */
@NullMarked
package dev.tidemark.engine.audit;

import org.jspecify.annotations.NullMarked;
