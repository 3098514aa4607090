package dev.tidemark.alerting.route;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/**
 * A condition on one label in Alertmanager's syntax: {@code label="x"}, {@code !=}, {@code =~},
 * {@code !~}. A missing label counts as empty, a regular expression must match all of the value.
 * Immutable. Written to JSON as its text.
 */
public final class Matcher {
  private static final String LABEL = "[a-zA-Z_][a-zA-Z0-9_.:-]*";

  private static final Pattern SYNTAX =
      Pattern.compile("\\s*(" + LABEL + ")\\s*(=~|!~|!=|=)\\s*(.*?)\\s*", Pattern.DOTALL);

  /** What means something in a regular expression; the same signs in RE2 and in Java. */
  private static final Pattern SPECIAL = Pattern.compile("[\\\\.+*?()|\\[\\]{}^$]");

  private final String label;
  private final String operator;
  private final String value;
  private final Pattern pattern;

  private Matcher(String label, String operator, String value) {
    this.label = label;
    this.operator = operator;
    this.value = value;
    this.pattern =
        operator.endsWith("~") ? Pattern.compile(value) : Pattern.compile(Pattern.quote(value));
  }

  /**
   * Reads one matcher.
   *
   * @throws IllegalArgumentException with a sentence that says what is wrong
   */
  @JsonCreator
  public static Matcher parse(String text) {
    java.util.regex.Matcher parts = SYNTAX.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a matcher; write label=\"value\" with one of =, !=, =~, !~");
    }
    String operator = Objects.requireNonNull(parts.group(2));
    String value = unquote(text, Objects.requireNonNull(parts.group(3)));
    return of(text, Objects.requireNonNull(parts.group(1)), operator, value);
  }

  /**
   * Returns a matcher of parts that come singly, as in Alertmanager's API.
   *
   * @param equal whether the value has to match; otherwise it must not
   * @param regex whether the value is a regular expression
   * @throws IllegalArgumentException with a sentence that says what is wrong
   */
  public static Matcher of(String label, boolean equal, boolean regex, String value) {
    if (!label.matches(LABEL)) {
      throw new IllegalArgumentException(
          "'" + label + "' is no name of a label; it has letters, digits, _ . : -");
    }
    String operator = regex ? (equal ? "=~" : "!~") : equal ? "=" : "!=";
    return of(label + operator + value, label, operator, value);
  }

  private static Matcher of(String text, String label, String operator, String value) {
    try {
      return new Matcher(label, operator, value);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "'" + text + "': the regular expression is wrong: " + e.getDescription(), e);
    }
  }

  /** Returns a matcher for exactly this value. */
  public static Matcher equal(String label, String value) {
    return new Matcher(label, "=", value);
  }

  /**
   * Returns a matcher for any of these values and nothing else.
   *
   * @throws IllegalArgumentException when there are none
   */
  public static Matcher anyOf(String label, Collection<String> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("a matcher of " + label + " needs at least one value");
    }
    if (values.size() == 1) {
      return equal(label, values.iterator().next());
    }
    return new Matcher(
        label,
        "=~",
        values.stream()
            .map(value -> SPECIAL.matcher(value).replaceAll("\\\\$0"))
            .collect(Collectors.joining("|")));
  }

  private static String unquote(String text, String value) {
    if (!value.startsWith("\"")) {
      if (value.contains("\"")) {
        throw new IllegalArgumentException(
            "'" + text + "': a quote is missing; write label=\"value\"");
      }
      return value;
    }
    StringBuilder plain = new StringBuilder();
    for (int i = 1; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"') {
        if (i != value.length() - 1) {
          throw new IllegalArgumentException(
              "'" + text + "': something follows the closing quote; write \\\" for a quote inside");
        }
        return plain.toString();
      }
      if (c == '\\' && i + 1 < value.length()) {
        char next = value.charAt(++i);
        switch (next) {
          case 'n' -> plain.append('\n');
          case '"', '\\' -> plain.append(next);
          // As in Alertmanager, an unknown escape stands for itself: \d in a pattern stays \d.
          default -> plain.append('\\').append(next);
        }
      } else {
        plain.append(c);
      }
    }
    throw new IllegalArgumentException("'" + text + "': the closing quote is missing");
  }

  /** Whether labels satisfy it. */
  public boolean matches(Map<String, String> labels) {
    boolean same = pattern.matcher(labels.getOrDefault(label, "")).matches();
    return operator.startsWith("!") != same;
  }

  /** Returns the label's name. */
  public String label() {
    return label;
  }

  /** Returns {@code =}, {@code !=}, {@code =~} or {@code !~}. */
  public String operator() {
    return operator;
  }

  /** Returns the value or pattern, without quotes. */
  public String value() {
    return value;
  }

  /** Returns the text that {@link #parse} reads back. */
  @JsonValue
  @Override
  public String toString() {
    String escaped = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    return label + operator + "\"" + escaped + "\"";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Matcher that
        && label.equals(that.label)
        && operator.equals(that.operator)
        && value.equals(that.value);
  }

  @Override
  public int hashCode() {
    return Objects.hash(label, operator, value);
  }
}
