package dev.tidemark.engine.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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

  @Test
  void there_are_enough_of_them() throws Exception {
    assertThat(files().filter(file -> file.getFileName().toString().startsWith("valid")))
        .hasSizeGreaterThanOrEqualTo(7);
    assertThat(files()).hasSizeGreaterThanOrEqualTo(25);
  }
}
