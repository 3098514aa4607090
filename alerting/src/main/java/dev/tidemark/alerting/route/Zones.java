package dev.tidemark.alerting.route;

import java.time.DateTimeException;
import java.time.ZoneId;

/** Reads names of time zones. */
final class Zones {
  private Zones() {}

  static ZoneId read(Fields fields, String field, ZoneId absent) {
    String text = fields.text(field);
    if (text == null) {
      return absent;
    }
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      fields.problem(
          field,
          "there is no time zone '"
              + text
              + "'"
              + Suggestion.nearest(text, ZoneId.getAvailableZoneIds())
                  .map(near -> "; did you mean '" + near + "'?")
                  .orElse("; write one such as Europe/Warsaw"));
      return absent;
    }
  }
}
