package dev.tidemark.engine.definition.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.engine.definition.DefinitionParser;
import dev.tidemark.engine.definition.SourceFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefinitionFolderTest {
  @Test
  void calendars_below_a_folder_and_beside_a_file_are_read_once(@TempDir Path folder)
      throws IOException {
    Path sub = Files.createDirectory(folder.resolve("sub"));
    Path file = Files.writeString(sub.resolve("a.yaml"), "a");
    Path calendar = Files.writeString(sub.resolve("pl.ics"), "b");
    Files.writeString(sub.resolve("notes.txt"), "c");

    assertThat(DefinitionFolder.read(List.of(folder)))
        .containsExactly(
            new SourceFile(file.toString(), "a"), new SourceFile(calendar.toString(), "b"));
    assertThat(DefinitionFolder.read(List.of(file)))
        .containsExactly(
            new SourceFile(file.toString(), "a"), new SourceFile(calendar.toString(), "b"));
    assertThat(DefinitionFolder.read(List.of(folder, file))).hasSize(2);
  }

  @Test
  void a_calendar_in_another_encoding_keeps_no_definition_from_being_read(@TempDir Path folder)
      throws IOException {
    Files.writeString(folder.resolve("a.yaml"), "a");
    Files.write(folder.resolve("pl.ics"), new byte[] {'s', (byte) 0xEA, 'p'});

    assertThat(DefinitionFolder.read(List.of(folder)))
        .extracting(SourceFile::text)
        .containsExactly("a", "s\uFFFDp");
  }

  @Test
  void a_definition_in_another_encoding_is_a_problem_of_its_own_with_its_place(@TempDir Path folder)
      throws IOException {
    // ISO-8859-1: the byte of the e with an acute accent is the sixth character of line two.
    Path file =
        Files.write(
            folder.resolve("a.yaml"),
            "kind: Dataset\n# caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));

    Path good = Files.writeString(folder.resolve("b.yaml"), "b");

    List<SourceFile> read = DefinitionFolder.read(List.of(folder));
    assertThat(read).extracting(SourceFile::path).containsExactly(file.toString(), good.toString());
    assertThat(read.get(0).unreadable().orElseThrow().toString())
        .startsWith(file + ":2:6: is not text in UTF-8");
    assertThat(read.get(1)).isEqualTo(new SourceFile(good.toString(), "b"));
    assertThat(DefinitionParser.parse(read.subList(0, 1)).problems())
        .containsExactly(read.get(0).unreadable().orElseThrow());
  }

  @Test
  void a_path_that_is_not_there_is_named(@TempDir Path folder) {
    assertThatThrownBy(() -> DefinitionFolder.read(List.of(folder.resolve("none"))))
        .isInstanceOf(IOException.class)
        .hasMessage(folder.resolve("none") + " does not exist");
  }
}
