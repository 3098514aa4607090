/** Heartbeat pings and the points that follow from them. No network in here. */
@NullMarked
package dev.tidemark.engine.ingest.ping;

import org.jspecify.annotations.NullMarked;
