/** ClickHouse in a child process of our own. */
@NullMarked
package dev.tidemark.engine.embedded;

import org.jspecify.annotations.NullMarked;
