package dev.tidemark.alerting.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteParserTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of("PAGER_KEY", "k3y", "SLACK_URL", "https://hooks.example.org/T0/s3cret");
  private final RouteParser parser = new RouteParser(new SecretResolver(ENVIRONMENT));

  private static RouteParser.Document document(String kind, String name, Map<String, Object> spec) {
    return new RouteParser.Document(kind, name, spec, "routes.yaml:3:1");
  }

  private static List<String> receivers(Routes routes, Map<String, String> labels) {
    return routes.targets(labels, Instant.EPOCH).stream().map(Route.Target::receiver).toList();
  }

  @Test
  void nothing_configured_goes_to_the_console() {
    RouteParser.Result result = parser.parse(List.of());
    assertThat(result.problems()).isEmpty();
    assertThat(receivers(result.routes(), Map.of("severity", "page"))).containsExactly("console");
  }

  @Test
  void a_tree_routes_by_labels_and_inherits_receivers_and_timing() {
    RouteParser.Result result =
        parser.parse(
            List.of(
                document(
                    "Receiver", "pager", Map.of("pagerduty", Map.of("routingKey", "${PAGER_KEY}"))),
                document("Receiver", "team", Map.of("slack", Map.of("url", "${SLACK_URL}"))),
                document(
                    "Route",
                    "root",
                    Map.of("receiver", "team", "groupWait", "10s", "repeat_interval", "2h")),
                document(
                    "Route",
                    "pages",
                    Map.of(
                        "matchers",
                        List.of("severity=\"page\""),
                        "receiver",
                        "pager",
                        "continue",
                        true,
                        "group_wait",
                        0)),
                document(
                    "Route",
                    "travel",
                    Map.of(
                        "matchers",
                        List.of("domain=~\"trav.*\""),
                        "routes",
                        List.of(
                            Map.of(
                                "matchers",
                                List.of("severity=\"page\""),
                                "receivers",
                                List.of("console", "team")))))));
    assertThat(result.problems()).isEmpty();
    Routes routes = result.routes();
    assertThat(receivers(routes, Map.of("severity", "ticket"))).containsExactly("team");
    assertThat(receivers(routes, Map.of("severity", "page"))).containsExactly("pager");
    assertThat(receivers(routes, Map.of("severity", "page", "domain", "travel")))
        .containsExactly("pager", "console", "team");
    assertThat(receivers(routes, Map.of("severity", "ticket", "domain", "travel")))
        .containsExactly("team");
    assertThat(routes.targets(Map.of("severity", "page"), Instant.EPOCH).get(0).timing())
        .isEqualTo(new Route.Timing(Duration.ZERO, Duration.ofMinutes(5), Duration.ofHours(2)));
  }

  @Test
  void every_problem_is_named_with_its_place_in_one_go() {
    RouteParser.Result result =
        parser.parse(
            List.of(
                document("Receiver", "none", Map.of()),
                document("Receiver", "key", Map.of("pagerduty", Map.of("routingKey", "${NOPE}"))),
                document("Receiver", "url", Map.of("webhook", Map.of("url", "ftp://x/t0ken"))),
                document(
                    "Receiver",
                    "mail",
                    Map.of("email", Map.of("host", "m", "from", "a@b", "port", "x"))),
                document(
                    "Route",
                    "r",
                    Map.of(
                        "matchers", List.of("severity"),
                        "receiver", "nobody",
                        "groupWait", "soon",
                        "group_by", List.of("x"),
                        "colour", "red"))));
    assertThat(result.problems())
        .allSatisfy(problem -> assertThat(problem).startsWith("routes.yaml:3:1: spec"))
        .anySatisfy(
            problem -> assertThat(problem).contains("exactly one of alertmanager, console, email"))
        .anySatisfy(problem -> assertThat(problem).contains("environment variable NOPE is not set"))
        .anySatisfy(problem -> assertThat(problem).contains("spec.webhook.url: is not an http"))
        .anySatisfy(problem -> assertThat(problem).contains("spec.email.port: must be a whole"))
        .anySatisfy(problem -> assertThat(problem).contains("spec.email.to: is missing"))
        .anySatisfy(problem -> assertThat(problem).contains("'severity' is not a matcher"))
        .anySatisfy(problem -> assertThat(problem).contains("there is no receiver 'nobody'"))
        .anySatisfy(problem -> assertThat(problem).contains("'soon' is not a duration"))
        .anySatisfy(problem -> assertThat(problem).contains("grouped by root cause"))
        .anySatisfy(problem -> assertThat(problem).contains("spec.colour: unknown field"))
        .noneSatisfy(problem -> assertThat(problem).contains("t0ken"));
    assertThat(receivers(result.routes(), Map.of())).containsExactly("console");
  }

  @Test
  void secrets_come_from_the_environment_or_a_file_and_are_never_shown(@TempDir Path folder)
      throws IOException {
    Path file = Files.writeString(folder.resolve("key"), "fr0mfile\n");
    RouteParser.Result result =
        parser.parse(
            List.of(
                document(
                    "Receiver", "a", Map.of("pagerduty", Map.of("routingKey", "${PAGER_KEY}"))),
                document(
                    "Receiver", "b", Map.of("pagerduty", Map.of("routingKey", "file:" + file)))));
    assertThat(result.problems()).isEmpty();
    assertThat(Objects.requireNonNull(result.routes().receivers().get("a")).channel())
        .isInstanceOfSatisfying(
            Receiver.PagerDuty.class,
            channel -> assertThat(channel.routingKey().reveal()).isEqualTo("k3y"));
    assertThat(Objects.requireNonNull(result.routes().receivers().get("b")).channel())
        .isInstanceOfSatisfying(
            Receiver.PagerDuty.class,
            channel -> assertThat(channel.routingKey().reveal()).isEqualTo("fr0mfile"));
    assertThat(result.routes().toString()).doesNotContain("k3y").doesNotContain("fr0mfile");
  }
}
