package dev.tidemark.alerting.route;

import java.util.Objects;

/** A text that must not be seen: never printed, never logged, never written to JSON. Immutable. */
public final class Secret {
  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  /** Wraps the resolved text. */
  public static Secret of(String value) {
    return new Secret(value);
  }

  /** Returns the text, for the moment of use. */
  public String reveal() {
    return value;
  }

  @Override
  public String toString() {
    return "[secret]";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret that && value.equals(that.value);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(value);
  }
}
