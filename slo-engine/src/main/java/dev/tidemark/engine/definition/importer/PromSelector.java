package dev.tidemark.engine.definition.importer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the part of PromQL that says the same as our selectors: a counter's selector whose matchers
 * can be spelled out in words, in {@code rate} or {@code increase} over the tool's own window, in
 * {@code sum} without grouping. Everything else is refused with the character where it begins. Not
 * thread-safe; one per query.
 *
 * <p>Source: Prometheus documentation, "Querying basics".
 */
final class PromSelector {
  /** How Sloth writes the window. */
  static final Set<String> SLOTH = Set.of("{{.window}}", "{{ .window }}");

  /** How slo-generator writes the window. */
  static final Set<String> SLO_GENERATOR = Set.of("window");

  private static final int MOST_BRACKETS = 50;

  private final String query;
  private final Set<String> windows;
  private final List<String> notes = new ArrayList<>();
  private int at;
  private int brackets;

  private PromSelector(String query, Set<String> windows) {
    this.query = query;
    this.windows = windows;
  }

  /**
   * Reads a counter's query.
   *
   * @param windows how the tool writes its window
   * @throws Refused when it cannot be said with a metric and attributes
   */
  static PromQuery rated(String query, Set<String> windows) throws Refused {
    PromSelector reader = new PromSelector(query, windows);
    return reader.whole(reader.expression(false));
  }

  /**
   * Reads a bare selector, with or without the tool's window behind it.
   *
   * @throws Refused when it cannot be said with a metric and attributes
   */
  static PromQuery bare(String query, Set<String> windows) throws Refused {
    PromSelector reader = new PromSelector(query, windows);
    return reader.whole(reader.selector(false));
  }

  /** Two counters with an operator between them. */
  record Pair(PromQuery first, PromQuery second) {}

  /** Whether the query has the operator outside of quotes and braces. */
  static boolean hasOperator(String query, char operator) {
    boolean quoted = false;
    int braces = 0;
    for (int i = 0; i < query.length(); i++) {
      char c = query.charAt(i);
      quoted ^= c == '"';
      braces += quoted ? 0 : c == '{' ? 1 : c == '}' ? -1 : 0;
      if (!quoted && braces == 0 && c == operator) {
        return true;
      }
    }
    return false;
  }

  /**
   * Reads two counters with an operator between them, possibly in brackets.
   *
   * @throws Refused when it is anything else
   */
  static Pair pair(String query, char operator, Set<String> windows) throws Refused {
    PromSelector reader = new PromSelector(query, windows);
    reader.blank();
    int start = reader.at;
    int open = 0;
    while (reader.take('(')) {
      open++;
      reader.blank();
    }
    PromQuery first = reader.expression(false);
    reader.blank();
    // The bracket may have stood around the first counter only.
    while (open > 0 && reader.peek(')')) {
      reader.at++;
      open--;
      reader.blank();
    }
    if (!reader.take(operator)) {
      reader.at = Math.max(start, reader.at);
      throw reader.refused("'" + operator + "' and a second counter are expected here");
    }
    reader.blank();
    if (reader.query.startsWith("ignoring", reader.at)) {
      reader.at += "ignoring".length();
      reader.blank();
      int end = reader.query.indexOf(')', reader.at);
      if (!reader.peek('(')
          || !reader
              .query
              .substring(reader.at + 1, Math.max(end, reader.at + 1))
              .trim()
              .equals("le")) {
        throw reader.refused("ignoring anything but le cannot be carried");
      }
      reader.at = end + 1;
    }
    PromQuery second = reader.expression(false);
    reader.blank();
    while (open > 0 && reader.take(')')) {
      open--;
      reader.blank();
    }
    if (open > 0) {
      throw reader.refused("a bracket has no end");
    }
    reader.end();
    return new Pair(first, second);
  }

  private PromQuery whole(PromQuery read) throws Refused {
    end();
    return read;
  }

  private void end() throws Refused {
    blank();
    if (at < query.length()) {
      throw refused("arithmetic, comparisons and modifiers behind a query cannot be carried");
    }
  }

