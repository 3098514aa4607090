package dev.tidemark.engine.store.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.engine.store.Documents;
import dev.tidemark.engine.store.Documents.Document;
import dev.tidemark.engine.store.local.MirroredDocuments.Finished;
import dev.tidemark.engine.telemetry.EngineMetrics;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two disks of which the far one may be away. Both are real; only its absence is played. */
@Timeout(60)
class MirroredDocumentsTest {
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
  private static final Instant OLD = NOW.minus(MirroredDocuments.KEPT).minusSeconds(60);

  private final Path folder;
  private final Far far;
  private final Deque<MirroredDocuments> started = new ArrayDeque<>();

  MirroredDocumentsTest(@TempDir Path folder) {
    this.folder = folder;
    this.far = new Far(new LocalDocuments(folder.resolve("far")));
  }

  /** Stands for ClickHouse. */
  private static final class Far implements Documents {
    private final LocalDocuments kept;
    private volatile boolean away;

    Far(LocalDocuments kept) {
      this.kept = kept;
    }

    private LocalDocuments here() {
      if (away) {
        throw new IllegalStateException("ClickHouse is away");
      }
      return kept;
    }

    @Override
    public void putAll(Collection<Document> documents) {
      here().putAll(documents);
    }

    @Override
    public Optional<Document> get(String kind, String id) {
      return here().get(kind, id);
    }

    @Override
    public List<Document> list(String kind, Collection<String> states, Instant since, int limit) {
      return here().list(kind, states, since, limit);
    }

    @Override
    public long count(String kind, String state) {
      return here().count(kind, state);
    }

    @Override
    public List<Document> startingWith(String kind, String prefix, int limit) {
      return here().startingWith(kind, prefix, limit);
    }
  }

  private MirroredDocuments start() {
    return start(MirroredDocuments.Sharing.ALONE);
  }

  private MirroredDocuments start(MirroredDocuments.Sharing sharing) {
    started.push(
        new MirroredDocuments(
            new LocalDocuments(folder.resolve("near")),
            far,
            List.of("incident"),
            List.of(new Finished("incident", List.of("RESOLVED"))),
            sharing,
            Clock.fixed(NOW, ZoneOffset.UTC),
            new EngineMetrics()));
    return started.element();
  }

  @AfterEach
  void close() {
    started.forEach(MirroredDocuments::close);
    far.kept.close();
  }

  private static Document document(String id, String state, Instant at, long version) {
    return new Document("incident", id, state, at, "{}", version);
  }

