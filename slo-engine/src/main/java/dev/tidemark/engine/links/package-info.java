/** Signed links: acting on an incident from a message, without signing in. */
@NullMarked
package dev.tidemark.engine.links;

import org.jspecify.annotations.NullMarked;
