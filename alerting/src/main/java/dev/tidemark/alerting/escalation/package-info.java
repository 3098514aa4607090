/** Whom to tell next as long as nobody takes an incident. Pure. */
@NullMarked
package dev.tidemark.alerting.escalation;

import org.jspecify.annotations.NullMarked;
