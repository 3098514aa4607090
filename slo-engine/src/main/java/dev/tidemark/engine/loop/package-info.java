/** The tick: one writer that reads signals, judges them and hands decisions on. */
@NullMarked
package dev.tidemark.engine.loop;

import org.jspecify.annotations.NullMarked;
