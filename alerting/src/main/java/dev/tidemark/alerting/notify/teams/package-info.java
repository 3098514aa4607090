/** Microsoft Teams, by a workflow's webhook. */
@NullMarked
package dev.tidemark.alerting.notify.teams;

import org.jspecify.annotations.NullMarked;
