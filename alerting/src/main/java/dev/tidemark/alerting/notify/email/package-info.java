/** E-mail over SMTP. */
@NullMarked
package dev.tidemark.alerting.notify.email;

import org.jspecify.annotations.NullMarked;
