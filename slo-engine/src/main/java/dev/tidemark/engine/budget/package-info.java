/** Windows over buckets, error budgets, burn rates. */
@NullMarked
package dev.tidemark.engine.budget;

import org.jspecify.annotations.NullMarked;
