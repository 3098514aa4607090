package dev.tidemark.runbooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunbookLibraryTest {
  @Test
  void every_runbook_of_ours_says_in_words_what_it_is_for() {
    for (Runbook runbook : RunbookLibrary.load().all()) {
      assertThat(Terms.words(runbook.failureMode())).as(runbook.id()).contains(" ");
      assertThat(runbook.slis())
          .as(runbook.id())
          .isNotEmpty()
          .allSatisfy(sli -> assertThat(Terms.words(sli)).doesNotMatch("M[0-9]+"));
    }
    assertThat(Terms.words("the printer burns")).isEqualTo("the printer burns");
  }

  @Test
  void there_is_a_runbook_for_each_failure_mode() {
    assertThat(RunbookLibrary.load().all())
        .extracting(Runbook::failureMode)
        .containsExactlyInAnyOrder("F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8");
  }

  @Test
  void a_runbook_is_stale_from_the_day_after_its_period() {
    Runbook runbook = RunbookLibrary.load().find("stale-dataset").orElseThrow();

    assertThat(runbook.reviewed()).isEqualTo(LocalDate.of(2026, 11, 1));
    assertThat(runbook.isStale(LocalDate.of(2027, 2, 1))).isFalse();
    assertThat(runbook.isStale(LocalDate.of(2027, 2, 2))).isTrue();
    assertThat(runbook.slis()).containsExactly("M2", "M3");
  }

  @Test
  void a_directory_overrides_ours_and_adds_its_own(@TempDir Path directory) throws IOException {
    Files.writeString(directory.resolve("own.md"), text("own", "90d"));
    Files.writeString(directory.resolve("renamed.md"), text("data-loss", "90d"));
    Files.writeString(directory.resolve("README.md"), "not a runbook");

    RunbookLibrary library = RunbookLibrary.load(directory);

    assertThat(library.all()).hasSize(9);
    assertThat(library.find("own")).isPresent();
    assertThat(library.find("data-loss").orElseThrow().title()).isEqualTo("Own");
    assertThat(library.find("nothing")).isEmpty();
  }

  @Test
  void an_unreadable_runbook_is_named_with_the_way_out(@TempDir Path directory) throws IOException {
    Files.writeString(directory.resolve("own.md"), text("own", "sometimes"));

    assertThatThrownBy(() -> RunbookLibrary.load(directory))
        .isInstanceOf(RunbookException.class)
        .hasMessageContaining("own.md: reviewEvery is \"sometimes\"")
        .hasMessageContaining("90d");
    assertThatThrownBy(() -> RunbookLibrary.load(directory.resolve("away")))
        .isInstanceOf(RunbookException.class)
        .hasMessageContaining("away");
  }

  static String text(String id, String reviewEvery) {
    return """
        ---
        id: %s
        title: Own
        failureMode: F9
        owner: me
        reviewed: 2026-11-01
        reviewEvery: %s
        severity: page
        slis:
          - M1
        ---

        ## What it means
        """
        .formatted(id, reviewEvery);
  }
}
