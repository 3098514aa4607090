package dev.tidemark.engine.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.alerting.AlertingJson;
import dev.tidemark.alerting.NotificationKind;
import dev.tidemark.alerting.Outbox;
import dev.tidemark.alerting.OutboxContract;
import dev.tidemark.alerting.OutboxEntry;
import dev.tidemark.alerting.Samples;
import dev.tidemark.engine.store.local.LocalDocuments;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Notifications on the own disk keep the contract, and come back as they were. */
class LocalOutboxTest extends OutboxContract {
  private final LocalDocuments documents;

  LocalOutboxTest(@TempDir Path folder) {
    documents = new LocalDocuments(folder.resolve("documents.db"));
  }

  @Override
  protected Outbox empty() {
    return open();
  }

  private StoredOutbox open() {
    return new StoredOutbox(documents, id -> documents.get(StoredOutbox.KIND, id).isPresent());
  }

  @AfterEach
  void close() {
    documents.close();
  }

  private static OutboxEntry entry(String id, long seconds) {
    return OutboxEntry.of(
        Samples.notification(
            id, NotificationKind.TRIGGERED, "pager", "k" + id, Samples.t(seconds)));
  }

  @Test
  void dead_letters_are_counted_until_they_are_sent_again_or_dismissed() {
    StoredOutbox outbox = open();
    List<OutboxEntry> three = List.of(entry("a", 1), entry("b", 2), entry("c", 3));
    outbox.enqueue(three);
    outbox.settle(
        three.stream().map(one -> one.dead(Samples.t(9), "400")).toList(), List.of(entry("d", 4)));
    assertThat(outbox.dead()).isEqualTo(3);
    assertThat(outbox.retry("a", Samples.t(10))).isPresent();
    assertThat(outbox.dismiss("b")).isPresent();
    assertThat(outbox.dead()).isEqualTo(1);
    assertThat(open().dead()).isEqualTo(1);
  }

  @Test
  void an_entry_is_written_field_by_field_as_everywhere() {
    OutboxEntry a = entry("a", 1);
    EntryJson json = new EntryJson();
    for (OutboxEntry one :
        List.of(
            a,
            a.failed(Samples.t(5), "503"),
            a.failed(Samples.t(5), "503").asHandedOn(),
            a.inPlace("slack", List.of("pager"), "which is away", Samples.t(2)),
            a.delivered(Samples.t(9)),
            a.dead(Samples.t(9), "400").dismissed())) {
      assertThat(json.write(one)).isEqualTo(AlertingJson.write(one));
    }
  }

  @Test
  void what_is_pending_comes_back_after_a_restart_with_its_mark() {
    OutboxEntry a = entry("a", 1);
    OutboxEntry copy = a.inPlace("slack", List.of("pager"), "which is away", Samples.t(2));
    StoredOutbox outbox = open();
    outbox.enqueue(List.of(a));
    OutboxEntry failed = a.failed(Samples.t(60), "503");
    outbox.settle(List.of(failed), List.of());
    outbox.settle(List.of(failed.asHandedOn()), List.of(copy));

    StoredOutbox again = open();
    assertThat(again.find("a")).contains(failed.asHandedOn());
    assertThat(again.find("a/for/slack")).contains(copy);
    assertThat(again.notHandedOn("pager", 5)).isEmpty();
    assertThat(again.oldestPending()).contains(Samples.t(1));
  }
}
