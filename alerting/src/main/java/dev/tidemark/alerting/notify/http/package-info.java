/** One bounded HTTP exchange and what its answer means. */
@NullMarked
package dev.tidemark.alerting.notify.http;

import org.jspecify.annotations.NullMarked;
