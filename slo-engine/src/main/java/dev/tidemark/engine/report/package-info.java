/** The review for leadership: a week or a month in figures. */
@NullMarked
package dev.tidemark.engine.report;

import org.jspecify.annotations.NullMarked;
