package dev.tidemark.engine.cli;

import dev.tidemark.engine.definition.ParseResult;
import dev.tidemark.engine.definition.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What files of definitions hold, counted in words; only of the kinds that are there. Stateless.
 */
final class DefinitionCounts {
  private DefinitionCounts() {}

  /** Such as {@code 1 dataset, 3 objectives, 1 route, no problems}. */
  static String words(ParseResult result) {
    List<String> words = new ArrayList<>();
    result
        .documents()
        .forEach(
            (kind, count) -> {
              // An SLO of OpenSLO is its objectives, which are counted below.
              if (!kind.equals("SLO")) {
                words.add(count(count, noun(kind)));
              }
            });
    int objectives = result.definitions().objectives().size();
    if (objectives > 0) {
      words.add(count(objectives, "objective"));
    }
    if (words.isEmpty()) {
      words.add("no definitions");
    }
    int before = words.size();
    add(words, count(result, Problem.Severity.ERROR), "error");
    add(words, count(result, Problem.Severity.WARNING), "warning");
    if (words.size() == before) {
      words.add("no problems");
    }
    return String.join(", ", words);
  }

  private static int count(ParseResult result, Problem.Severity severity) {
    return (int)
        result.problems().stream().filter(problem -> problem.severity() == severity).count();
  }

  private static void add(List<String> words, int count, String noun) {
    if (count > 0) {
      words.add(count(count, noun));
    }
  }

  /** Such as {@code check suite} of {@code CheckSuite}. */
  private static String noun(String kind) {
    return switch (kind) {
      case "Maintenance" -> "maintenance window";
      case "SLI" -> "indicator";
      default -> kind.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    };
  }

  private static String count(int count, String noun) {
    String many = noun.endsWith("y") ? noun.substring(0, noun.length() - 1) + "ies" : noun + "s";
    return count + " " + (count == 1 ? noun : many);
  }
}
