package dev.tidemark.alerting;

import static dev.tidemark.alerting.Samples.alert;
import static dev.tidemark.alerting.Samples.t;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.alerting.route.RouteParser;
import dev.tidemark.alerting.route.Routes;
import dev.tidemark.alerting.route.SecretResolver;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The recipe of the README: infrastructure goes to the platform's on-call, what data means to the
 * domain that owns it, lost data (F3) and a breach (F5) to both.
 */
class RoutingByCauseTest {
  private static RouteParser.Document document(String kind, String name, Map<String, Object> spec) {
    return new RouteParser.Document(kind, name, spec, "routes.yaml:1:1");
  }

  private static Routes recipe() {
    Map<String, Object> console = new LinkedHashMap<>();
    console.put("console", Map.of());
    RouteParser.Result result =
        new RouteParser(new SecretResolver(Map.of()))
            .parse(
                List.of(
                    document("Receiver", "platform", console),
                    document("Receiver", "owners", console),
                    document("Receiver", "team-payments", console),
                    document("Route", "everything", Map.of("receiver", "owners")),
                    document(
                        "Route",
                        "loss-and-breach",
                        Map.of(
                            "matchers",
                            List.of("sli=~\"completeness|access\""),
                            "receiver",
                            "platform",
                            "continue",
                            true)),
                    document(
                        "Route",
                        "infrastructure",
                        Map.of(
                            "matchers",
                            List.of("cause_type!=\"dataset\"", "sli!~\"completeness|access\""),
                            "receiver",
                            "platform")),
                    document(
                        "Route",
                        "domains",
                        Map.of(
                            "matchers",
                            List.of("cause_type=~\".+\""),
                            "receiver",
                            "owners",
                            "routes",
                            List.of(
                                Map.of(
                                    "matchers",
                                    List.of("domain=\"payments\""),
                                    "receiver",
                                    "team-payments"))))));
    assertThat(result.problems()).isEmpty();
    return result.routes();
  }

  /** Who is told of a broken objective, and what is upstream of its dataset. */
  private static List<String> told(String domain, String sli, String... path) {
    World world = new World(IncidentSettings.DEFAULT, recipe());
    Alert symptom =
        (path.length == 0 ? alert("orders", t(0)) : Samples.caused(t(0), path))
            .toBuilder().labels(Map.of("domain", domain, "sli", sli)).build();
    world.alerts(0, symptom);
    world.tick(30);
    return world.said();
  }

  @Test
  void infrastructure_goes_to_the_platform_whosever_data_it_is() {
    for (String type : List.of("connector", "pipeline", "engine", "quota")) {
      assertThat(told("payments", "freshness", type + ":x", "dataset:orders"))
          .as(type)
          .containsExactly("TRIGGERED platform");
    }
  }

  @Test
  void what_the_data_means_goes_to_the_domain_that_owns_it() {
    assertThat(told("payments", "validity")).containsExactly("TRIGGERED team-payments");
    assertThat(told("travel", "validity")).containsExactly("TRIGGERED owners");
    assertThat(told("payments", "freshness", "dataset:orders", "dataset:daily"))
        .containsExactly("TRIGGERED team-payments");
  }

  @Test
  void lost_data_and_a_breach_go_to_both_whatever_the_cause() {
    for (String sli : List.of("completeness", "access")) {
      assertThat(told("payments", sli))
          .containsExactly("TRIGGERED platform", "TRIGGERED team-payments");
      assertThat(told("payments", sli, "connector:cdc", "dataset:orders"))
          .containsExactly("TRIGGERED platform", "TRIGGERED team-payments");
      assertThat(told("travel", sli)).containsExactly("TRIGGERED platform", "TRIGGERED owners");
    }
  }

  @Test
  void when_the_cause_turns_out_to_be_a_connector_the_platform_is_told_and_the_domain_hears_on() {
    World world = new World(IncidentSettings.DEFAULT, recipe());
    Map<String, String> labels = Map.of("domain", "payments", "objective", "freshness");
    world.alerts(0, alert("orders", t(0)).toBuilder().labels(labels).build());
    world.tick(30);
    Alert caused =
        Samples.caused(t(0), "connector:cdc", "dataset:orders").toBuilder().labels(labels).build();
    world.alerts(60, caused);
    world.tick(400);
    world.alerts(500, caused.resolvedAt(t(500)));
    world.tick(620);
    assertThat(world.said())
        .startsWith("TRIGGERED team-payments", "TRIGGERED platform", "UPDATED team-payments")
        .contains("RESOLVED team-payments", "RESOLVED platform")
        .hasSize(5);
  }
}
