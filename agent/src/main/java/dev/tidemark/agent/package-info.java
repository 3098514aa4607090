/** What a pipeline links or runs to say how its data is doing. */
@NullMarked
package dev.tidemark.agent;

import org.jspecify.annotations.NullMarked;
