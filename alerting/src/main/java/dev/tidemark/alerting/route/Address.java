package dev.tidemark.alerting.route;

/**
 * Who is told: a receiver by its name, {@code schedule:NAME} for whoever is on call, or {@code
 * escalation:NAME} for one after the other. Immutable.
 *
 * @param kind which of the three
 * @param name of the receiver, schedule or escalation
 */
public record Address(Kind kind, String name) {
  /** What a name means. */
  public enum Kind {
    RECEIVER,
    SCHEDULE,
    ESCALATION;

    private String prefix() {
      return switch (this) {
        case RECEIVER -> "";
        case SCHEDULE -> "schedule:";
        case ESCALATION -> "escalation:";
      };
    }
  }

  /** Reads what stands in routes and steps; spaces after the colon do not count. */
  public static Address parse(String text) {
    for (Kind kind : new Kind[] {Kind.SCHEDULE, Kind.ESCALATION}) {
      if (text.startsWith(kind.prefix())) {
        return new Address(kind, text.substring(kind.prefix().length()).strip());
      }
    }
    return new Address(Kind.RECEIVER, text.strip());
  }

  /** Returns the text that {@link #parse} reads back. */
  @Override
  public String toString() {
    return kind.prefix() + name;
  }
}
