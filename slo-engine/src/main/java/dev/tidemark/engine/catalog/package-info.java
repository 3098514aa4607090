/** Which datasets are seen, and which of them somebody has catalogued. */
@NullMarked
package dev.tidemark.engine.catalog;

import org.jspecify.annotations.NullMarked;
