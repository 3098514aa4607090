/** A block of text where Tidemark runs. */
@NullMarked
package dev.tidemark.alerting.notify.console;

import org.jspecify.annotations.NullMarked;
