package dev.tidemark.checks.schema;

/**
 * A column of a table.
 *
 * @param name as written
 * @param type what it holds
 * @param nullable whether a value may be missing
 */
public record Column(String name, ColumnType type, boolean nullable) {}
