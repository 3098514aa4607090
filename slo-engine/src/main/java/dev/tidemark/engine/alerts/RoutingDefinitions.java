package dev.tidemark.engine.alerts;

import dev.tidemark.alerting.route.RouteParser;
import dev.tidemark.alerting.route.Routes;
import dev.tidemark.alerting.route.SecretResolver;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.Problem;
import dev.tidemark.engine.definition.Problem.Severity;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The routes and receivers of the definitions. Immutable.
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
   * Reads the documents of kind Route and Receiver.
   *
   * @param environment for secrets; what is not set there is only warned of, because definitions
   *     are also validated where no secrets are
   */
  public static RoutingDefinitions of(Definitions definitions, Map<String, String> environment) {
    List<RouteParser.Document> documents =
        definitions.other().stream()
            .filter(
                document -> document.kind().equals("Route") || document.kind().equals("Receiver"))
            .map(
                document ->
                    new RouteParser.Document(
                        document.kind(), document.name(), document.spec(), document.place()))
            .toList();
    RouteParser.Result result = new RouteParser(new SecretResolver(environment)).parse(documents);
    return new RoutingDefinitions(
        result.routes(), result.problems().stream().map(RoutingDefinitions::problem).toList());
  }

  private static Problem problem(String text) {
    boolean secret =
        text.contains("is not set; set it before starting") || text.contains("secret's file");
    Severity severity = secret ? Severity.WARNING : Severity.ERROR;
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
