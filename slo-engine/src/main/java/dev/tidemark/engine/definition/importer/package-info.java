/** Definitions of other tools become ours; what cannot be carried is named with its place. */
@NullMarked
package dev.tidemark.engine.definition.importer;

import org.jspecify.annotations.NullMarked;
