package dev.tidemark.engine.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.definition.DefinitionParser;
import dev.tidemark.engine.definition.ParseResult;
import dev.tidemark.engine.definition.Problem;
import dev.tidemark.engine.definition.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the text of files to who is told: every kind that routes name. */
class RoutingDefinitionsTest {
  private static final String ON_CALL =
      """
      apiVersion: tidemark/v1
      kind: Receiver
      metadata: {name: anna}
      spec: {console: {}}
      ---
      apiVersion: tidemark/v1
      kind: Receiver
      metadata: {name: bo}
      spec: {console: {}}
      ---
      apiVersion: tidemark/v1
      kind: Schedule
      metadata: {name: primary}
      spec:
        timezone: Europe/Warsaw
        layers:
          - name: weeks
            members: [anna, bo]
            start: 2026-01-05
            handOver: {every: week, on: monday, at: 09:00}
      ---
      apiVersion: tidemark/v1
      kind: Escalation
      metadata: {name: on-call}
      spec:
        steps:
          - {after: 0m, notify: ["schedule:primary"]}
          - after: 15m
            notify: [console]
        repeat: 2
        lastResort: console
      ---
      apiVersion: tidemark/v1
      kind: TimeInterval
      metadata: {name: weekend}
      spec:
        timeIntervals:
          - {weekdays: [saturday, sunday], location: Europe/Warsaw}
      ---
      apiVersion: tidemark/v1
      kind: Inhibition
      metadata: {name: pages-first}
      spec:
        sourceMatchers: ['severity="page"']
        targetMatchers: ['severity="ticket"']
        equal: [domain]
      ---
      apiVersion: tidemark/v1
      kind: Route
      metadata: {name: pages}
      spec:
        matchers: ['severity="page"']
        escalation: on-call
      ---
      apiVersion: tidemark/v1
      kind: Route
      metadata: {name: tickets}
      spec:
        matchers: ['severity="ticket"']
        receiver: schedule:primary
        muteTimeIntervals: [weekend]
      """;

  private static RoutingDefinitions read(String text) {
    ParseResult parsed = DefinitionParser.parse(List.of(new SourceFile("on-call.yaml", text)));
    assertThat(parsed.problems()).isEmpty();
    return RoutingDefinitions.of(parsed.definitions(), Map.of());
  }

  @Test
  void schedules_escalations_intervals_and_inhibitions_are_in_the_routes() {
    RoutingDefinitions read = read(ON_CALL);
    assertThat(read.problems()).isEmpty();
    assertThat(
            Objects.requireNonNull(read.routes().schedules().get("primary"))
                .onCall(Instant.parse("2026-01-12T08:00:00Z")))
        .containsExactly("bo");
    assertThat(Objects.requireNonNull(read.routes().escalations().get("on-call")).calls())
        .isEqualTo(7);
    assertThat(read.routes().inhibitions()).hasSize(1);
    // 2026-01-10 is a Saturday.
    Instant saturday = Instant.parse("2026-01-10T12:00:00Z");
    assertThat(read.routes().targets(Map.of("severity", "ticket"), saturday))
        .singleElement()
        .satisfies(target -> assertThat(target.quiet().at(saturday)).isTrue());
  }

  @Test
  void what_the_readme_shows_is_understood(@TempDir Path folder) throws IOException {
    String readme = Files.readString(Path.of("../alerting/README.md"));
    StringBuilder yaml = new StringBuilder();
    Matcher blocks = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL).matcher(readme);
    while (blocks.find()) {
      yaml.append(blocks.group(1)).append("---\n");
    }
    for (String name : List.of("anna", "bo", "carla", "platform")) {
      yaml.append("{apiVersion: tidemark/v1, kind: Receiver, metadata: {name: ")
          .append(name)
          .append("}, spec: {console: {}}}\n---\n");
    }
    Path unused =
        Files.writeString(
            folder.resolve("on-call.ics"), "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n");
    String file = folder.resolve("readme.yaml").toString();
    ParseResult parsed =
        DefinitionParser.parse(
            List.of(new SourceFile(file, yaml.substring(0, yaml.length() - "---\n".length()))));
    assertThat(parsed.problems()).isEmpty();
    RoutingDefinitions read = RoutingDefinitions.of(parsed.definitions(), Map.of());
    assertThat(read.problems())
        .allSatisfy(one -> assertThat(one.severity()).isEqualTo(Problem.Severity.WARNING));
    assertThat(read.routes().schedules()).containsKey("primary");
    assertThat(read.routes().inhibitions()).hasSize(1);
  }

  @Test
  void problems_name_line_and_column_of_the_field() {
    RoutingDefinitions read =
        read(
            ON_CALL
                .replace("notify: [console]", "notify: [consol]")
                .replace("members: [anna, bo]", "members: [anna, bob]")
                .replace("[weekend]", "[weekends]"));
    assertThat(read.problems().stream().map(Problem::toString))
        .containsExactlyInAnyOrder(
            "on-call.yaml:18:7: spec.layers[0].members: there is no receiver 'bob'; did you mean"
                + " 'bo'?",
            "on-call.yaml:29:7: spec.steps[1].notify: there is no receiver 'consol'; did you mean"
                + " 'console'?",
            "on-call.yaml:61:3: spec.muteTimeIntervals: there is no time interval 'weekends'; did"
                + " you mean 'weekend'?");
  }
}
