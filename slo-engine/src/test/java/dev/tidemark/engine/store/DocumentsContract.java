package dev.tidemark.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.store.Documents.Document;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Documents} does. Subclasses give an empty one for each test. */
public abstract class DocumentsContract {
  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

  private Documents documents;

  /** Returns an empty store. */
  protected abstract Documents empty();

  @BeforeEach
  void start() {
    documents = empty();
  }

  private static Document document(String id, String state, long seconds, long version) {
    return new Document(
        "incident", id, state, T0.plusSeconds(seconds), "{\"v\":" + version + "}", version);
  }

  @Test
  public void the_highest_version_wins_in_whatever_order_they_come() {
    Document closed = document("it's", "closed", 5, 2);
    documents.put(closed);
    documents.put(document("it's", "open", 9, 1));
    assertThat(documents.get("incident", "it's")).contains(closed);
    assertThat(documents.list("incident", List.of("open"), Instant.EPOCH, 9)).isEmpty();
    assertThat(documents.list("incident", List.of(), Instant.EPOCH, 9)).containsExactly(closed);
  }

  @Test
  public void lists_by_state_and_time_the_last_changed_first() {
    Document a = document("a", "open", 1, 1);
    Document b = document("b", "open", 3, 1);
    Document c = document("c", "closed", 2, 1);
    Document other = new Document("outbox", "a", "open", T0.plusSeconds(9), "{}", 1);
    documents.putAll(List.of(a, b, c, other));
    assertThat(documents.list("incident", List.of("open"), Instant.EPOCH, 9)).containsExactly(b, a);
    assertThat(documents.list("incident", List.of("open", "closed"), T0.plusSeconds(2), 9))
        .containsExactly(b, c);
    assertThat(documents.list("incident", List.of(), Instant.EPOCH, 2)).containsExactly(b, c);
    assertThat(documents.get("incident", "nobody")).isEmpty();
  }

  @Test
  public void finds_by_the_beginning_of_the_id_taken_literally() {
    documents.putAll(
        List.of(
            document("INC-1/2", "open", 1, 1),
            document("INC-1/1", "open", 1, 1),
            document("INC-10", "open", 1, 1),
            document("INC%1", "open", 1, 1)));
    assertThat(documents.startingWith("incident", "INC-1/", 9))
        .extracting(Document::id)
        .containsExactly("INC-1/1", "INC-1/2");
    assertThat(documents.startingWith("incident", "INC%", 9))
        .extracting(Document::id)
        .containsExactly("INC%1");
  }
}
