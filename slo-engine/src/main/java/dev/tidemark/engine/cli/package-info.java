/** The command line. */
@NullMarked
package dev.tidemark.engine.cli;

import org.jspecify.annotations.NullMarked;
