/** Slack incoming webhooks. */
@NullMarked
package dev.tidemark.alerting.notify.slack;

import org.jspecify.annotations.NullMarked;
