/** Shapes of tables and what a change of one breaks. */
@NullMarked
package dev.tidemark.checks.schema;

import org.jspecify.annotations.NullMarked;