  private static void await(String what, java.util.function.BooleanSupplier condition)
      throws InterruptedException {
    for (int i = 0; !condition.getAsBoolean(); i++) {
      assertThat(i).as(what).isLessThan(3_000);
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  @Test
  void works_while_the_far_one_is_away_and_copies_when_it_is_back() throws Exception {
    MirroredDocuments documents = start();
    far.away = true;
    Document open = document("a", "OPEN", NOW, 1);
    documents.put(open);
    assertThat(documents.get("incident", "a")).contains(open);
    assertThat(documents.list("incident", List.of("OPEN"), Instant.EPOCH, 9)).containsExactly(open);
    assertThat(documents.uncopied()).isEqualTo(1);
    far.away = false;
    await("the copy", () -> documents.uncopied() == 0);
    assertThat(far.get("incident", "a")).contains(open);
  }

  @Test
  void what_was_not_copied_is_copied_after_a_restart() throws Exception {
    MirroredDocuments documents = start();
    far.away = true;
    Document open = document("a", "OPEN", NOW, 1);
    documents.put(open);
    started.pop().close();
    far.away = false;
    MirroredDocuments again = start();
    await("the copy", () -> again.uncopied() == 0);
    assertThat(far.get("incident", "a")).contains(open);
  }

  @Test
  void an_empty_disk_takes_over_what_is_open_or_recent_and_copies_nothing_back() {
    Document oldOpen = document("old-open", "OPEN", OLD, 1);
    Document recent = document("recent", "RESOLVED", NOW, 1);
    Document old = document("old", "RESOLVED", OLD, 1);
    far.putAll(List.of(oldOpen, recent, old));
    MirroredDocuments documents = start();
    assertThat(documents.uncopied()).isZero();
    far.away = true;
    assertThat(documents.list("incident", List.of(), Instant.EPOCH, 9))
        .containsExactly(recent, oldOpen);
    far.away = false;
    assertThat(documents.get("incident", "old")).contains(old);
    assertThat(documents.list("incident", List.of(), OLD, 9)).containsExactly(recent, old, oldOpen);
  }

  @Test
  void what_is_here_in_another_state_is_not_listed_in_the_state_it_has_there() throws Exception {
    MirroredDocuments documents = start();
    documents.put(document("a", "OPEN", OLD, 1));
    await("the copy", () -> documents.uncopied() == 0);
    far.away = true;
    documents.put(document("a", "RESOLVED", NOW, 2));
    far.away = false;
    assertThat(documents.list("incident", List.of("OPEN"), OLD, 9)).isEmpty();
  }

  @Test
  void with_others_a_change_is_in_the_far_one_when_it_is_put() {
    MirroredDocuments documents = start(new MirroredDocuments.Sharing(true, () -> true));
    for (int version = 1; version <= 20; version++) {
      Document change = document("a", "OPEN", NOW, version);
      documents.put(change);
      assertThat(far.get("incident", "a")).contains(change);
    }
  }

  @Test
  void with_others_a_change_is_kept_here_while_the_far_one_is_away() throws Exception {
    MirroredDocuments documents = start(new MirroredDocuments.Sharing(true, () -> true));
    far.away = true;
    Document change = document("a", "OPEN", NOW, 1);
    documents.put(change);
    assertThat(documents.get("incident", "a")).contains(change);
    far.away = false;
    await("the copy", () -> documents.uncopied() == 0);
    assertThat(far.get("incident", "a")).contains(change);
  }

  @Test
  void with_others_the_newer_word_counts_wherever_it_is() throws Exception {
    MirroredDocuments before = start();
    Document newerThere = document("newer-there", "OPEN", NOW, 1);
    Document newerHere = document("newer-here", "OPEN", NOW, 1);
    before.putAll(List.of(newerThere, newerHere));
    await("the copy", () -> before.uncopied() == 0);
    far.away = true;
    Document here = document("newer-here", "RESOLVED", NOW, 5);
    before.put(here);
    started.pop().close();
    far.away = false;
    Document there = document("newer-there", "RESOLVED", NOW, 7);
    Document onlyThere = document("only-there", "OPEN", NOW, 1);
    far.putAll(List.of(there, onlyThere));

    MirroredDocuments after = start(new MirroredDocuments.Sharing(true, () -> true));
    assertThat(after.get("incident", "newer-there")).contains(there);
    assertThat(after.get("incident", "newer-here")).contains(here);
    assertThat(after.list("incident", List.of("OPEN"), Instant.EPOCH, 9))
        .containsExactly(onlyThere);
    await("the copy", () -> after.uncopied() == 0);
    assertThat(far.get("incident", "newer-here")).contains(here);
    assertThat(far.get("incident", "newer-there")).contains(there);
  }

  @Test
  void who_does_not_lead_takes_no_change() {
    MirroredDocuments documents = start(new MirroredDocuments.Sharing(true, () -> false));
    assertThatThrownBy(() -> documents.put(document("a", "OPEN", NOW, 1)))
        .hasMessageContaining("does not lead");
    assertThat(documents.get("incident", "a")).isEmpty();
  }

  @Test
  void who_leads_no_more_copies_nothing() {
    AtomicBoolean leads = new AtomicBoolean(true);
    MirroredDocuments documents = start(new MirroredDocuments.Sharing(true, leads::get));
    far.away = true;
    documents.put(document("a", "OPEN", NOW, 1));
    leads.set(false);
    far.away = false;
    started.pop().close();
    assertThat(far.get("incident", "a")).isEmpty();
  }
}
