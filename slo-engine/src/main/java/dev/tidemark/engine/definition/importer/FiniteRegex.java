package dev.tidemark.engine.definition.importer;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The words that a regular expression matches, as long as they are few: literals, alternatives,
 * groups, classes, {@code ?} and counted repetitions. Whole values are matched, as in Prometheus.
 * Not thread-safe; one per expression.
 *
 * <p>Source: RE2's syntax, github.com/google/re2/wiki/Syntax.
 */
final class FiniteRegex {
  /** More would be a selector that nobody can read. */
  static final int MOST = 1_000;

  /** Longer ones are no values of labels, and nesting has to end somewhere. */
  private static final int LONGEST = 200;

  /** It matches too many words, or is written with what is not read here. */
  static final class Endless extends Exception {
    private static final long serialVersionUID = 1L;
  }

  private static final String DIGITS = "0123456789";

  private final String pattern;
  private final boolean dotIsDigit;
  private int at;
  private boolean dotSeen;

  private FiniteRegex(String pattern, boolean dotIsDigit) {
    this.pattern = pattern;
    this.dotIsDigit = dotIsDigit;
  }

  /**
   * What it matches.
   *
   * @param words each whole
   * @param dotAsDigit whether a dot, which matches anything, was read as a digit
   */
  record Words(Set<String> words, boolean dotAsDigit) {}

  /**
   * Returns the words.
   *
   * @param dotIsDigit whether the values are numbers, such as codes of HTTP
   * @throws Endless when they cannot be listed
   */
  static Words words(String pattern, boolean dotIsDigit) throws Endless {
    if (pattern.length() > 20 * LONGEST) {
      throw new Endless();
    }
    String body = pattern.startsWith("^") ? pattern.substring(1) : pattern;
    if (body.endsWith("$") && !body.endsWith("\\$")) {
      body = body.substring(0, body.length() - 1);
    }
    FiniteRegex reader = new FiniteRegex(body, dotIsDigit);
    Set<String> words = reader.alternatives();
    if (reader.at < body.length()) {
      throw new Endless();
    }
    return new Words(words, reader.dotSeen);
  }

  private Set<String> alternatives() throws Endless {
    Set<String> all = new LinkedHashSet<>(sequence());
    while (peek() == '|') {
      at++;
      all.addAll(sequence());
      checked(all);
    }
    return all;
  }

  private Set<String> sequence() throws Endless {
    Set<String> words = Set.of("");
    while (at < pattern.length() && peek() != '|' && peek() != ')') {
      Set<String> atom = atom();
      words = times(words, repeated(atom));
    }
    return words;
  }

  private Set<String> repeated(Set<String> atom) throws Endless {
    if (peek() == '?') {
      at++;
      Set<String> maybe = new LinkedHashSet<>(atom);
      maybe.add("");
      return maybe;
    }
    if (peek() == '*' || peek() == '+') {
      throw new Endless();
    }
    if (peek() != '{') {
      return atom;
    }
    int end = pattern.indexOf('}', at);
    String body = end < 0 ? "" : pattern.substring(at + 1, end);
    if (!body.matches("\\d{1,2}(,\\d{1,2})?")) {
      throw new Endless();
    }
    at = end + 1;
    int comma = body.indexOf(',');
    int least = Integer.parseInt(comma < 0 ? body : body.substring(0, comma));
    int most = comma < 0 ? least : Integer.parseInt(body.substring(comma + 1));
    Set<String> all = new LinkedHashSet<>();
    Set<String> words = Set.of("");
    for (int count = 0; count <= most; count++) {
      if (count >= least) {
        all.addAll(words);
        checked(all);
      }
      words = count == most ? words : times(words, atom);
    }
    return all;
  }

  private Set<String> atom() throws Endless {
    char c = pattern.charAt(at++);
    return switch (c) {
      case '(' -> group();
      case '[' -> characters();
      case '.' -> {
        if (!dotIsDigit) {
          throw new Endless();
        }
        dotSeen = true;
        yield each(DIGITS);
      }
      case '\\' -> each(escape());
      case '*', '+', '?', '{', '}', ']', '^', '$' -> throw new Endless();
      default -> Set.of(String.valueOf(c));
    };
  }

  private Set<String> group() throws Endless {
    if (pattern.startsWith("?:", at)) {
      at += 2;
    } else if (peek() == '?') {
      throw new Endless();
    }
    Set<String> inner = alternatives();
    if (peek() != ')') {
      throw new Endless();
    }
    at++;
    return inner;
  }

  private Set<String> characters() throws Endless {
    StringBuilder all = new StringBuilder();
    if (peek() == '^') {
      throw new Endless();
    }
    while (peek() != ']') {
      if (at >= pattern.length() || peek() == '[') {
        throw new Endless();
      }
      char c = pattern.charAt(at++);
      if (c == '\\') {
        all.append(escape());
      } else if (peek() == '-' && at + 1 < pattern.length() && pattern.charAt(at + 1) != ']') {
        char last = pattern.charAt(at + 1);
        at += 2;
        if (last < c || last - c > 100) {
          throw new Endless();
        }
        for (char one = c; one <= last; one++) {
          all.append(one);
        }
      } else {
        all.append(c);
      }
    }
    at++;
    return each(all.toString());
  }

  private String escape() throws Endless {
    char c = peek();
    at++;
    if (c == 'd') {
      return DIGITS;
    }
    if (c == 0 || Character.isLetterOrDigit(c)) {
      throw new Endless();
    }
    return String.valueOf(c);
  }

  private char peek() {
    return at < pattern.length() ? pattern.charAt(at) : 0;
  }

  private static Set<String> each(String characters) {
    Set<String> words = new LinkedHashSet<>();
    characters.chars().forEach(c -> words.add(String.valueOf((char) c)));
    return words;
  }

  private static Set<String> times(Set<String> heads, Set<String> tails) throws Endless {
    if ((long) heads.size() * tails.size() > MOST) {
      throw new Endless();
    }
    Set<String> words = new LinkedHashSet<>();
    for (String head : heads) {
      for (String tail : tails) {
        if (head.length() + tail.length() > LONGEST) {
          throw new Endless();
        }
        words.add(head + tail);
      }
    }
    return words;
  }

  private static void checked(Set<String> words) throws Endless {
    if (words.size() > MOST) {
      throw new Endless();
    }
  }
}
