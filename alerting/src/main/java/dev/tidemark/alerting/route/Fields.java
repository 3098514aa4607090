package dev.tidemark.alerting.route;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A mapping from YAML whose values are asked for with their type; what does not fit becomes a
 * problem that names the place and the field's path. Words may be written {@code likeThis} or
 * {@code like_this}.
 */
final class Fields {
  private static final Pattern PART = Pattern.compile("(\\d+)(ms|s|m|h|d|w)");
  private static final Pattern DURATION = Pattern.compile("(\\d+(ms|s|m|h|d|w))+");

  private final Map<String, Object> values = new LinkedHashMap<>();
  private final Places places;
  private final String path;
  private final List<String> problems;

  Fields(Map<?, ?> values, Places places, String path, List<String> problems) {
    values.forEach((key, value) -> this.values.put(camel(String.valueOf(key)), value));
    this.places = places;
    this.path = path;
    this.problems = problems;
  }

  void problem(String field, String sentence) {
    problems.add(problemText(field, sentence));
  }

  /** Returns a problem with its place, for a list that is not of errors. */
  String problemText(String field, String sentence) {
    String at = path + (field.isEmpty() ? "" : "." + field);
    return places.of(at) + ": " + at + ": " + sentence;
  }

  /** Refuses fields that are not known; some get their own reason. */
  void onlyKnown(Set<String> known, Map<String, String> reasons) {
    for (String key : values.keySet()) {
      if (!known.contains(key)) {
        String reason = reasons.get(key);
        problem(
            key,
            reason != null
                ? reason + "; remove this field"
                : "unknown field" + Suggestion.of(key, known));
      }
    }
  }

  boolean has(String field) {
    return values.containsKey(field);
  }

  @Nullable String text(String field) {
    Object value = values.get(field);
    if (value == null) {
      return null;
    }
    if (value instanceof Map || value instanceof List) {
      problem(field, "must be a text");
      return null;
    }
    return String.valueOf(value);
  }

  String required(String field, String example) {
    String text = text(field);
    if (text == null || text.isBlank()) {
      problem(field, "is missing; write " + field + ": " + example);
      return "";
    }
    return text;
  }

  List<String> texts(String field) {
    Object value = values.get(field);
    if (value == null) {
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    for (Object item : value instanceof List<?> list ? list : List.of(value)) {
      if (item == null || item instanceof Map || item instanceof List) {
        problem(field, "must be a list of texts");
      } else {
        texts.add(String.valueOf(item));
      }
    }
    return texts;
  }

  boolean flag(String field, boolean absent) {
    Object value = values.get(field);
    if (value == null) {
      return absent;
    }
    if (value instanceof Boolean flag) {
      return flag;
    }
    problem(field, "must be true or false, is '" + value + "'");
    return absent;
  }

  int whole(String field, int absent, int least, int most) {
    Object value = values.get(field);
    if (value == null) {
      return absent;
    }
    if (value instanceof Number number
        && number.doubleValue() == number.intValue()
        && number.intValue() >= least
        && number.intValue() <= most) {
      return number.intValue();
    }
    problem(field, "must be a whole number from " + least + " to " + most + ", is '" + value + "'");
    return absent;
  }

  Duration duration(String field, Duration absent) {
    Object value = values.get(field);
    if (value == null) {
      return absent;
    }
    try {
      Duration duration = parse(String.valueOf(value).strip());
      if (duration != null && duration.compareTo(Duration.ofDays(366)) <= 0) {
        return duration;
      }
    } catch (ArithmeticException | DateTimeException | NumberFormatException e) {
      // Falls through to the same sentence: too long is as wrong as unreadable.
    }
    problem(field, "'" + value + "' is not a duration; write 30s, 5m, 4h or 1d");
    return absent;
  }

  private static @Nullable Duration parse(String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    if (!DURATION.matcher(text).matches()) {
      return null;
    }
    Duration sum = Duration.ZERO;
    Matcher parts = PART.matcher(text);
    while (parts.find()) {
      long amount = Long.parseLong(Objects.requireNonNull(parts.group(1)));
      sum =
          sum.plus(
              switch (Objects.requireNonNull(parts.group(2))) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                case "d" -> Duration.ofDays(amount);
                default -> Duration.ofDays(Math.multiplyExact(amount, 7));
              });
    }
    return sum;
  }

  @Nullable Fields child(String field) {
    Object value = values.get(field);
    // `console:` with nothing after it is an empty mapping to the person who wrote it.
    Object body = value == null && values.containsKey(field) ? Map.of() : value;
    if (body instanceof Map<?, ?> map) {
      return new Fields(map, places, path + "." + field, problems);
    }
    if (body != null) {
      problem(field, "must be a mapping");
    }
    return null;
  }

  List<Fields> children(String field) {
    Object value = values.get(field);
    if (value == null) {
      return List.of();
    }
    List<Fields> children = new ArrayList<>();
    int index = 0;
    for (Object item : value instanceof List<?> list ? list : List.of(value)) {
      String itemPath = path + "." + field + "[" + index++ + "]";
      if (item instanceof Map<?, ?> map) {
        children.add(new Fields(map, places, itemPath, problems));
      } else {
        problems.add(places.of(itemPath) + ": " + itemPath + ": must be a mapping");
      }
    }
    return children;
  }

  /** Returns the fields as texts, with their names as written except for the spelling of words. */
  Map<String, String> textMap(String field) {
    Object value = values.get(field);
    if (value == null) {
      return Map.of();
    }
    Map<String, String> texts = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, item) -> texts.put(String.valueOf(key), String.valueOf(item)));
    } else {
      problem(field, "must be a mapping of texts");
    }
    return texts;
  }

  private static String camel(String key) {
    StringBuilder camel = new StringBuilder();
    boolean upper = false;
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      if (c == '_') {
        upper = true;
      } else {
        camel.append(upper ? String.valueOf(c).toUpperCase(Locale.ROOT) : String.valueOf(c));
        upper = false;
      }
    }
    return camel.toString();
  }
}
