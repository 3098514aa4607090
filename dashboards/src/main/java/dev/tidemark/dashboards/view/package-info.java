/**
 * What a page gets: immutable records, every text already worded for people, every number with its
 * unit. A null component means "not known" and is shown as such, never as zero or green.
 */
@NullMarked
package dev.tidemark.dashboards.view;

import org.jspecify.annotations.NullMarked;
