package dev.tidemark.engine.definition.folder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.definition.SourceFile;
import java.io.IOException;
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
}
