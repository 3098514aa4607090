/** OpenLineage events read leniently, and the points that follow from them. No network in here. */
@NullMarked
package dev.tidemark.engine.ingest.openlineage;

import org.jspecify.annotations.NullMarked;
