package dev.tidemark.engine.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 120s}, {@code 5m}, {@code 2h} or {@code 1d}. */
final class DurationConverter implements ITypeConverter<Duration> {
  private static final Pattern SHORTHAND = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d)");

  @Override
  public Duration convert(String text) {
    Matcher matcher = SHORTHAND.matcher(text.trim());
    if (!matcher.matches()) {
      throw new TypeConversionException(
          "'"
              + text
              + "' is not a duration; write a whole number with ms, s, m, h or d, such as 120s");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }
}
