package dev.tidemark.engine.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.model.ObjectiveId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EditsTest {
  private static final String ORDERS =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: orders}
      spec: {objectives: [{validity: {target: 99%}}]}
      """;
  private static final String UPGRADE =
      """
      ---
      apiVersion: tidemark/v1
      kind: Maintenance
      metadata: {name: upgrade}
      spec: {covers: [orders], from: "2026-03-02T02:00:00Z", duration: 2h, budget: drop,
             reason: upgrade, ticket: OPS-1}
      """;
  private static final ObjectiveId ID = new ObjectiveId("orders-validity");

  @Test
  void a_target_and_what_is_measured_are_edits_and_words_are_none() {
    assertThat(between(ORDERS, ORDERS.replace("99%", "98%")))
        .isEqualTo(Map.of(ID, "target 99% → 98%"));
    assertThat(between(ORDERS, ORDERS.replace("{name: orders}", "{name: orders, displayName: O}")))
        .isEmpty();
    assertThat(between(ORDERS, ORDERS.replace("validity", "duplicates")))
        .isEqualTo(Map.of(ID, "removed", new ObjectiveId("orders-duplicates"), "new"));
  }

  @Test
  void maintenance_that_corrects_the_budget_is_an_edit_of_what_it_covers() {
    assertThat(between(ORDERS, ORDERS + UPGRADE))
        .isEqualTo(Map.of(ID, "maintenance upgrade added"));
    assertThat(between(ORDERS + UPGRADE, ORDERS))
        .isEqualTo(Map.of(ID, "maintenance upgrade removed"));
    assertThat(between(ORDERS + UPGRADE, ORDERS + UPGRADE.replace("2h", "3h")))
        .isEqualTo(Map.of(ID, "maintenance upgrade changed"));
    assertThat(between(ORDERS, ORDERS + UPGRADE.replace("drop", "keep"))).isEmpty();
    assertThat(between(ORDERS, ORDERS + UPGRADE.replace("[orders]", "[refunds]"))).isEmpty();
    assertThat(between(ORDERS + UPGRADE, ORDERS + UPGRADE.replace("OPS-1", "OPS-2"))).isEmpty();
  }

  private static Map<ObjectiveId, String> between(String before, String after) {
    return Edits.between(read(before), read(after));
  }

  private static Definitions read(String text) {
    return DefinitionParser.parse(List.of(new SourceFile("a.yaml", text))).definitions();
  }
}
