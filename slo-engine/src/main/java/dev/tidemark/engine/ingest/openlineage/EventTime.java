package dev.tidemark.engine.ingest.openlineage;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Times as senders write them: with {@code Z}, an offset, both ({@code +00:00Z}) or neither (then
 * UTC), a blank for the {@code T}, any number of fraction digits.
 */
final class EventTime {
  private static final Pattern SHAPE =
      Pattern.compile(
          "(\\d{4}-\\d{2}-\\d{2})[T ](\\d{2}:\\d{2}(?::\\d{2})?)(?:[.,](\\d+))? ?"
              + "([+-]\\d{2}(?::?\\d{2})?)?(Z)?");
  private static final long LAST_SECOND = Long.MAX_VALUE / 1_000_000_000L - 1;

  private EventTime() {}

  /** Returns ns since the epoch, or nothing when the text is no time; notes what was odd. */
  static OptionalLong parse(String text, List<String> remarks) {
    Matcher shape = SHAPE.matcher(text.trim().toUpperCase(Locale.ROOT));
    if (!shape.matches()) {
      return OptionalLong.empty();
    }
    try {
      LocalDateTime time = LocalDateTime.parse(shape.group(1) + "T" + shape.group(2));
      ZoneOffset offset = ZoneOffset.UTC;
      if (shape.group(4) != null) {
        offset = ZoneOffset.of(shape.group(4));
        if (shape.group(5) != null) {
          remarks.add(Remarks.TIME_WITH_OFFSET_AND_Z);
        }
      } else if (shape.group(5) == null) {
        remarks.add(Remarks.TIME_WITHOUT_ZONE);
      }
      long seconds = time.toEpochSecond(offset);
      if (seconds < 0 || seconds > LAST_SECOND) {
        return OptionalLong.empty();
      }
      String fraction = shape.group(3) == null ? "" : shape.group(3);
      long nanos = Long.parseLong((fraction + "000000000").substring(0, 9));
      return OptionalLong.of(seconds * 1_000_000_000L + nanos);
    } catch (DateTimeException e) {
      return OptionalLong.empty();
    }
  }
}
