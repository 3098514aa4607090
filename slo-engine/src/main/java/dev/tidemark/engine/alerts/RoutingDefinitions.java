package dev.tidemark.engine.alerts;

import dev.tidemark.alerting.route.RouteParser;
import dev.tidemark.alerting.route.Routes;
import dev.tidemark.alerting.route.SecretResolver;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.Problem;
import dev.tidemark.engine.definition.Problem.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The routes of the definitions and all that they name. Immutable.
 *
 * @param routes what could be read
 * @param problems of what could not, at the documents' places
 */
public record RoutingDefinitions(Routes routes, List<Problem> problems) {
  private static final Pattern PLACED =
      Pattern.compile("(.*?):(\\d+):(\\d+):? (.*)", Pattern.DOTALL);

  /** Copies the list. */
  public RoutingDefinitions {
    problems = List.copyOf(problems);
  }

  /**
   * Reads the documents of the kinds that {@link RouteParser} knows.
   *
   * @param environment for secrets; what is not set there is only warned of, because definitions
   *     are also validated where no secrets are
   */
  public static RoutingDefinitions of(Definitions definitions, Map<String, String> environment) {
    List<RouteParser.Document> documents =
        definitions.other().stream()
            .filter(document -> RouteParser.KINDS.contains(document.kind()))
            .map(
                document ->
                    new RouteParser.Document(
                        document.kind(),
                        document.name(),
                        document.spec(),
                        document.place(),
                        document.places()))
            .toList();
    RouteParser.Result result = new RouteParser(new SecretResolver(environment)).parse(documents);
    List<Problem> problems = new ArrayList<>();
    for (String text : result.problems()) {
      boolean secret =
          text.contains("is not set; set it before starting") || text.contains("secret's file");
      problems.add(problem(text, secret ? Severity.WARNING : Severity.ERROR));
    }
    result.warnings().forEach(text -> problems.add(problem(text, Severity.WARNING)));
    return new RoutingDefinitions(result.routes(), problems);
  }

  private static Problem problem(String text, Severity severity) {
    Matcher placed = PLACED.matcher(text);
    return placed.matches()
        ? new Problem(
            placed.group(1),
            Integer.parseInt(placed.group(2)),
            Integer.parseInt(placed.group(3)),
            severity,
            placed.group(4))
        : new Problem("definitions", 1, 1, severity, text);
  }
}
