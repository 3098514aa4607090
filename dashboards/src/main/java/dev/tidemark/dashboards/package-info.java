/** Pages for people: view models in, HTML out. */
@NullMarked
package dev.tidemark.dashboards;

import org.jspecify.annotations.NullMarked;
