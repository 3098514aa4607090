/** Other Alertmanagers, and alerts in their words. */
@NullMarked
package dev.tidemark.alerting.notify.alertmanager;

import org.jspecify.annotations.NullMarked;
