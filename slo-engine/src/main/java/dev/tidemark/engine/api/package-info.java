/** JSON over HTTP for programs. */
@NullMarked
package dev.tidemark.engine.api;

import org.jspecify.annotations.NullMarked;
