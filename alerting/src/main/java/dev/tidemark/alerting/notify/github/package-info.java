/** Issues on GitHub. */
@NullMarked
package dev.tidemark.alerting.notify.github;

import org.jspecify.annotations.NullMarked;
