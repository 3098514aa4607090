/** Makes a notifier of each receiver. */
@NullMarked
package dev.tidemark.alerting.notify;

import org.jspecify.annotations.NullMarked;
