/** PagerDuty Events API v2. */
@NullMarked
package dev.tidemark.alerting.notify.pagerduty;

import org.jspecify.annotations.NullMarked;
