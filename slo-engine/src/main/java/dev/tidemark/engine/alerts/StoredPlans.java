package dev.tidemark.engine.alerts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.tidemark.engine.planned.PlanStore;
import dev.tidemark.engine.planned.PlannedWork;
import dev.tidemark.engine.store.Documents;
import dev.tidemark.engine.store.Documents.Document;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Declared backfills and maintenance as documents. Thread-safe; blocks. */
public final class StoredPlans implements PlanStore {
  /** Kind of these documents. */
  public static final String KIND = "planned";

  private static final int AT_MOST = 10_000;
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);

  private final Documents documents;
  private final Clock clock;
  private final RisingVersion version = new RisingVersion();

  /**
   * Keeps them in these documents; the clock's time is the version of a change, or what is just
   * above the versions loaded.
   */
  public StoredPlans(Documents documents, Clock clock) {
    this.documents = documents;
    this.clock = clock;
  }

  @Override
  public void save(PlannedWork work) {
    Instant now = clock.instant();
    try {
      documents.put(
          new Document(
              KIND,
              work.id(),
              "KEPT",
              now,
              JSON.writeValueAsString(work),
              version.next(now.toEpochMilli())));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("planned work cannot be written", e);
    }
  }

  @Override
  public List<PlannedWork> load() {
    List<PlannedWork> works = new ArrayList<>();
    for (Document document :
        version.seen(documents.list(KIND, List.of(), Instant.EPOCH, AT_MOST))) {
      try {
        works.add(JSON.readValue(document.json(), PlannedWork.class));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(
            "the stored declaration " + document.id() + " cannot be read", e);
      }
    }
    return works;
  }
}
