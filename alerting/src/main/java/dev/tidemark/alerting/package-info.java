/** Decides who is told, when and how often. */
@NullMarked
package dev.tidemark.alerting;

import org.jspecify.annotations.NullMarked;
