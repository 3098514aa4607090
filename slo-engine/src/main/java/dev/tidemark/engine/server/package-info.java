/** The only place that constructs everything, top to bottom in the order of the data. */
@NullMarked
package dev.tidemark.engine.server;

import org.jspecify.annotations.NullMarked;
