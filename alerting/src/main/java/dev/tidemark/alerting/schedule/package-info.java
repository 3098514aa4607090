/** Who is on call when: rotations in layers, overrides, calendars of RFC 5545. Pure. */
@NullMarked
package dev.tidemark.alerting.schedule;

import org.jspecify.annotations.NullMarked;
