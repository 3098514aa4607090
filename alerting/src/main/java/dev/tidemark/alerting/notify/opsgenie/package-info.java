/** Opsgenie's Alert API. */
@NullMarked
package dev.tidemark.alerting.notify.opsgenie;

import org.jspecify.annotations.NullMarked;
