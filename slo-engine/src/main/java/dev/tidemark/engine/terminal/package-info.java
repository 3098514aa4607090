/** Text for people at a terminal. */
@NullMarked
package dev.tidemark.engine.terminal;

import org.jspecify.annotations.NullMarked;
