package dev.tidemark.engine.definition.importer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.alerting.route.Receiver;
import dev.tidemark.alerting.route.Route;
import dev.tidemark.alerting.route.Routes;
import dev.tidemark.engine.alerts.RoutingDefinitions;
import dev.tidemark.engine.definition.Definitions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class AlertmanagerImporterTest {
  private static final Instant AT = Instant.parse("2026-03-02T12:00:00Z");

  private static final String RECEIVERS =
      """
      global:
        resolve_timeout: 5m
        slack_api_url: https://hooks.slack.example/T0/B0/s3cret-slack
        smtp_smarthost: mail.example.org:587
        smtp_from: alertmanager@example.org
        smtp_auth_username: alertmanager
        smtp_auth_password: s3cret-mail
        pagerduty_url: https://events.example.org/v2/enqueue
      route:
        receiver: everybody
        group_by: [alertname, cluster]
        group_wait: 45s
        routes:
          - receiver: pager
            matchers: ['severity="page"', 'team=~"shop|pay"']
            repeat_interval: 1h30m
            continue: true
            routes:
              - matchers: ['{service="shop", tier!="3"}']
                receiver: hooks
          - match: {team: shop}
            match_re: {service: "api-.*"}
            receiver: everybody
      receivers:
        - name: everybody
          email_configs:
            - to: 'a@example.org, b@example.org'
          slack_configs:
            - channel: '#alerts'
              send_resolved: true
        - name: pager
          pagerduty_configs:
            - routing_key: s3cret-pager
        - name: hooks
          webhook_configs:
            - url: https://hooks.example.org/s3cret-path
              send_resolved: false
              timeout: 5s
              http_config:
                authorization: {credentials: s3cret-token}
            - url_file: /run/secrets/hook
      """;

  /** What ours become, with every variable that the output asks for set to an address. */
  private static Routes routes(Imported imported) {
    Definitions definitions = Imports.ours(imported).definitions();
    Map<String, String> environment = new HashMap<>();
    Matcher names = Pattern.compile("\\$\\{([A-Z0-9_]+)}").matcher(imported.yaml());
    while (names.find()) {
      environment.put(names.group(1), "https://127.0.0.1/" + names.group(1));
    }
    RoutingDefinitions routing = RoutingDefinitions.of(definitions, environment);
    assertThat(routing.problems().stream().filter(problem -> !isMissingFile(problem.message())))
        .as(imported.yaml())
        .isEmpty();
    return routing.routes();
  }

  private static boolean isMissingFile(String message) {
    return message.contains("secret's file");
  }

  private static List<String> told(Routes routes, Map<String, String> labels) {
    return routes.targets(labels, AT).stream().map(Route.Target::receiver).toList();
  }

  @Test
  void the_tree_of_routes_decides_as_it_did() {
    Routes routes = routes(Imports.read(RECEIVERS.replace("- url_file: /run/secrets/hook", "")));

    assertThat(told(routes, Map.of("team", "other")))
        .containsExactly("everybody-email", "everybody-slack");
    assertThat(told(routes, Map.of("severity", "page", "team", "pay"))).containsExactly("pager");
    assertThat(told(routes, Map.of("severity", "page", "team", "pay", "service", "shop")))
        .containsExactly("hooks");
    assertThat(told(routes, Map.of("severity", "page", "team", "shop", "service", "api-1")))
        .containsExactly("pager", "everybody-email", "everybody-slack");
    assertThat(routes.targets(Map.of("severity", "page", "team", "pay"), AT).get(0).timing())
        .isEqualTo(
            new Route.Timing(
                Duration.ofSeconds(45), Duration.ofMinutes(5), Duration.ofMinutes(90)));
  }

  @Test
  void receivers_keep_their_channel_and_take_the_defaults_of_global() {
    Map<String, Receiver> receivers =
        routes(Imports.read(RECEIVERS.replace("- url_file: /run/secrets/hook", ""))).receivers();

    Receiver mail = Objects.requireNonNull(receivers.get("everybody-email"));
    assertThat(mail.sendResolved()).isFalse();
    assertThat(mail.channel())
        .isInstanceOfSatisfying(
            Receiver.Email.class,
            email -> {
              assertThat(email.host()).isEqualTo("mail.example.org");
              assertThat(email.port()).isEqualTo(587);
              assertThat(email.tls()).isEqualTo(Receiver.Tls.STARTTLS);
              assertThat(email.from()).isEqualTo("alertmanager@example.org");
              assertThat(email.to()).containsExactly("a@example.org", "b@example.org");
              assertThat(email.username()).isEqualTo("alertmanager");
            });
    assertThat(receivers.get("everybody-slack"))
        .isNotNull()
        .extracting(Receiver::sendResolved)
        .isEqualTo(true);
    assertThat(receivers.get("pager"))
        .isNotNull()
        .extracting(Receiver::channel)
        .isInstanceOfSatisfying(
            Receiver.PagerDuty.class,
            pager -> assertThat(pager.url()).isEqualTo("https://events.example.org/v2/enqueue"));
    assertThat(receivers.get("hooks"))
        .isNotNull()
        .satisfies(hooks -> assertThat(hooks.sendResolved()).isFalse())
        .extracting(Receiver::channel)
        .isInstanceOfSatisfying(
            Receiver.Webhook.class,
            hook -> {
              assertThat(hook.timeout()).isEqualTo(Duration.ofSeconds(5));
              assertThat(hook.headers()).containsOnlyKeys("Authorization");
            });
  }

  @Test
  void no_secret_is_copied_and_each_is_told_as_a_variable() {
    Imported imported = Imports.read(RECEIVERS);

    assertThat(imported.yaml()).doesNotContain("s3cret");
    assertThat(imported.losses()).noneMatch(loss -> loss.toString().contains("s3cret"));
    assertThat(imported.yaml())
        .contains("${SLACK_API_URL}")
        .contains("${SMTP_AUTH_PASSWORD}")
        .contains("${PAGER_PAGERDUTY_ROUTING_KEY}")
        .contains("${HOOKS_WEBHOOK_URL}")
        .contains("Bearer ${HOOKS_WEBHOOK_TOKEN}")
        .contains("file:/run/secrets/hook");
    assertThat(Imports.losses(imported))
        .anyMatch(loss -> loss.startsWith("theirs.yml:3:18: warning: the secret is not copied"));
  }

  @Test
  void a_file_that_is_no_yaml_does_not_show_its_lines() {
    Imported imported = Imports.read("global: {slack_api_url: 's3cret\nroute: [");

    assertThat(imported.losses()).hasSize(1);
    assertThat(imported.yaml()).startsWith("# lost: theirs.yml:").doesNotContain("s3cret");
  }

  @Test
  void every_loss_is_named_where_it_stands() {
    assertThat(
            Imports.losses(Imports.read(RECEIVERS)).stream()
                .filter(loss -> !loss.contains("the secret is not copied"))
                .map(loss -> loss.substring("theirs.yml:".length())))
        .satisfiesExactly(
            loss -> assertThat(loss).startsWith("2:20: ").contains("resolve_timeout"),
            loss -> assertThat(loss).startsWith("29:18: ").contains("'channel'"),
            loss -> assertThat(loss).startsWith("36:9: ").contains("JSON"),
            loss -> assertThat(loss).startsWith("41:9: ").contains("JSON"),
            loss -> assertThat(loss).startsWith("11:13: ").contains("root cause"));
  }

  @Test
  void a_receiver_without_a_channel_prints_to_the_console() {
    Imported imported =
        Imports.read(
            """
            route: {receiver: nobody}
            receivers:
              - name: nobody
            """);

    assertThat(routes(imported).receivers().get("nobody"))
        .isNotNull()
        .extracting(Receiver::channel)
        .isInstanceOf(Receiver.Console.class);
    assertThat(Imports.losses(imported)).singleElement().asString().contains("console");
  }

  @Test
  void what_has_no_channel_here_is_an_error_and_is_not_dropped_silently() {
    Imported imported =
        Imports.read(
            """
            route: {receiver: chat}
            receivers:
              - name: chat
                telegram_configs: [{bot_token: s3cret, chat_id: 1}]
            """);

    assertThat(routes(imported).receivers()).containsKey("chat");
    assertThat(Imports.losses(imported))
        .satisfiesExactly(
            loss -> assertThat(loss).startsWith("theirs.yml:4:24: 'telegram_configs'"),
            loss -> assertThat(loss).startsWith("theirs.yml:3:5: ").contains("nobody is told"));
  }

  @Test
  void a_route_that_cannot_be_read_is_left_out_with_all_below_it() {
    Imported imported =
        Imports.read(
            """
            route:
              receiver: all
              routes:
                - matchers: ['"foo bar"="x"']
                  receiver: all
                - matchers: [team=shop]
                  receiver: nowhere
                - matchers: ['team = "a,b"', 'severity=~"critical|high"']
                  receiver: all
            receivers:
              - name: all
                slack_configs: [{api_url: "${SLACK}"}]
            """);

    assertThat(Imports.losses(imported))
        .satisfiesExactly(
            loss -> assertThat(loss).startsWith("theirs.yml:4:17: the label 'foo bar'"),
            loss -> assertThat(loss).startsWith("theirs.yml:4:7: this route and all below"),
            loss -> assertThat(loss).startsWith("theirs.yml:7:17: there is no receiver 'nowhere'"),
            loss -> assertThat(loss).startsWith("theirs.yml:6:7: this route and all below"),
            loss -> assertThat(loss).startsWith("theirs.yml:8:17: warning: no incident has"));
    Route root = routes(imported).root();
    assertThat(root.routes())
        .singleElement()
        .extracting(route -> route.matchers().stream().map(Object::toString).toList())
        .isEqualTo(List.of("team=\"a,b\"", "severity=~\"critical|high\""));
  }

  @Test
  void a_receiver_of_several_channels_is_written_out_wherever_it_is_told() {
    Imported imported =
        Imports.read(
            """
            route:
              receiver: both
              routes:
                - {matchers: [team=shop], receiver: both}
            receivers:
              - name: both
                slack_configs: [{api_url: "${A}"}, {api_url: "${B}"}]
              - {name: both-slack, slack_configs: [{api_url: "${C}"}]}
            """);

    assertThat(imported.yaml()).doesNotContain("&id").doesNotContain("*id");
    assertThat(told(routes(imported), Map.of("team", "shop")))
        .containsExactly("both-slack-2", "both-slack-3");
  }

  @Test
  void a_tree_without_end_is_cut() {
    Imported imported =
        Imports.read(
            """
            route: &root {receiver: all, routes: [*root]}
            receivers:
              - {name: all, slack_configs: [{api_url: "${A}"}]}
            """);

    assertThat(Imports.losses(imported)).anyMatch(loss -> loss.contains("so many routes"));
  }

  @Test
  void times_are_kept_within_what_is_allowed() {
    Imported imported =
        Imports.read(
            """
            route: {receiver: all, group_wait: 0s, group_interval: 2y, repeat_interval: 10s}
            receivers:
              - {name: all, webhook_configs: [{url: "http://127.0.0.1:5001/"}]}
            """);

    assertThat(routes(imported).root().timing())
        .isEqualTo(new Route.Timing(Duration.ZERO, Duration.ofDays(366), Duration.ofMinutes(1)));
    assertThat(imported.yaml()).contains("http://127.0.0.1:5001/");
    assertThat(Imports.losses(imported)).hasSize(3);
  }

  @Test
  @SuppressWarnings("unchecked")
  void intervals_and_inhibitions_keep_their_fields_in_our_spelling() {
    Imported imported =
        Imports.read(
            """
            route:
              receiver: all
              routes:
                - matchers: [team=shop]
                  mute_time_intervals: [nights]
                  active_time_intervals: [office]
            receivers:
              - {name: all, slack_configs: [{api_url_file: /run/secrets/slack}]}
              - {name: genie, opsgenie_configs: [{api_key: s3cret}]}
              - {name: teams, msteams_configs: [{webhook_url: "https://x.example/s3cret"}]}
            time_intervals:
              - name: office
                time_intervals:
                  - times: [{start_time: 09:00, end_time: 17:00}]
                    weekdays: ['monday:friday']
                    location: Europe/Warsaw
            mute_time_intervals:
              - name: nights
                time_intervals:
                  - {days_of_month: ['1:5', '-3:-1'], months: ['december'], years: ['2030'], location: Local}
            inhibit_rules:
              - source_matchers: [severity="page"]
                target_match: {severity: ticket}
                target_match_re: {team: "shop|pay"}
                equal: [dataset]
            """);

    Map<String, Map<String, Object>> specs = new HashMap<>();
    new Load(LoadSettings.builder().build())
        .loadAllFromString(imported.yaml())
        .forEach(
            document -> {
              Map<String, Object> map = (Map<String, Object>) document;
              Map<String, Object> metadata = (Map<String, Object>) map.get("metadata");
              specs.put(
                  map.get("kind") + "/" + (metadata == null ? "" : metadata.get("name")),
                  (Map<String, Object>) map.get("spec"));
            });
    assertThat(specs)
        .containsEntry(
            "TimeInterval/office",
            Map.of(
                "intervals",
                List.of(
                    Map.of(
                        "times", List.of(Map.of("from", "09:00", "to", "17:00")),
                        "weekdays", List.of("monday:friday"),
                        "location", "Europe/Warsaw"))))
        .containsEntry(
            "TimeInterval/nights",
            Map.of(
                "intervals",
                List.of(
                    Map.of(
                        "daysOfMonth", List.of("1:5", "-3:-1"),
                        "months", List.of("december"),
                        "years", List.of("2030")))))
        .containsEntry(
            "Inhibition/inhibition-1",
            Map.of(
                "sourceMatchers", List.of("severity=\"page\""),
                "targetMatchers", List.of("severity=\"ticket\"", "team=~\"shop|pay\""),
                "equal", List.of("dataset")))
        .containsEntry(
            "Route/everything",
            Map.of(
                "receiver",
                "all",
                "routes",
                List.of(
                    Map.of(
                        "matchers", List.of("team=\"shop\""),
                        "muteTimeIntervals", List.of("nights"),
                        "activeTimeIntervals", List.of("office")))))
        .containsEntry(
            "Receiver/genie", Map.of("opsgenie", Map.of("apiKey", "${GENIE_OPSGENIE_API_KEY}")))
        .containsEntry("Receiver/teams", Map.of("teams", Map.of("url", "${TEAMS_TEAMS_URL}")))
        .containsEntry(
            "Receiver/all",
            Map.of("slack", Map.of("url", "file:/run/secrets/slack"), "sendResolved", false));
  }
}
