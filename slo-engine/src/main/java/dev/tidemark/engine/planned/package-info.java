/** Backfills and maintenance that were declared: who is not told, and what leaves the budget. */
@NullMarked
package dev.tidemark.engine.planned;

import org.jspecify.annotations.NullMarked;
