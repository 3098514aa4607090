/** Definitions from disk. */
@NullMarked
package dev.tidemark.engine.definition.folder;

import org.jspecify.annotations.NullMarked;
