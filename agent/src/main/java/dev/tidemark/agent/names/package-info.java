/** Every signal and attribute name, written once. */
@NullMarked
package dev.tidemark.agent.names;

import org.jspecify.annotations.NullMarked;