  private PromQuery expression(boolean summed) throws Refused {
    blank();
    int start = at;
    if (take('(')) {
      if (++brackets > MOST_BRACKETS) {
        throw refused("so many brackets cannot be carried");
      }
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
      PromQuery inner = closed(expression(true));
      blank();
      if (query.startsWith("by", at) || query.startsWith("without", at)) {
        throw refused("grouping cannot be carried; one objective is one sum");
      }
      return inner;
    }
    if (name.equals("rate") || name.equals("increase")) {
      return closed(selector(true));
    }
    at = start;
    throw refused("the function '" + name + "' cannot be carried");
  }

  private PromQuery closed(PromQuery inner) throws Refused {
    blank();
    if (!take(')')) {
      throw refused("only a single selector can be carried here");
    }
    return inner;
  }

  private PromQuery selector(boolean needsWindow) throws Refused {
    blank();
    int begin = at;
    String metric = name();
    blank();
    Map<String, Set<String>> attributes = new LinkedHashMap<>();
    Map<String, Set<String>> excluded = new LinkedHashMap<>();
    if (take('{')) {
      matchers(attributes, excluded);
    }
    Set<String> named = attributes.get("__name__");
    if (metric.isEmpty() && named != null && named.size() == 1) {
      metric = named.iterator().next();
      attributes.remove("__name__");
    }
    if (metric.isEmpty()
        || attributes.containsKey("__name__")
        || excluded.containsKey("__name__")) {
      at = begin;
      throw refused("one metric's name has to stand here");
    }
    blank();
    if (needsWindow || peek('[')) {
      window();
    }
    return new PromQuery(metric, attributes, excluded, notes);
  }

  private void window() throws Refused {
    int start = at;
    int end = query.indexOf(']', at);
    if (!take('[') || end < 0) {
      throw refused(
          "a window such as ["
              + windows.stream().sorted().findFirst().orElse("")
              + "] has to stand here");
    }
    String window = query.substring(at, end).trim();
    if (!windows.contains(window)) {
      at = start;
      throw refused("a window of its own, [" + window + "], cannot be carried");
    }
    at = end + 1;
  }

  private void matchers(Map<String, Set<String>> attributes, Map<String, Set<String>> excluded)
      throws Refused {
    blank();
    while (!take('}')) {
      int start = at;
      String label = name();
      blank();
      String operator =
          query.startsWith("=~", at) || query.startsWith("!~", at) || query.startsWith("!=", at)
              ? query.substring(at, at + 2)
              : peek('=') ? "=" : "";
      if (label.isEmpty() || operator.isEmpty()) {
        throw refused("a label with =, !=, =~ or !~ is expected here");
      }
      at += operator.length();
      blank();
      int valueAt = at;
      String value = string();
      boolean anything = operator.equals("=~") && value.equals(".*");
      if (!anything) {
        Set<String> values = operator.endsWith("~") ? words(label, value, valueAt) : Set.of(value);
        if (values.contains("")) {
          at = valueAt;
          throw refused("an empty value also means a missing label and cannot be carried");
        }
        Map<String, Set<String>> known = operator.startsWith("!") ? excluded : attributes;
        if (attributes.containsKey(label) || excluded.containsKey(label)) {
          at = start;
          throw refused("a second matcher of the label '" + label + "' cannot be carried");
        }
        known.put(label, values);
      }
      blank();
      if (!take(',') && !peek('}')) {
        throw refused("a comma or } is expected here");
      }
      blank();
    }
  }

  /** The words of a regular expression; codes and states are numbers, so there a dot is a digit. */
  private Set<String> words(String label, String pattern, int valueAt) throws Refused {
    try {
      FiniteRegex.Words words =
          FiniteRegex.words(pattern, label.contains("code") || label.contains("status"));
      if (words.dotAsDigit()) {
        notes.add(
            "the dot in "
                + label
                + " =~ '"
                + pattern
                + "' is read as a digit; add other values to the attribute by hand");
      }
      return words.words();
    } catch (FiniteRegex.Endless e) {
      at = valueAt;
      throw refused("the regular expression '" + pattern + "' matches more than a list of words");
    }
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
