package dev.tidemark.engine.alertmanager;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.alerting.Alert;
import dev.tidemark.alerting.SuppressedBy;
import dev.tidemark.engine.definition.DefinitionParser;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.SourceFile;
import dev.tidemark.engine.loop.LiveLineage;
import dev.tidemark.engine.planned.Plans;
import dev.tidemark.engine.planned.UnderWay;
import dev.tidemark.engine.store.local.LocalDocuments;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExternalAlertMakerTest {
  private static final Instant T0 = Instant.parse("2026-03-01T12:00:00Z");
  private static final Definitions DEFINITIONS =
      DefinitionParser.parse(
              List.of(
                  new SourceFile(
                      "d.yaml",
                      """
                      apiVersion: tidemark/v1
                      kind: Dataset
                      metadata: {name: orders}
                      spec:
                        consumers: [billing]
                        objectives: [{heartbeat: {connector: orders-cdc, every: 1m}}]
                      ---
                      apiVersion: tidemark/v1
                      kind: Maintenance
                      metadata: {name: upgrade}
                      spec: {covers: [orders], from: "2026-03-01T13:00", duration: 1h,
                             reason: upgrade, ticket: OPS-12}
                      """)))
          .definitions();
  private static final Plans PLANS = Plans.of(DEFINITIONS);

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  @SuppressWarnings("NullAway.Init") // set before each test
  private LocalDocuments documents;

  @SuppressWarnings("NullAway.Init") // set before each test
  private ExternalAlerts external;

  @SuppressWarnings("NullAway.Init") // set before each test
  private ExternalAlertMaker maker;

  private final LiveLineage lineage = new LiveLineage(DEFINITIONS);

  @BeforeEach
  void open() {
    documents = new LocalDocuments(folder.resolve("d"));
    external = new ExternalAlerts(documents, T0);
    maker = new ExternalAlertMaker(external, lineage.graph());
  }

  @AfterEach
  void close() {
    documents.close();
  }

  private void said(Map<String, String> labels) {
    external.accept(
        List.of(
            new ExternalAlert(
                new TreeMap<>(labels), Map.of(), "", T0, T0.plusSeconds(1_000_000), T0)),
        T0);
  }

  private List<Alert> at(String time) {
    return maker.alerts(
        lineage.graph(), Map.of(), lineage.objectives(), List.of(), PLANS.at(Instant.parse(time)));
  }

  @Test
  void planned_work_covers_what_another_programs_alert_names_while_it_is_under_way() {
    said(Map.of("alertname", "A", "dataset", "orders"));
    SuppressedBy upgrade = new SuppressedBy.ByPlannedWork("upgrade", "OPS-12", "upgrade");

    assertThat(at("2026-03-01T12:59:59Z")).extracting(Alert::suppressedBy).containsOnlyNulls();
    assertThat(at("2026-03-01T13:00:00Z")).extracting(Alert::suppressedBy).containsOnly(upgrade);
    assertThat(at("2026-03-01T14:00:00Z")).extracting(Alert::suppressedBy).containsOnlyNulls();
  }

  @Test
  void other_things_are_not_covered_even_when_nobody_knows_them() {
    said(Map.of("alertname", "orders", "connector", "orders-cdc"));
    said(Map.of("alertname", "B", "service", "orders"));
    said(Map.of("alertname", "C", "dataset", "orders2"));

    assertThat(at("2026-03-01T13:00:00Z"))
        .hasSize(3)
        .extracting(Alert::suppressedBy)
        .containsOnlyNulls();
  }

  @Test
  void what_lineage_does_not_know_is_covered_by_its_label_and_work_on_everything_covers_all() {
    UnderWay work =
        new UnderWay(
            List.of(
                new UnderWay.Work(
                    List.of("stray"), new SuppressedBy.ByPlannedWork("a", "T-1", "x"))));
    UnderWay everything =
        new UnderWay(
            List.of(
                new UnderWay.Work(List.of("*"), new SuppressedBy.ByPlannedWork("b", "T-2", "y"))));
    said(Map.of("alertname", "A", "pipeline", "stray"));
    said(Map.of("alertname", "B"));

    assertThat(maker.alerts(lineage.graph(), Map.of(), lineage.objectives(), List.of(), work))
        .filteredOn(alert -> alert.suppressedBy() != null)
        .extracting(Alert::objective)
        .containsExactly("A");
    assertThat(maker.alerts(lineage.graph(), Map.of(), lineage.objectives(), List.of(), everything))
        .noneMatch(alert -> alert.suppressedBy() == null);
  }

  @Test
  void the_cause_upstream_of_another_programs_alert_is_what_alerts_there_and_hurts_all_below() {
    said(Map.of("alertname", "A", "dataset", "orders"));
    said(Map.of("alertname", "B", "connector", "orders-cdc"));

    assertThat(at("2026-03-01T12:00:00Z"))
        .allSatisfy(
            alert -> {
              assertThat(alert.causeKey()).isEqualTo("connector:orders-cdc");
              assertThat(alert.blastRadius().datasets()).containsExactly("orders");
              assertThat(alert.blastRadius().consumers()).containsExactly("billing");
            });
  }
}
