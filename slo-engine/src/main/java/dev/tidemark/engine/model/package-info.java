/** Names, ids, counts and signals. Nothing but the JDK. */
@NullMarked
package dev.tidemark.engine.model;

import org.jspecify.annotations.NullMarked;
