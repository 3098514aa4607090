package dev.tidemark.engine.definition.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
  void a_definition_in_another_encoding_is_refused_with_its_place(@TempDir Path folder)
      throws IOException {
    // ISO-8859-1: the byte of the e with an acute accent is the sixth character of line two.
    Path file =
        Files.write(
            folder.resolve("a.yaml"),
            "kind: Dataset\n# caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));

    assertThatThrownBy(() -> DefinitionFolder.read(List.of(folder)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + ":2:6: is not text in UTF-8");
  }
}
