/** Ports to durable storage, and what stands behind them. */
@NullMarked
package dev.tidemark.engine.store;

import org.jspecify.annotations.NullMarked;
