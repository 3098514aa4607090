package dev.tidemark.alerting.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Receivers as people write them; JSON with loose quotes stands for YAML here. */
class ReceiverReadingTest {
  private static final JsonMapper LOOSE =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES, JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
          .build();

  private static RouteParser.Result parse(String spec) {
    try {
      Map<String, Object> map = LOOSE.readValue(spec, new TypeReference<>() {});
      return new RouteParser(new SecretResolver(Map.of("KEY", "s3cret")))
          .parse(List.of(new RouteParser.Document("Receiver", "r", map, "r.yaml:7:1")));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static Receiver good(String spec) {
    RouteParser.Result result = parse(spec);
    assertThat(result.problems()).isEmpty();
    assertThat(result.routes().toString()).doesNotContain("s3cret");
    return Objects.requireNonNull(result.routes().receivers().get("r"));
  }

  @Test
  void a_receiver_may_name_who_stands_in_for_it() {
    String hook = "{webhook: {url: 'https://x.example.org'}, fallback: ";
    assertThat(good(hook + "{receiver: 'console'}}").fallback())
        .isEqualTo(new Receiver.Fallback("console", Duration.ofMinutes(10)));
    assertThat(good(hook + "{receiver: 'console', after: '90s'}}").fallback())
        .isEqualTo(new Receiver.Fallback("console", Duration.ofSeconds(90)));
    assertThat(parse(hook + "{receiver: 'consol'}}").problems())
        .singleElement()
        .asString()
        .contains("r.yaml:7:1", "no receiver 'consol'", "did you mean 'console'?");
    assertThat(parse(hook + "{receiver: 'r'}}").problems())
        .singleElement()
        .asString()
        .contains("cannot stand in for itself");
    assertThat(parse(hook + "{after: '1m'}}").problems())
        .singleElement()
        .asString()
        .contains("say which receiver");
  }

  private static RouteParser.Document receiver(String name, String fallback) {
    Map<String, Object> spec =
        Map.of("console", Map.of(), "fallback", Map.of("receiver", fallback));
    return new RouteParser.Document("Receiver", name, spec, name + ".yaml:1:1");
  }

  @Test
  void receivers_that_stand_in_for_each_other_in_a_circle_are_refused_once() {
    RouteParser.Result result =
        new RouteParser(new SecretResolver(Map.of()))
            .parse(
                List.of(
                    receiver("before", "a"),
                    receiver("a", "b"),
                    receiver("b", "c"),
                    receiver("c", "a"),
                    receiver("fine", "console")));
    assertThat(result.problems())
        .singleElement()
        .asString()
        .startsWith("a.yaml:1:1: spec.fallback.receiver: ")
        .contains("in a circle, a → b → c → a", "name another one or none");
  }

  @Test
  void each_channel_has_sensible_defaults() {
    assertThat(good("{opsgenie: {apiKey: '${KEY}', region: 'eu', responders: 'team:data'}}"))
        .extracting(Receiver::channel)
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.type(Receiver.Opsgenie.class))
        .satisfies(
            opsgenie -> {
              assertThat(opsgenie.url()).isEqualTo("https://api.eu.opsgenie.com");
              assertThat(opsgenie.priority()).isNull();
              assertThat(opsgenie.responders())
                  .containsExactly(new Receiver.Responder("team", "data"));
            });
    assertThat(
            good("{jira: {url: 'https://x.atlassian.net', username: 'a@x', token: '${KEY}',"
                    + " project: 'DATA'}}")
                .channel())
        .isInstanceOfSatisfying(
            Receiver.Jira.class,
            jira -> {
              assertThat(jira.cloud()).isTrue();
              assertThat(jira.issueType()).isEqualTo("Task");
            });
    assertThat(
            good("{jira: {url: 'https://jira.example.org', token: '${KEY}', project: 'DATA'}}")
                .channel())
        .isInstanceOfSatisfying(Receiver.Jira.class, jira -> assertThat(jira.cloud()).isFalse());
    assertThat(good("{github: {repository: 'a/b', token: '${KEY}'}}").channel())
        .isInstanceOfSatisfying(
            Receiver.Github.class,
            github -> assertThat(github.url()).isEqualTo("https://api.github.com"));
    assertThat(good("{servicenow: {url: 'https://x.service-now.com', token: '${KEY}'}}").channel())
        .isInstanceOfSatisfying(
            Receiver.ServiceNow.class,
            serviceNow -> {
              assertThat(serviceNow.username()).isNull();
              assertThat(serviceNow.closeCode()).isEqualTo("Solution provided");
            });
    assertThat(good("{slack: {token: '${KEY}', channel: 'C0123456789'}}").channel())
        .isInstanceOfSatisfying(
            Receiver.SlackBot.class,
            slack -> assertThat(slack.url()).isEqualTo("https://slack.com/api"));
    assertThat(good("{slack: {url: 'https://hooks.slack.com/${KEY}'}}").channel())
        .isInstanceOf(Receiver.Slack.class);
    assertThat(good("{teams: {url: 'https://x.example.org/${KEY}'}}").channel())
        .isInstanceOf(Receiver.Teams.class);
    assertThat(good("{alertmanager: {urls: ['http://am-0:9093', 'http://am-1:9093']}}").channel())
        .isInstanceOfSatisfying(
            Receiver.Alertmanager.class, cluster -> assertThat(cluster.urls()).hasSize(2));
    assertThat(
            good("{webhook: {url: 'https://x', format: 'alertmanager',"
                    + " signingSecret: '${KEY}'}}")
                .channel())
        .isInstanceOfSatisfying(
            Receiver.Webhook.class,
            webhook -> {
              assertThat(webhook.format()).isEqualTo(Receiver.WebhookFormat.ALERTMANAGER);
              assertThat(Objects.requireNonNull(webhook.signingSecret()).reveal())
                  .isEqualTo("s3cret");
            });
  }

  @Test
  void a_receiver_may_be_private_unless_it_says_otherwise_and_has_texts_of_its_own() {
    assertThat(good("{teams: {url: 'https://x'}}").allowPrivate()).isTrue();
    Receiver own =
        good(
            "{teams: {url: 'https://x'}, allowPrivate: false,"
                + " templates: {title: '{{mark}} {{dataset}}'}}");
    assertThat(own.allowPrivate()).isFalse();
    assertThat(own.templates()).isEqualTo(new Receiver.Templates("{{mark}} {{dataset}}", null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{slak: {url: 'https://x'}} | spec.slak: unknown field; did you mean 'slack'?",
        "{slack: {url: 'https://x'}, teams: {url: 'https://x'}} | this one has slack, teams",
        "{slack: {token: '${KEY}', channel: '#alerts'}} | spec.slack.channel: must be the channel's"
            + " id",
        "{slack: {token: '${KEY}'}} | spec.slack.channel: is missing",
        "{slack: {}} | spec.slack.url: is missing",
        "{webhook: {url: 'https://x', format: 'am'}} | spec.webhook.format: must be tidemark or",
        "{webhook: {url: 'https://x', signingSecret: '${NO}'}} | spec.webhook.signingSecret: the"
            + " environment",
        "{webhook: {url: 'https://a:s3cret@x'}} | spec.webhook.url: must not carry a user name or password, which previews and logs would show; leave out what is before the @ and give it in headers, such as {Authorization:",
        "{webhook: {url: 'https://${KEY}@x'}} | spec.webhook.url: must not carry a user name",
        "{webhook: {url: 'https://a:s3c@ret@x'}} | spec.webhook.url: must not carry a user name",
        "{alertmanager: {urls: ['http://am-0:9093', 'http://a:s3cret@am-1:9093']}} | spec.alertmanager.urls: must not carry a user name or password, which previews and logs would show; leave out what is before the @ and give it in headers",
        "{pagerduty: {routingKey: '${KEY}', url: 'https://a:s3cret@x'}} | spec.pagerduty.url: must not carry a user name or password, which previews and logs would show; leave out what is before the @ and give it in routingKey",
        "{slack: {token: '${KEY}', channel: 'C0123456789', url: 'https://a:s3cret@x'}} | spec.slack.url: must not carry a user name",
        "{opsgenie: {apiKey: '${KEY}', url: 'https://a:s3cret@x'}} | spec.opsgenie.url: must not carry a user name",
        "{teams: {url: 'https://a:s3cret@x'}} | spec.teams.url: must not carry a user name or password, which previews and logs would show; leave out what is before the @ and give it in the path",
        "{github: {repository: 'a/b', token: '${KEY}', url: 'https://a:s3cret@x'}} | spec.github.url: must not carry a user name",
        "{jira: {url: 'https://a:s3cret@x', token: '${KEY}', project: 'DATA'}} | spec.jira.url: must not carry a user name or password, which previews and logs would show; leave out what is before the @ and give it in token or username",
        "{servicenow: {url: 'https://a:s3cret@x', token: '${KEY}'}} | spec.servicenow.url: must not carry a user name",
        "{opsgenie: {apiKey: '${KEY}', priority: 1}} | spec.opsgenie.priority: must be P1",
        "{opsgenie: {apiKey: '${KEY}', region: 'asia'}} | spec.opsgenie.region: must be us or eu",
        "{opsgenie: {apiKey: '${KEY}', responders: ['data']}} | spec.opsgenie.responders: 'data'"
            + " must be team:NAME",
        "{pagerduty: {routingKey: '${KEY}', image: 'http://x/{{dataset}}.png'}} |"
            + " spec.pagerduty.image: must begin with https",
        "{pagerduty: {routingKey: '${KEY}', image: 'https://x/{{datset}}.png'}} |"
            + " spec.pagerduty.image: there is no 'datset'",
        "{alertmanager: {}} | spec.alertmanager.urls: is missing",
        "{alertmanager: {urls: ['am:9093']}} | spec.alertmanager.urls: is not an http",
        "{jira: {url: 'https://x.atlassian.net', token: '${KEY}', project: 'DATA'}} |"
            + " spec.jira.username: is missing",
        "{jira: {url: 'https://x', token: '${KEY}', project: 'data'}} | spec.jira.project: must be"
            + " a project's key",
        "{jira: {url: 'https://x', token: '${KEY}', project: 'DATA', labels: ['a b']}} |"
            + " spec.jira.labels: 'a b' has a space",
        "{github: {repository: 'data', token: '${KEY}'}} | spec.github.repository: must be"
            + " owner/name",
        "{github: {repository: 'a/b'}} | spec.github.token: is missing",
        "{servicenow: {url: 'https://x', username: 'u', token: '${KEY}'}} | give either token, or"
            + " username",
        "{servicenow: {url: 'https://x', password: '${KEY}'}} | spec.servicenow.username: is"
            + " missing",
        "{console: {}, templates: {title: 'x'}} | spec.templates: a receiver of the kind console"
            + " has no texts",
        "{teams: {url: 'https://x'}, templates: {titel: 'x'}} | spec.templates.titel: unknown"
            + " field; did you mean 'title'",
        "{teams: {url: 'https://x'}, templates: {body: '{{datset}}'}} | spec.templates.body: there"
            + " is no 'datset'; did you mean 'dataset'",
        "{teams: {url: 'https://x'}, templates: {body: '{{'}} | spec.templates.body: the template"
            + " cannot be read at 1:",
        "{teams: {url: 'https://x'}, templates: 'x'} | spec.templates: must be a mapping",
        "{teams: {url: 'https://x'}, allowPrivate: 'perhaps'} | spec.allowPrivate: must be true or"
            + " false"
      })
  void what_is_wrong_is_named_with_its_place(String spec, String problem) {
    assertThat(parse(spec).problems())
        .allSatisfy(said -> assertThat(said).startsWith("r.yaml:7:1: spec"))
        .anySatisfy(said -> assertThat(said).contains(problem))
        .noneSatisfy(said -> assertThat(said).contains("s3cret"));
  }
}
