/** Runbooks: loaded, linted and rendered. */
@NullMarked
package dev.tidemark.runbooks;

import org.jspecify.annotations.NullMarked;
