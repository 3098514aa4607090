/** History through the very same judge: what a definition would have done. */
@NullMarked
package dev.tidemark.engine.backtest;

import org.jspecify.annotations.NullMarked;
