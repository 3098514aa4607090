/** Runs of pipelines, put together from what different senders say of them. */
@NullMarked
package dev.tidemark.engine.runs;

import org.jspecify.annotations.NullMarked;
