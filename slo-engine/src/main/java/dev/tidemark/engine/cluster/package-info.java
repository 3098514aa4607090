/**
 * Two servers on one ClickHouse, of which one leads. Who is there and who is next is JGroups'
 * business; a claim in ClickHouse that only the leader renews, or the word of the other servers
 * while ClickHouse is away, is what it leads by, and for a few seconds only: one that is cut off
 * from both stops before another begins. When who leads is a table in the module's README.
 */
@NullMarked
package dev.tidemark.engine.cluster;

import org.jspecify.annotations.NullMarked;
