/**
 * Who watches the watcher: alerts about Tidemark itself, and the heartbeat whose absence tells an
 * outside service that Tidemark is dead.
 */
@NullMarked
package dev.tidemark.engine.selfwatch;

import org.jspecify.annotations.NullMarked;
