package dev.tidemark.engine.store.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.engine.store.Documents;
import dev.tidemark.engine.store.Documents.Document;
import dev.tidemark.engine.store.DocumentsContract;
import dev.tidemark.engine.store.local.LocalDocuments.Uncopied;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents on the own disk keep the contract, also over a crash. */
class LocalDocumentsTest extends DocumentsContract {
  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

  private final Path folder;
  private final List<LocalDocuments> opened = new ArrayList<>();

  LocalDocumentsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Override
  protected Documents empty() {
    return open("documents.sqlite");
  }

  private LocalDocuments open(String file) {
    LocalDocuments documents = new LocalDocuments(folder.resolve(file));
    opened.add(documents);
    return documents;
  }

  @AfterEach
  void close() {
    opened.forEach(LocalDocuments::close);
  }

  private static Document document(String id, long version) {
    return new Document("incident", id, "open", AT, "{}", version);
  }

  @Test
  void what_was_put_is_in_the_files_at_once_without_closing() throws Exception {
    LocalDocuments documents = open("a");
    documents.put(document("one", 1));
    // As a killed process leaves them: the files as they are, with nothing flushed by a close.
    for (String suffix : List.of("", "-wal")) {
      Files.copy(folder.resolve("a" + suffix), folder.resolve("b" + suffix));
    }
    assertThat(open("b").get("incident", "one")).contains(document("one", 1));
  }

  @Test
  void a_file_that_is_open_already_is_said_to_be() {
    LocalDocuments first = open("a");
    first.put(document("one", 1));
    assertThatThrownBy(() -> open("a"))
        .isInstanceOfSatisfying(LocalStoreException.class, e -> assertThat(e.inUse()).isTrue());
  }

  @Test
  void a_file_that_is_no_store_is_said_to_be_none() throws Exception {
    Files.writeString(folder.resolve("a"), "this is not a database, and long enough to be read");
    assertThatThrownBy(() -> open("a"))
        .isInstanceOf(LocalStoreException.class)
        .hasMessageContaining("cannot be opened")
        .hasMessageContaining("not a database");
  }

  @Test
  void tells_what_changed_since_it_was_copied() {
    LocalDocuments documents = open("a");
    documents.putAll(List.of(document("one", 1), document("two", 1)));
    List<Uncopied> some = documents.uncopied(9);
    assertThat(some).extracting(one -> one.document().id()).containsExactly("one", "two");
    documents.put(document("one", 2));
    documents.copiedUpTo(some.get(1).change());
    assertThat(documents.uncopied(9))
        .extracting(Uncopied::document)
        .containsExactly(document("one", 2));
    assertThat(documents.uncopied()).isEqualTo(1);
    documents.copiedUpTo(documents.uncopied(9).get(0).change());
    documents.close();
    opened.remove(documents);
    LocalDocuments again = open("a");
    assertThat(again.uncopied()).isZero();
    again.put(document("three", 1));
    assertThat(again.uncopied(9)).extracting(one -> one.document().id()).containsExactly("three");
  }

  @Test
  void what_came_from_elsewhere_need_not_be_copied_and_does_not_hide_what_has_to_be() {
    LocalDocuments documents = open("a");
    documents.putAll(List.of(document("mine", 1), document("newer-here", 3)));
    documents.adopt(List.of(document("theirs", 1), document("newer-here", 2)));
    assertThat(documents.get("incident", "newer-here")).contains(document("newer-here", 3));
    assertThat(documents.get("incident", "theirs")).isPresent();
    assertThat(documents.uncopied(9))
        .extracting(one -> one.document().id())
        .containsExactly("mine", "newer-here");
  }

  @Test
  void a_file_of_the_first_layout_is_taken_over_with_what_was_not_copied_yet() throws Exception {
    try (Connection old = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("old"));
        Statement statement = old.createStatement()) {
      statement.execute(
          "CREATE TABLE documents (kind TEXT NOT NULL, id TEXT NOT NULL, state TEXT NOT NULL, at"
              + " INTEGER NOT NULL, version INTEGER NOT NULL, json TEXT NOT NULL, change INTEGER"
              + " NOT NULL, copied INTEGER NOT NULL, UNIQUE (kind, id))");
      statement.execute("CREATE INDEX documents_uncopied ON documents (change) WHERE copied = 0");
      for (String row : List.of("'a', 'open', 0, 1, '{}', 1, 1", "'b', 'open', 0, 1, '{}', 2, 0")) {
        statement.execute("INSERT INTO documents VALUES ('incident', " + row + ")");
      }
    }
    LocalDocuments taken = open("old");
    assertThat(taken.get("incident", "a")).isPresent();
    assertThat(taken.uncopied(9)).extracting(one -> one.document().id()).containsExactly("b");
  }

  @Test
  void forgets_only_what_is_finished_old_and_copied() {
    LocalDocuments documents = open("a");
    documents.putAll(
        List.of(
            new Document("incident", "old", "RESOLVED", AT, "{}", 1),
            new Document("incident", "old-open", "OPEN", AT, "{}", 1),
            new Document("incident", "new", "RESOLVED", AT.plusSeconds(60), "{}", 1)));
    documents.copiedUpTo(documents.uncopied(9).get(2).change());
    documents.put(new Document("incident", "old-uncopied", "RESOLVED", AT, "{}", 1));
    documents.forget("incident", "RESOLVED", AT.plusSeconds(30));
    assertThat(documents.list("incident", List.of(), Instant.EPOCH, 9))
        .extracting(Document::id)
        .containsExactlyInAnyOrder("old-open", "new", "old-uncopied");
  }

  @Test
  void threads_that_put_at_the_same_time_all_find_theirs_there() {
    LocalDocuments documents = open("a");
    IntStream.range(0, 200)
        .parallel()
        .forEach(
            i -> {
              documents.put(document("d" + i, 1));
              assertThat(documents.get("incident", "d" + i)).isPresent();
            });
    assertThat(documents.list("incident", List.of(), Instant.EPOCH, 999)).hasSize(200);
  }
}
