package dev.tidemark.dashboards.view;

/**
 * A neighbour in the lineage graph.
 *
 * @param node its page
 * @param kind such as {@code dataset}, {@code pipeline}, {@code consumer}
 * @param state its own state
 * @param note such as {@code 2 steps away, team-billing}, may be empty
 */
public record LineageNode(Link node, String kind, Badge state, String note) {}
