/** Who is told about what: matchers, routes, receivers, and how they are read. Pure. */
@NullMarked
package dev.tidemark.alerting.route;

import org.jspecify.annotations.NullMarked;
