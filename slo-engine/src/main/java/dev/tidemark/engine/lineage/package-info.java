/** The graph of datasets and pipelines: root cause and blast radius. */
@NullMarked
package dev.tidemark.engine.lineage;

import org.jspecify.annotations.NullMarked;
