/** What arrives: decoded, validated, turned into signals. */
@NullMarked
package dev.tidemark.engine.ingest;

import org.jspecify.annotations.NullMarked;
