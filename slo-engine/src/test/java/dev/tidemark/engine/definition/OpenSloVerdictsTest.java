package dev.tidemark.engine.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files in the shape of public ones, valid or with one mistake each. What has to be said of them
 * stands in their first lines, worked out from the specification: {@code rule} is an error when
 * reading strictly and a warning otherwise, {@code strict} an error when reading strictly and
 * nothing otherwise; {@code error} and {@code warning} are so in both. Then line and column, and a
 * part of the message.
 */
class OpenSloVerdictsTest {
  private static final Pattern VERDICT =
      Pattern.compile("#! (rule|strict|error|warning) (\\d+):(\\d+) (.+)");

  /** One line of the table. */
  private record Verdict(String kind, int line, int column, String part) {
    String severity(Strictness strictness) {
      boolean strict = strictness == Strictness.STRICT;
      return switch (kind) {
        case "rule" -> strict ? "ERROR" : "WARNING";
        case "strict" -> strict ? "ERROR" : "";
        default -> kind.toUpperCase(java.util.Locale.ROOT);
      };
    }

    boolean isOf(Problem problem, Strictness strictness) {
      return problem.line() == line
          && problem.column() == column
          && problem.severity().name().equals(severity(strictness))
          && problem.message().contains(part);
    }
  }

  static Stream<Path> files() throws IOException, URISyntaxException {
    Path folder =
        Path.of(Objects.requireNonNull(OpenSloVerdictsTest.class.getResource("/openslo")).toURI());
    try (Stream<Path> found = Files.list(folder)) {
      return found.sorted().toList().stream();
    }
  }

  private static List<Verdict> verdicts(String text) {
    return text.lines()
        .takeWhile(line -> line.startsWith("#!"))
        .map(
            line -> {
              Matcher matcher = VERDICT.matcher(line);
              assertThat(matcher.matches()).as(line).isTrue();
              return new Verdict(
                  matcher.group(1),
                  Integer.parseInt(matcher.group(2)),
                  Integer.parseInt(matcher.group(3)),
                  matcher.group(4));
            })
        .toList();
  }

