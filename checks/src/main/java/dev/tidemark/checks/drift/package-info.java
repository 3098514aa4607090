/** Distances between a baseline and what is there now; pure. */
@NullMarked
package dev.tidemark.checks.drift;

import org.jspecify.annotations.NullMarked;
