package dev.tidemark.runbooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RunbookLinterTest {
  private static final LocalDate TODAY = LocalDate.of(2026, 11, 20);
  private final RunbookLinter linter = new RunbookLinter();

  @Test
  void our_own_runbooks_are_without_findings() {
    assertThat(linter.lint(RunbookLibrary.load(), TODAY)).isEmpty();
  }

  @Test
  void an_overdue_review_is_a_warning() {
    assertThat(linter.lint(RunbookLibrary.load(), LocalDate.of(2027, 6, 1)))
        .hasSize(8)
        .allMatch(finding -> finding.level() == RunbookLinter.Level.WARNING);
  }

  @Test
  void everything_missing_is_named_in_one_go() {
    assertThat(linter.lint("x.md", "Just text.\n", Set.of(), TODAY))
        .extracting(RunbookLinter.Finding::message)
        .hasSize(8 + 6)
        .contains("the front matter lacks \"owner\"")
        .contains("the section \"## How to mend\" is missing");
  }

  @Test
  void steps_that_begin_anew_in_another_section_are_named_twice_and_found() {
    String text =
        RunbookLibraryTest.text("x", "90d")
            + "\n1. One\n2. Two\n\n### On\n\n1. Three\n\n### And on\n\n4. Four\n";

    assertThat(linter.lint("x.md", text, Set.of(), TODAY))
        .extracting(RunbookLinter.Finding::toString)
        .filteredOn(finding -> finding.contains("steps"))
        .containsExactly(
            "x.md:20: error: the steps begin with 1 here, and are shown from 3 on, because all"
                + " sections are numbered through; write that number, also where the text names a"
                + " step");
  }

  @Test
  void dead_links_and_unknown_placeholders_are_found_on_their_line() {
    String text =
        RunbookLibraryTest.text("x", "90d")
            + "\nSee [that](gone.md) and [this](here.md).\n\n{{incident.colour}} {{.Names}}\n";

    assertThat(linter.lint("x.md", text, Set.of("here"), TODAY))
        .extracting(RunbookLinter.Finding::toString)
        .contains("x.md:15: error: there is no runbook \"gone\"")
        .contains("x.md:17: error: nothing is known as {{incident.colour}}")
        .noneMatch(finding -> finding.contains("\"here\"") || finding.contains("Names"));
  }
}
