package dev.tidemark.checks.suite;

import dev.tidemark.checks.schema.Compatibility;
import dev.tidemark.checks.sql.Database;
import dev.tidemark.checks.suite.CheckSuite.Check;
import dev.tidemark.checks.suite.CheckSuite.Method;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code kind: CheckSuite}. All problems of a suite come in one go; a suite with one is left
 * out. Not thread-safe.
 */
public final class SuiteParser {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(s|m|h|d)");
  private static final int LEAST_ROWS = 200;
  private static final Map<String, Set<String>> KEYS =
      Map.of(
          "rowCount", Set.of("name", "table", "where", "atLeast", "atMost"),
          "freshness", Set.of("name", "table", "where", "column", "within", "timeZone"),
          "drift",
              Set.of(
                  "name",
                  "table",
                  "where",
                  "column",
                  "reference",
                  "categorical",
                  "method",
                  "below",
                  "atLeastRows"),
          "schema", Set.of("name", "table", "snapshot", "mode"));

  private final Map<String, String> environment;
  private final List<String> problems = new ArrayList<>();

  /**
   * Takes secrets written as {@code ${NAME}} from this environment.
   *
   * @param environment usually {@link System#getenv()}
   */
  public SuiteParser(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /** Everything that was wrong so far, each with its place. */
  public List<String> problems() {
    return List.copyOf(problems);
  }

  /**
   * Reads one document.
   *
   * @param name of its metadata
   * @param spec its body: maps, lists and plain values
   * @param place {@code file:line:column}
   * @param folder of the file, from which paths of snapshots are meant
   */
  public Optional<CheckSuite> parse(
      String name, Map<String, Object> spec, String place, Path folder) {
    int before = problems.size();
    Node root = new Node(spec, place + ": spec");
    root.onlyKnows(Set.of("dataset", "source", "checks"));
    String dataset = root.text("dataset", null);
    Node source = root.map("source");
    source.onlyKnows(Set.of("url", "user", "password"));
    Database.Source where =
        new Database.Source(
            secret(source, "url", null),
            secret(source, "user", ""),
            secret(source, "password", ""));
    if (!where.url().isEmpty() && !where.url().startsWith("jdbc:")) {
      source.problem("url has to start with jdbc:, such as jdbc:postgresql://localhost/shop");
    }
    List<Check> checks = new ArrayList<>();
    List<?> list = root.value("checks") instanceof List<?> given ? given : List.of();
    if (list.isEmpty()) {
      root.problem("needs 'checks', a list such as [{rowCount: {table: orders, atLeast: 1}}]");
    }
    for (int i = 0; i < list.size(); i++) {
      check(new Node(list.get(i), root.place + ".checks[" + i + "]"), folder)
          .ifPresent(checks::add);
    }
    return problems.size() > before
        ? Optional.empty()
        : Optional.of(new CheckSuite(name, dataset, where, checks));
  }

  private Optional<Check> check(Node element, Path folder) {
    if (element.keys().size() != 1 || !KEYS.containsKey(element.keys().iterator().next())) {
      element.problem("is one of " + String.join(", ", new TreeSet<>(KEYS.keySet())));
      return Optional.empty();
    }
    String kind = element.keys().iterator().next();
    Node body = element.map(kind);
    body.onlyKnows(KEYS.getOrDefault(kind, Set.of()));
    String table = body.text("table", null);
    String name = body.text("name", kind + "_" + table);
    Database.Table rows = new Database.Table(table, body.text("where", ""));
    return Optional.of(
        switch (kind) {
          case "rowCount" ->
              new CheckSuite.RowCount(
                  name,
                  rows,
                  (long) body.number("atLeast", 1),
                  (long) body.number("atMost", Long.MAX_VALUE));
          case "freshness" ->
              new CheckSuite.Freshness(
                  name, rows, body.text("column", null), duration(body), zone(body));
          case "schema" ->
              new CheckSuite.Schema(
                  name, table, folder.resolve(body.text("snapshot", null)), mode(body));
          default -> drift(body, name, rows);
        });
  }

  private Check drift(Node body, String name, Database.Table rows) {
    Node reference = body.map("reference");
    reference.onlyKnows(Set.of("table", "where"));
    Method method = Method.PSI;
    String word = body.text("method", "psi");
    try {
      method = Method.valueOf(word.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      body.problem("method is psi or ks, not '" + word + "'");
    }
    boolean categorical = body.text("categorical", "false").equals("true");
    if (categorical && method == Method.KS) {
      body.problem("ks compares numbers; leave categorical out, or use method: psi");
    }
    return new CheckSuite.Drift(
        name,
        rows,
        new Database.Table(reference.text("table", rows.name()), reference.text("where", "")),
        body.text("column", null),
        categorical,
        method,
        body.number("below", 0.25),
        (int) Math.max(2, body.number("atLeastRows", LEAST_ROWS)));
  }

  private static Compatibility mode(Node body) {
    try {
      return Compatibility.parse(body.text("mode", "backward"));
    } catch (IllegalArgumentException e) {
      body.problem("mode: " + e.getMessage());
      return Compatibility.BACKWARD;
    }
  }

  private static Duration duration(Node body) {
    String text = body.text("within", null);
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      if (!text.isEmpty()) {
        body.problem("within is a duration such as 30m, 6h or 1d, not '" + text + "'");
      }
      return Duration.ZERO;
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  private static ZoneId zone(Node body) {
    String text = body.text("timeZone", "UTC");
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      body.problem("'" + text + "' is no time zone; write one such as Europe/Warsaw");
      return ZoneOffset.UTC;
    }
  }

  private String secret(Node node, String key, @Nullable String otherwise) {
    String text = node.text(key, otherwise);
    if (text.startsWith("${") && text.endsWith("}")) {
      String name = text.substring(2, text.length() - 1);
      String found = environment.get(name);
      if (found == null) {
        node.problem(key + " wants the environment variable " + name + ", which is not set");
        return "";
      }
      return found;
    }
    return text;
  }

  /** A map of the document that knows its place. */
  private final class Node {
    private final Map<String, Object> values = new TreeMap<>();
    private final String place;

    Node(@Nullable Object value, String place) {
      this.place = place;
      if (value instanceof Map<?, ?> map) {
        map.forEach((key, member) -> values.put(String.valueOf(key), member == null ? "" : member));
      } else if (value != null) {
        problem("has to be a map of settings");
      }
    }

    Set<String> keys() {
      return values.keySet();
    }

    void problem(String what) {
      problems.add(place + " " + what);
    }

    void onlyKnows(Set<String> known) {
      for (String key : values.keySet()) {
        if (!known.contains(key)) {
          problem(
              "does not know '" + key + "'; known are " + String.join(", ", new TreeSet<>(known)));
        }
      }
    }

    @Nullable Object value(String key) {
      return values.get(key);
    }

    /** Returns a text; without one, the other, or complains when there is none either. */
    String text(String key, @Nullable String otherwise) {
      Object value = values.get(key);
      if (value != null && !(value instanceof Map) && !(value instanceof List)) {
        return value.toString();
      }
      if (value != null) {
        problem(key + " has to be a single value");
      } else if (otherwise == null) {
        problem("needs '" + key + "'");
      }
      return otherwise == null ? "" : otherwise;
    }

    double number(String key, double otherwise) {
      Object value = values.get(key);
      if (value == null) {
        return otherwise;
      }
      if (value instanceof Number number && number.doubleValue() >= 0) {
        return number.doubleValue();
      }
      problem(key + " has to be a number from 0, not '" + value + "'");
      return otherwise;
    }

    Node map(String key) {
      Object value = values.get(key);
      if (value == null) {
        problem("needs '" + key + "'");
      }
      return new Node(value, place + "." + key);
    }
  }
}
