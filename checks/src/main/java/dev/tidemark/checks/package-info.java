/** Looks at one dataset: SQL checks, schema compatibility, distribution statistics. */
@NullMarked
package dev.tidemark.checks;

import org.jspecify.annotations.NullMarked;
