/** Questions to a database, over JDBC. */
@NullMarked
package dev.tidemark.checks.sql;

import org.jspecify.annotations.NullMarked;
