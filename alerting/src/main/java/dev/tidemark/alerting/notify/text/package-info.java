/** What people read: one model, rendered by templates. */
@NullMarked
package dev.tidemark.alerting.notify.text;

import org.jspecify.annotations.NullMarked;
