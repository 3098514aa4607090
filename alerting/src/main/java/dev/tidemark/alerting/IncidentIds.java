package dev.tidemark.alerting;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.Predicate;

/** Makes ids such as {@code INC-20260301-7K3FQ}: the day in UTC, and five characters. */
final class IncidentIds {
  // Crockford's base 32: no I, L, O, U, so that an id survives being read aloud.
  private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("yyyyMMdd").withZone(ZoneOffset.UTC);

  private IncidentIds() {}

  /** The same cause at the same instant gives the same id, unless that is taken. */
  static String create(String causeKey, Instant at, Predicate<String> taken) {
    for (int attempt = 0; ; attempt++) {
      byte[] hash = sha256(causeKey + "\n" + at + "\n" + attempt);
      StringBuilder id = new StringBuilder("INC-").append(DAY.format(at)).append('-');
      for (int i = 0; i < 5; i++) {
        id.append(DIGITS.charAt(hash[i] & 31));
      }
      if (!taken.test(id.toString())) {
        return id.toString();
      }
    }
  }

  /** Whether no id that is made at this moment or within a day before it can be this one. */
  static boolean isOfThePast(String id, Instant at) {
    String earliest = "INC-" + DAY.format(at.minus(Duration.ofDays(1)));
    return id.compareTo(earliest) < 0;
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
