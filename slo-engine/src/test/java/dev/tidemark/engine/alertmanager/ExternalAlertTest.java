package dev.tidemark.engine.alertmanager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.alerting.AlertingJson;
import dev.tidemark.engine.store.Documents;
import dev.tidemark.engine.store.local.LocalDocuments;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExternalAlertTest {
  private static final Instant T0 = Instant.parse("2026-03-01T12:00:00Z");

  private static ExternalAlert alert(Instant from, Instant until, Instant said, String summary) {
    return new ExternalAlert(
        new TreeMap<>(Map.of("alertname", "A")), Map.of("summary", summary), "", from, until, said);
  }

  private static Instant t(long seconds) {
    return T0.plusSeconds(seconds);
  }

  /** Values that Alertmanager 0.25 itself gives these labels in {@code GET /api/v2/alerts}. */
  @Test
  void fingerprints_are_those_of_alertmanager() {
    assertThat(ExternalAlert.fingerprint(Map.of("alertname", "A"))).isEqualTo("d2c6efc389df0927");
    assertThat(
            ExternalAlert.fingerprint(
                Map.of("alertname", "DiskFull", "instance", "db-1:9100", "job", "nöde")))
        .isEqualTo("92364d9f7a9860ec");
  }

  @Test
  void an_alert_said_again_goes_on_since_it_began_and_one_that_was_over_begins_anew(
      @TempDir Path folder) {
    try (LocalDocuments documents = new LocalDocuments(folder.resolve("d"))) {
      ExternalAlerts alerts = new ExternalAlerts(documents, T0);
      alerts.accept(List.of(alert(t(0), t(300), t(0), "x")), t(0));
      alerts.accept(List.of(alert(t(60), t(360), t(60), "x")), t(60));
      assertThat(alerts.active())
          .singleElement()
          .satisfies(
              one -> {
                assertThat(one.startsAt()).isEqualTo(t(0));
                assertThat(one.endsAt()).isEqualTo(t(360));
              });
      alerts.expire(t(359));
      assertThat(alerts.active()).hasSize(1);
      alerts.expire(t(360));
      assertThat(alerts.active()).isEmpty();
      alerts.accept(List.of(alert(t(400), t(700), t(400), "x")), t(400));
      assertThat(alerts.active().get(0).startsAt()).isEqualTo(t(400));
    }
  }

  @Test
  void one_that_is_said_to_be_over_is_over_and_an_unknown_end_is_no_alert(@TempDir Path folder) {
    try (LocalDocuments documents = new LocalDocuments(folder.resolve("d"))) {
      ExternalAlerts alerts = new ExternalAlerts(documents, T0);
      alerts.accept(List.of(alert(t(0), t(5), t(10), "x")), t(10));
      assertThat(alerts.active()).isEmpty();
      alerts.accept(List.of(alert(t(0), t(300), t(10), "x")), t(10));
      alerts.accept(List.of(alert(t(0), t(20), t(20), "x")), t(20));
      assertThat(alerts.active()).isEmpty();
    }
  }

  @Test
  void what_fired_at_a_crash_holds_for_the_resolve_timeout_after_the_start(@TempDir Path folder) {
    Path file = folder.resolve("d");
    Instant restart = t(7200);
    try (LocalDocuments documents = new LocalDocuments(file)) {
      ExternalAlerts alerts = new ExternalAlerts(documents, T0);
      alerts.accept(List.of(alert(t(0), t(300), t(0), "x")), t(0));
    }
    try (LocalDocuments documents = new LocalDocuments(file)) {
      ExternalAlerts alerts = new ExternalAlerts(documents, restart);
      alerts.expire(restart.plus(Duration.ofMinutes(5)).minusMillis(1));
      assertThat(alerts.active()).hasSize(1);
      alerts.expire(restart.plus(Duration.ofMinutes(5)));
      assertThat(alerts.active()).isEmpty();
    }
    try (LocalDocuments documents = new LocalDocuments(file)) {
      assertThat(new ExternalAlerts(documents, restart).active()).isEmpty();
    }
  }

  private static ExternalAlert named(String name, Instant from, Instant until, Instant said) {
    return new ExternalAlert(
        new TreeMap<>(Map.of("alertname", name)), Map.of(), "", from, until, said);
  }

  private static List<String> names(ExternalAlerts alerts) {
    return alerts.active().stream().map(alert -> alert.labels().get("alertname")).toList();
  }

  @Test
  void alerts_that_came_together_share_a_document_and_end_each_by_itself(@TempDir Path folder) {
    Path file = folder.resolve("d");
    try (LocalDocuments documents = new LocalDocuments(file)) {
      ExternalAlerts alerts = new ExternalAlerts(documents, T0);
      List<ExternalAlert> hundred =
          IntStream.range(0, 100).mapToObj(i -> named("A" + i, t(0), t(300), t(0))).toList();
      alerts.accept(hundred, t(0));
      // 64 in the first.
      assertThat(documents.uncopied(9)).hasSize(2);
      alerts.accept(List.of(named("A7", t(0), t(10), t(10))), t(10));
      alerts.accept(List.of(named("A99", t(0), t(20), t(20))), t(20));
      assertThat(documents.count(ExternalAlerts.KIND, "ACTIVE")).isEqualTo(2);
    }
    try (LocalDocuments documents = new LocalDocuments(file)) {
      ExternalAlerts alerts = new ExternalAlerts(documents, t(30));
      assertThat(names(alerts)).hasSize(98).doesNotContain("A7", "A99");
      alerts.expire(t(330));
      assertThat(documents.count(ExternalAlerts.KIND, "ACTIVE")).isZero();
      assertThat(documents.count(ExternalAlerts.KIND, ExternalAlerts.ENDED)).isEqualTo(2);
    }
  }

  @Test
  void of_an_alert_that_two_documents_have_the_later_word_counts_and_its_end_is_the_end(
      @TempDir Path folder) {
    Path file = folder.resolve("d");
    ExternalAlert first = named("A", t(0), t(300), t(0));
    ExternalAlert again = named("A", t(100), t(400), t(100));
    try (LocalDocuments documents = new LocalDocuments(file)) {
      int version = 0;
      for (ExternalAlert one : List.of(first, again)) {
        documents.put(
            new Documents.Document(
                ExternalAlerts.KIND,
                "copy-" + version,
                "ACTIVE",
                one.updatedAt(),
                AlertingJson.write(List.of(one)),
                version++));
      }
      ExternalAlerts alerts = new ExternalAlerts(documents, t(101));
      assertThat(alerts.active()).extracting(ExternalAlert::startsAt).containsExactly(t(100));
      alerts.accept(List.of(named("A", t(100), t(120), t(120))), t(120));
    }
    try (LocalDocuments documents = new LocalDocuments(file)) {
      assertThat(new ExternalAlerts(documents, t(121)).active()).isEmpty();
    }
  }

  @Test
  void a_document_of_the_first_layout_has_one_alert_and_no_fingerprint(@TempDir Path folder) {
    try (LocalDocuments documents = new LocalDocuments(folder.resolve("d"))) {
      documents.put(
          new Documents.Document(
              ExternalAlerts.KIND,
              "d2c6efc389df0927",
              "ACTIVE",
              t(0),
              """
              {"labels":{"alertname":"A"},"annotations":{},"generatorUrl":"",\
              "startsAt":"2026-03-01T12:00:00Z","endsAt":"2026-03-01T12:05:00Z",\
              "updatedAt":"2026-03-01T12:00:00Z"}""",
              1));
      assertThat(new ExternalAlerts(documents, t(1)).active())
          .extracting(ExternalAlert::fingerprint)
          .containsExactly("d2c6efc389df0927");
    }
  }

  @Test
  void a_word_that_only_prolongs_costs_no_write_and_another_text_is_kept(@TempDir Path folder) {
    try (LocalDocuments documents = new LocalDocuments(folder.resolve("d"))) {
      ExternalAlerts alerts = new ExternalAlerts(documents, T0);
      alerts.accept(List.of(alert(t(0), t(300), t(0), "x")), t(0));
      documents.copiedUpTo(documents.uncopied(9).get(0).change());
      alerts.accept(List.of(alert(t(0), t(360), t(60), "x")), t(60));
      assertThat(documents.uncopied()).isZero();
      alerts.accept(List.of(alert(t(0), t(420), t(120), "y")), t(120));
      assertThat(documents.uncopied()).isEqualTo(1);
      assertThat(alerts.active().get(0).annotations()).containsEntry("summary", "y");
    }
  }

  @Test
  void what_could_not_be_written_is_written_when_it_is_said_again(@TempDir Path folder) {
    Path file = folder.resolve("d");
    try (LocalDocuments documents = new LocalDocuments(file)) {
      AtomicBoolean broken = new AtomicBoolean(true);
      Documents fails =
          new Documents() {
            @Override
            public void putAll(Collection<Document> all) {
              if (broken.get()) {
                throw new IllegalStateException("the disk is full");
              }
              documents.putAll(all);
            }

            @Override
            public Optional<Document> get(String kind, String id) {
              return documents.get(kind, id);
            }

            @Override
            public List<Document> list(
                String kind, Collection<String> states, Instant since, int limit) {
              return documents.list(kind, states, since, limit);
            }

            @Override
            public List<Document> startingWith(String kind, String prefix, int limit) {
              return documents.startingWith(kind, prefix, limit);
            }

            @Override
            public long count(String kind, String state) {
              return documents.count(kind, state);
            }
          };
      ExternalAlerts alerts = new ExternalAlerts(fails, T0);
      ExternalAlert alert = alert(t(0), t(300), t(0), "x");
      assertThatThrownBy(() -> alerts.accept(List.of(alert), t(0))).hasMessage("the disk is full");
      broken.set(false);
      alerts.accept(List.of(alert), t(1));
    }
    try (LocalDocuments documents = new LocalDocuments(file)) {
      assertThat(new ExternalAlerts(documents, t(2)).active()).hasSize(1);
    }
  }
}
