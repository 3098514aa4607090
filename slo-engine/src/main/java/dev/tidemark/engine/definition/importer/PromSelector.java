package dev.tidemark.engine.definition.importer;

import dev.tidemark.engine.definition.Selector;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Reads the part of PromQL that says the same as one of our selectors: a counter's selector with
 * equal and alternative labels, in {@code rate} or {@code increase} over the tool's own window, in
 * {@code sum} without grouping. Everything else is refused with the character where it begins. Not
 * thread-safe; one per query.
 *
 * <p>Source: Prometheus documentation, "Querying basics".
 */
final class PromSelector {
  /** The query says more than a selector can; the message tells what, and at which character. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String message, int at) {
      super(message + " (character " + (at + 1) + " of the query)");
    }
  }

  private static final Set<String> WINDOWS = Set.of("{{.window}}", "{{ .window }}");

  private final String query;
  private int at;

  private PromSelector(String query) {
    this.query = query;
  }

  /**
   * Reads a counter's query.
   *
   * @param query with the window as Sloth writes it
   * @throws Refused when it cannot be said with a metric and attributes
   */
  static Selector read(String query) throws Refused {
    PromSelector reader = new PromSelector(query);
    Selector selector = reader.expression(false);
    reader.blank();
    if (reader.at < query.length()) {
      throw reader.refused(
          "arithmetic, comparisons and modifiers behind a query cannot be carried");
    }
    return selector;
  }

  private Selector expression(boolean summed) throws Refused {
    blank();
    int start = at;
    if (take('(')) {
      return closed(expression(summed));
    }
    String name = name();
    blank();
    if (!peek('(')) {
      at = start;
      throw refused(
          name.isEmpty()
              ? "a function or selector is expected here"
              : name.equals("sum")
                  ? "grouping cannot be carried; one objective is one sum"
                  : "a counter has to stand in rate or increase");
    }
    at++;
    if (name.equals("sum") && !summed) {
      Selector inner = closed(expression(true));
      blank();
      if (query.startsWith("by", at) || query.startsWith("without", at)) {
        throw refused("grouping cannot be carried; one objective is one sum");
      }
      return inner;
    }
    if (name.equals("rate") || name.equals("increase")) {
      return closed(range());
    }
    at = start;
    throw refused("the function '" + name + "' cannot be carried");
  }

  private Selector closed(Selector inner) throws Refused {
    blank();
    if (!take(')')) {
      throw refused("only a single selector can be carried here");
    }
    return inner;
  }

  private Selector range() throws Refused {
    blank();
    String metric = name();
    if (metric.isEmpty()) {
      throw refused("the metric's name has to stand here");
    }
    blank();
    Map<String, Set<String>> attributes = new LinkedHashMap<>();
    if (take('{')) {
      matchers(attributes);
    }
    blank();
    int start = at;
    int end = query.indexOf(']', at);
    if (!take('[') || end < 0) {
      throw refused("a window such as [{{.window}}] has to stand here");
    }
    String window = query.substring(at, end).trim();
    if (!WINDOWS.contains(window)) {
      at = start;
      throw refused("a window of its own, [" + window + "], cannot be carried");
    }
    at = end + 1;
    return new Selector(metric, attributes);
  }

  private void matchers(Map<String, Set<String>> attributes) throws Refused {
    blank();
    while (!take('}')) {
      int start = at;
      String label = name();
      blank();
      String operator =
          query.startsWith("=~", at) || query.startsWith("!", at)
              ? query.substring(at, Math.min(at + 2, query.length()))
              : peek('=') ? "=" : "";
      if (label.isEmpty() || operator.isEmpty()) {
        throw refused("a label with = or =~ is expected here");
      }
      if (operator.startsWith("!")) {
        throw refused("a negative matcher (" + operator + ") cannot be carried");
      }
      at += operator.length();
      blank();
      int valueAt = at;
      String value = string();
      Set<String> values = operator.equals("=") ? Set.of(value) : alternatives(value, valueAt);
      if (values.contains("")) {
        at = valueAt;
        throw refused("an empty value also means a missing label and cannot be carried");
      }
      if (attributes.putIfAbsent(label, values) != null) {
        at = start;
        throw refused("a second matcher of the label '" + label + "' cannot be carried");
      }
      blank();
      if (!take(',') && !peek('}')) {
        throw refused("a comma or } is expected here");
      }
      blank();
    }
  }

  /** A regular expression that is a list of words, possibly in one pair of brackets. */
  private Set<String> alternatives(String pattern, int valueAt) throws Refused {
    boolean bracketed = pattern.startsWith("(") && pattern.endsWith(")");
    String body = bracketed ? pattern.substring(1, pattern.length() - 1) : pattern;
    Set<String> values = new LinkedHashSet<>();
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < body.length(); i++) {
      char c = body.charAt(i);
      if (c == '|') {
        values.add(word.toString());
        word.setLength(0);
      } else if (c == '\\'
          && i + 1 < body.length()
          && !Character.isLetterOrDigit(body.charAt(i + 1))) {
        i++;
        word.append(body.charAt(i));
      } else if ("\\.+*?()[]{}^$".indexOf(c) >= 0) {
        at = valueAt;
        throw refused(
            "the regular expression '" + pattern + "' is more than words with | between them");
      } else {
        word.append(c);
      }
    }
    values.add(word.toString());
    return values;
  }

  private String string() throws Refused {
    int start = at;
    char quote = at < query.length() ? query.charAt(at) : ' ';
    if (quote != '"' && quote != '\'' && quote != '`') {
      throw refused("a value in quotes is expected here");
    }
    StringBuilder value = new StringBuilder();
    for (at++; at < query.length(); at++) {
      char c = query.charAt(at);
      if (c == quote) {
        at++;
        return value.toString();
      }
      if (c == '\\' && quote != '`') {
        at++;
        char next = at < query.length() ? query.charAt(at) : ' ';
        if (next != '\\' && next != quote) {
          throw refused("this escape in a value cannot be carried");
        }
        value.append(next);
      } else {
        value.append(c);
      }
    }
    at = start;
    throw refused("this value has no end");
  }

  private String name() {
    int start = at;
    while (at < query.length() && isName(query.charAt(at), at == start)) {
      at++;
    }
    return query.substring(start, at);
  }

  private static boolean isName(char c, boolean first) {
    return c == '_'
        || c == ':'
        || (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (!first && c >= '0' && c <= '9');
  }

  private void blank() {
    while (at < query.length() && Character.isWhitespace(query.charAt(at))) {
      at++;
    }
  }

  private boolean peek(char wanted) {
    return at < query.length() && query.charAt(at) == wanted;
  }

  private boolean take(char wanted) {
    boolean there = peek(wanted);
    if (there) {
      at++;
    }
    return there;
  }

  private Refused refused(String message) {
    return new Refused(message, at);
  }
}
