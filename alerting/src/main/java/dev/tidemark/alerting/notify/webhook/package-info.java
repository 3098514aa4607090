/** JSON to any HTTP endpoint. */
@NullMarked
package dev.tidemark.alerting.notify.webhook;

import org.jspecify.annotations.NullMarked;
