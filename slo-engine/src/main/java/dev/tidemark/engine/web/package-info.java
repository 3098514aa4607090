/** State becomes views, views become pages. */
@NullMarked
package dev.tidemark.engine.web;

import org.jspecify.annotations.NullMarked;
