/** Issues in Jira, Cloud and Data Center. */
@NullMarked
package dev.tidemark.alerting.notify.jira;

import org.jspecify.annotations.NullMarked;
