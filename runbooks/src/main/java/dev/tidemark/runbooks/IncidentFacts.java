package dev.tidemark.runbooks;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The names a runbook may use as {@code {{incident.NAME}}}, and what stands there when nothing is
 * known. Facts come from signals and are not trusted.
 */
final class IncidentFacts {
  /** Text for prose, then the word for commands that the reader replaces. */
  private record Unknown(String prose, String command) {}

  private static final Map<String, Unknown> NAMES = names();

  /** What may stand in a command that a tired person copies: nothing a shell acts on. */
  private static final Pattern HARMLESS =
      Pattern.compile("[\\p{L}\\p{N}._:/@+=,][\\p{L}\\p{N}._:/@+=, -]*");

  private IncidentFacts() {}

  static boolean isKnown(String name) {
    return NAMES.containsKey(name);
  }

  /** Returns values for prose. */
  static Map<String, String> prose(Map<String, String> facts) {
    Map<String, String> values = new LinkedHashMap<>();
    NAMES.forEach((name, unknown) -> values.put(name, given(facts, name, unknown.prose())));
    return values;
  }

  /**
   * Returns values for commands. A fact that a shell could act on is not put there; the reader sees
   * the word to replace instead.
   */
  static Map<String, String> commands(Map<String, String> facts) {
    Map<String, String> values = new LinkedHashMap<>();
    NAMES.forEach(
        (name, unknown) -> {
          String fact = given(facts, name, unknown.command());
          values.put(name, HARMLESS.matcher(fact).matches() ? fact : unknown.command());
        });
    return values;
  }

  private static String given(Map<String, String> facts, String name, String otherwise) {
    String fact = facts.get(name);
    return fact == null || fact.isBlank() ? otherwise : fact;
  }

  private static Map<String, Unknown> names() {
    Map<String, Unknown> names = new LinkedHashMap<>();
    names.put("id", new Unknown("the incident", "INCIDENT"));
    names.put("title", new Unknown("this failure", "TITLE"));
    names.put("dataset", new Unknown("the dataset", "DATASET"));
    names.put("objective", new Unknown("the objective", "OBJECTIVE"));
    names.put("pipeline", new Unknown("the pipeline", "PIPELINE"));
    names.put("connector", new Unknown("the connector", "CONNECTOR"));
    names.put("run", new Unknown("the run", "RUN_ID"));
    names.put("since", new Unknown("the time the incident began", "SINCE"));
    names.put("cause", new Unknown("not known yet", "CAUSE"));
    names.put("hurt", new Unknown("see the dataset's page, under Lineage", "CONSUMERS"));
    names.put("owner", new Unknown("the owner of the dataset", "OWNER"));
    return Collections.unmodifiableMap(names);
  }
}
