/** Definitions: YAML in, objectives and problems with their places out. */
@NullMarked
package dev.tidemark.engine.definition;

import org.jspecify.annotations.NullMarked;
