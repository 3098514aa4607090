package dev.tidemark.alerting;

import java.util.Locale;

/** How urgent: a ticket can wait for working hours, a page cannot. Ordered, page is higher. */
public enum Severity {
  TICKET,
  PAGE;

  /** Returns the value of the {@code severity} label: {@code page} or {@code ticket}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the more urgent of the two. */
  public Severity or(Severity other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
