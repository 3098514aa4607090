/** Bounded HTTP exchanges, the addresses that they may go to, and what answers mean. */
@NullMarked
package dev.tidemark.alerting.notify.http;

import org.jspecify.annotations.NullMarked;
