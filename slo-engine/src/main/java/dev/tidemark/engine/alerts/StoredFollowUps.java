package dev.tidemark.engine.alerts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.tidemark.engine.report.FollowUp;
import dev.tidemark.engine.store.Documents;
import dev.tidemark.engine.store.Documents.Document;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** Actions after incidents as documents. Thread-safe; blocks. */
public final class StoredFollowUps {
  /** Kind of these documents. */
  public static final String KIND = "action";

  /** So many of one incident are read; there are no more. */
  public static final int OF_ONE = 200;

  private static final int AT_MOST = 2_000;
  private static final String OPEN = "OPEN";
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private final Documents documents;
  private final Clock clock;

  /** Keeps them in these documents. */
  public StoredFollowUps(Documents documents, Clock clock) {
    this.documents = documents;
    this.clock = clock;
  }

  /** Stores or replaces one. */
  public void save(FollowUp action) {
    Instant now = clock.instant();
    String id = action.incident() + "/" + action.number();
    long before = documents.get(KIND, id).map(Document::version).orElse(-1L);
    try {
      documents.put(
          new Document(
              KIND,
              id,
              action.open() ? OPEN : "DONE",
              now,
              JSON.writeValueAsString(action),
              Math.max(before + 1, now.toEpochMilli())));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an action cannot be written", e);
    }
  }

  /** Returns those of an incident in the order in which they were written down. */
  public List<FollowUp> of(String incident) {
    return documents.startingWith(KIND, incident + "/", OF_ONE).stream()
        .map(StoredFollowUps::read)
        .sorted(Comparator.comparingInt(FollowUp::number))
        .toList();
  }

  /** Returns those of all incidents, those that are due first at the front. */
  public List<FollowUp> all(boolean openOnly) {
    return documents
        .list(KIND, openOnly ? List.of(OPEN) : List.of(), Instant.EPOCH, AT_MOST)
        .stream()
        .map(StoredFollowUps::read)
        .sorted(
            Comparator.comparing(FollowUp::due, Comparator.nullsLast(Comparator.naturalOrder()))
                .thenComparing(FollowUp::createdAt))
        .toList();
  }

  private static FollowUp read(Document document) {
    try {
      return JSON.readValue(document.json(), FollowUp.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the stored action " + document.id() + " cannot be read", e);
    }
  }
}