  @ParameterizedTest
  @MethodSource("files")
  void says_what_has_to_be_said_and_nothing_else(Path file) throws IOException {
    String text = Files.readString(file);
    for (Strictness strictness : Strictness.values()) {
      List<Problem> problems =
          DefinitionParser.parse(
                  List.of(new SourceFile(file.getFileName().toString(), text)), strictness)
              .problems();
      List<Verdict> expected =
          verdicts(text).stream().filter(one -> !one.severity(strictness).isEmpty()).toList();
      for (Verdict verdict : expected) {
        assertThat(problems)
            .as("%s: %s", strictness, verdict)
            .anyMatch(problem -> verdict.isOf(problem, strictness));
      }
      assertThat(problems).as(strictness.name()).hasSize(expected.size());
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void whatever_line_is_missing_it_is_read_to_the_end(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    for (int left = 0; left < lines.size(); left++) {
      List<String> others = new ArrayList<>(lines);
      String out = others.remove(left);
      for (Strictness strictness : Strictness.values()) {
        assertThatCode(
                () ->
                    assertThat(
                            DefinitionParser.parse(
                                List.of(new SourceFile("a.yaml", String.join("\n", others))),
                                strictness))
                        .isNotNull())
            .as("without '%s'", out)
            .doesNotThrowAnyException();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"flights.yaml", "routes.yaml", "runs.yaml"})
  void the_demo_keeps_to_the_specification(String name) throws IOException {
    try (InputStream in =
        OpenSloVerdictsTest.class.getResourceAsStream("/demo/definitions/" + name)) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      assertThat(
              DefinitionParser.parse(List.of(new SourceFile(name, text)), Strictness.STRICT)
                  .hasErrors())
          .isFalse();
    }
  }

  /** All seven kinds in seven files: the order of files changes nothing. */
  @Test
  void objects_refer_to_each_other_across_files_in_any_order() {
    List<SourceFile> files = new ArrayList<>();
    for (String document : SEVEN.split("---\n", -1)) {
      files.add(new SourceFile("f" + files.size() + ".yaml", document));
    }
    assertThat(files).hasSize(7);
    ParseResult first = DefinitionParser.parse(files, Strictness.STRICT);
    assertThat(first.hasErrors()).isFalse();
    assertThat(first.definitions().objectives())
        .singleElement()
        .satisfies(objective -> assertThat(objective.conditions()).hasSize(1));
    for (int turn = 1; turn < files.size(); turn++) {
      Collections.rotate(files, 1);
      ParseResult turned = DefinitionParser.parse(files, Strictness.STRICT);
      assertThat(turned.definitions().objectives()).isEqualTo(first.definitions().objectives());
      assertThat(turned.problems()).containsExactlyInAnyOrderElementsOf(first.problems());
      List<SourceFile> reversed = new ArrayList<>(files);
      Collections.reverse(reversed);
      assertThat(DefinitionParser.parse(reversed, Strictness.STRICT).definitions().objectives())
          .isEqualTo(first.definitions().objectives());
    }
  }

  private static final String SEVEN =
      """
      apiVersion: openslo/v1
      kind: SLO
      metadata: {name: checkout}
      spec:
        service: shop
        indicatorRef: checkout-good
        timeWindow: [{duration: 30d, isRolling: true}]
        budgetingMethod: Occurrences
        objectives: [{target: 0.999}]
        alertPolicies: [{alertPolicyRef: fast}]
      ---
      apiVersion: openslo/v1
      kind: SLI
      metadata: {name: checkout-good}
      spec:
        ratioMetric:
          good: {metricSource: {metricSourceRef: otel, spec: {metric: rows, attributes: {ok: "yes"}}}}
          total: {metricSource: {metricSourceRef: otel, spec: {metric: rows}}}
      ---
      apiVersion: openslo/v1
      kind: DataSource
      metadata: {name: otel}
      spec: {type: tidemark, connectionDetails: {}}
      ---
      apiVersion: openslo/v1
      kind: Service
      metadata: {name: shop}
      spec: {description: Sells}
      ---
      apiVersion: openslo/v1
      kind: AlertPolicy
      metadata: {name: fast}
      spec:
        alertWhenBreaching: true
        conditions: [{conditionRef: fast-burn}]
        notificationTargets: [{targetRef: oncall}]
      ---
      apiVersion: openslo/v1
      kind: AlertCondition
      metadata: {name: fast-burn}
      spec:
        severity: page
        condition: {kind: burnrate, op: gte, threshold: 14.4, lookbackWindow: 1h}
      ---
      apiVersion: openslo/v1
      kind: AlertNotificationTarget
      metadata: {name: oncall}
      spec: {target: slack}
      """;

  /** Nine conditions, as one public file has them: five of them page, four are tickets. */
  @Test
  void each_of_nine_conditions_of_a_policy_alerts_by_itself_when_read_leniently() throws Exception {
    List<Path> nine =
        files().filter(file -> file.endsWith("alert-policy-nine-conditions.yaml")).toList();
    assertThat(nine).hasSize(1);
    Objective objective =
        DefinitionParser.parse(
                List.of(new SourceFile("nine.yaml", Files.readString(nine.get(0)))),
                Strictness.LENIENT)
            .definitions()
            .objectives()
            .get(0);
    assertThat(objective.conditions())
        .extracting(BurnRateCondition::factor)
        .containsExactly(14.4, 12.0, 10.0, 8.0, 6.0, 4.0, 3.0, 2.0, 1.0);
    assertThat(objective.conditions())
        .filteredOn(one -> one.severity() == BurnRateCondition.Severity.PAGE)
        .hasSize(5);
  }

  @Test
  void there_are_enough_of_them() throws Exception {
    assertThat(files().filter(file -> file.getFileName().toString().startsWith("valid")))
        .hasSizeGreaterThanOrEqualTo(7);
    assertThat(files()).hasSizeGreaterThanOrEqualTo(25);
  }
}
