/** Alertmanager's API v2: alerts of other programs in, and what amtool asks for. */
@NullMarked
package dev.tidemark.engine.alertmanager;

import org.jspecify.annotations.NullMarked;
