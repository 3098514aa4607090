package dev.tidemark.engine.api;

import io.vertx.ext.web.handler.HttpException;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** Moments in requests. Pure functions. */
final class Times {
  private Times() {}

  /** Reads a moment, or answers 400 with the parameter's name. */
  static Instant instant(String name, String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new HttpException(
          400, name + " '" + text + "' is not a moment such as 2026-03-01T12:00:00Z", e);
    }
  }
}
