/** Incidents in ServiceNow. */
@NullMarked
package dev.tidemark.alerting.notify.servicenow;

import org.jspecify.annotations.NullMarked;
