/** Condition results become alerts with their cause; alerting's ports on our store. */
@NullMarked
package dev.tidemark.engine.alerts;

import org.jspecify.annotations.NullMarked;
