/** What is stored, in ClickHouse: tables, rows, queries. */
@NullMarked
package dev.tidemark.engine.store.clickhouse;

import org.jspecify.annotations.NullMarked;
