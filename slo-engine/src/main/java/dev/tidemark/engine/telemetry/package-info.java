/** Tidemark's own metrics and health. */
@NullMarked
package dev.tidemark.engine.telemetry;

import org.jspecify.annotations.NullMarked;
