package dev.tidemark.engine.definition.importer;

import dev.tidemark.engine.definition.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Alertmanager's matchers, old and new, as ours: one text each, {@code label="value"}.
 *
 * <p>Source: Alertmanager's documentation, "Configuration", label matchers.
 */
final class AlertmanagerMatchers {
  private static final Pattern ONE =
      Pattern.compile(
          "\\s*(\"(?:[^\"\\\\]|\\\\.)*\"|[^\\s=!~\"{},]+)\\s*(=~|!~|!=|=)\\s*(.*?)\\s*",
          Pattern.DOTALL);
  private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_.:-]*");

  private AlertmanagerMatchers() {}

  /**
   * Reads {@code PREFIXmatchers}, {@code PREFIXmatch} and {@code PREFIXmatch_re} of a map.
   *
   * @return empty after a complaint; a matcher less would match more
   */
  static Optional<List<String>> read(YamlNode map, String prefix) {
    List<String> read = new ArrayList<>();
    boolean good = true;
    for (String text : map.oneOrMore(prefix + "matchers")) {
      YamlNode at = map.find(prefix + "matchers").orElse(map);
      for (String one : split(text)) {
        good &= one.isBlank() || add(at, one, read);
      }
    }
    for (String old : List.of("match", "match_re")) {
      String operator = old.equals("match") ? "=" : "=~";
      for (var entry : map.textMap(prefix + old).entrySet()) {
        YamlNode at = map.find(prefix + old).flatMap(all -> all.find(entry.getKey())).orElse(map);
        good &= add(at, entry.getKey(), operator, entry.getValue(), read);
      }
    }
    return good ? Optional.of(read) : Optional.empty();
  }

  /** Splits at commas outside of quotes; braces around all are left away. */
  private static List<String> split(String text) {
    String body = text.strip();
    if (body.startsWith("{") && body.endsWith("}")) {
      body = body.substring(1, body.length() - 1);
    }
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < body.length(); i++) {
      char c = body.charAt(i);
      if (c == '\\' && quoted && i + 1 < body.length()) {
        part.append(c).append(body.charAt(++i));
      } else if (c == ',' && !quoted) {
        parts.add(part.toString());
        part.setLength(0);
      } else {
        quoted ^= c == '"';
        part.append(c);
      }
    }
    parts.add(part.toString());
    return parts;
  }

  private static boolean add(YamlNode at, String text, List<String> read) {
    Matcher one = ONE.matcher(text);
    if (!one.matches()) {
      at.error("'" + text.strip() + "' is no matcher such as label=\"value\"");
      return false;
    }
    return add(
        at, unquoted(one.group(1)), String.valueOf(one.group(2)), unquoted(one.group(3)), read);
  }

  private static boolean add(
      YamlNode at, String label, String operator, String value, List<String> read) {
    if (!LABEL.matcher(label).matches()) {
      at.error("the label '" + label + "' cannot be matched here; rename it to letters and _");
      return false;
    }
    if (operator.endsWith("~")) {
      try {
        Pattern.compile(value);
      } catch (PatternSyntaxException e) {
        at.error("the regular expression of '" + label + "' is wrong: " + e.getDescription());
        return false;
      }
    }
    if (label.equals("severity") && !operator.startsWith("!") && !possible(operator, value)) {
      at.warn(
          "no incident has the severity '"
              + value
              + "': here it is page or ticket; match on these");
    }
    String escaped = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    read.add(label + operator + "\"" + escaped + "\"");
    return true;
  }

  private static boolean possible(String operator, String value) {
    return operator.equals("=")
        ? value.equals("page") || value.equals("ticket")
        : Pattern.matches(value, "page") || Pattern.matches(value, "ticket");
  }

  private static String unquoted(String text) {
    if (text.length() < 2 || !text.startsWith("\"") || !text.endsWith("\"")) {
      return text;
    }
    StringBuilder plain = new StringBuilder();
    for (int i = 1; i < text.length() - 1; i++) {
      char c = text.charAt(i);
      if (c != '\\' || i + 1 >= text.length() - 1) {
        plain.append(c);
        continue;
      }
      char next = text.charAt(++i);
      switch (next) {
        case 'n' -> plain.append('\n');
        case '"', '\\' -> plain.append(next);
        // An unknown escape stands for itself, as in Alertmanager's classic matchers.
        default -> plain.append(c).append(next);
      }
    }
    return plain.toString();
  }
}
