/**
 * Two servers on one ClickHouse, of which one leads. Who is there and who is next is JGroups'
 * business; a claim in ClickHouse, which only the leader renews, keeps a server that was cut off
 * from deciding beside its successor.
 */
@NullMarked
package dev.tidemark.engine.cluster;

import org.jspecify.annotations.NullMarked;
