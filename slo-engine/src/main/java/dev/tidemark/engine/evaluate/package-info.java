/** Signals become good and total counts per time bucket in event time. */
@NullMarked
package dev.tidemark.engine.evaluate;

import org.jspecify.annotations.NullMarked;
