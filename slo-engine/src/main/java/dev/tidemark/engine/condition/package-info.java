/** Burn-rate conditions: when somebody has to know. */
@NullMarked
package dev.tidemark.engine.condition;

import org.jspecify.annotations.NullMarked;
