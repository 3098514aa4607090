/**
 * What all ticket systems have in common: one ticket per incident, found again by its dedup key.
 */
@NullMarked
package dev.tidemark.alerting.notify.ticket;

import org.jspecify.annotations.NullMarked;
