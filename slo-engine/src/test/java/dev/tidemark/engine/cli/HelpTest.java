package dev.tidemark.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class HelpTest {
  /** All commands and subcommands, as they are typed. */
  static Stream<List<String>> commands() {
    return below(Main.commandLine(), List.of());
  }

  private static Stream<List<String>> below(CommandLine line, List<String> path) {
    return line.getSubcommands().entrySet().stream()
        .flatMap(
            sub -> {
              List<String> typed = new ArrayList<>(path);
              typed.add(sub.getKey());
              return Stream.concat(Stream.of(typed), below(sub.getValue(), typed));
            });
  }

  @Test
  void there_are_as_many_commands_as_the_help_says() {
    // A list that stays empty would make the test below pass.
    assertThat(commands()).hasSizeGreaterThan(40);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void each_command_has_help_of_its_own_and_leaves_with_0(List<String> command) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> typed = new ArrayList<>(command);
    typed.add("--help");

    int exitCode =
        Main.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(typed.toArray(String[]::new));

    assertThat(exitCode).isZero();
    assertThat(err.toString()).isEmpty();
    assertThat(out.toString()).contains("Usage: tidemark " + String.join(" ", command) + " ");
    CommandLine line = Main.commandLine();
    for (String word : command) {
      line = Objects.requireNonNull(line.getSubcommands().get(word));
    }
    assertThat(line.getCommandSpec().usageMessage().description()).isNotEmpty();
    assertThat(line.getCommandSpec().args())
        .allSatisfy(
            argument ->
                assertThat(argument.hidden() || argument.description().length > 0)
                    .as("%s %s is described", command, argument)
                    .isTrue());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void each_command_knows_its_version(List<String> command) {
    StringWriter out = new StringWriter();
    List<String> typed = new ArrayList<>(command);
    typed.add("--version");

    int exitCode =
        Main.commandLine().setOut(new PrintWriter(out)).execute(typed.toArray(String[]::new));

    assertThat(exitCode).isZero();
    assertThat(out.toString()).startsWith("Tidemark ");
  }
}
