/** Sample pipelines over real flight records, for the demo. */
@NullMarked
package dev.tidemark.engine.demo;

import org.jspecify.annotations.NullMarked;
