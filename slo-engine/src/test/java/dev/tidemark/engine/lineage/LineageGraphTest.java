package dev.tidemark.engine.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.definition.DatasetDefinition;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LineageGraphTest {
  private static final Node CONNECTOR = new Node(Node.Type.CONNECTOR, "cdc");

  private static Node dataset(String name) {
    return new Node(Node.Type.DATASET, name);
  }

  private static DatasetDefinition definition(
      String name, List<String> parents, List<String> connectors) {
    return new DatasetDefinition(
        name, name, "", "", "", "", parents, List.of(), connectors, Map.of(), "", "");
  }

  private static LineageGraph chain() {
    LineageGraph.Builder builder = new LineageGraph.Builder();
    builder.add(definition("a", List.of(), List.of("cdc")));
    builder.add(definition("b", List.of("a"), List.of()));
    builder.add(definition("c", List.of("b"), List.of()));
    return builder.build();
  }

  @Test
  void a_dead_connector_is_the_cause_whichever_dataset_is_asked() {
    Set<Node> bad = Set.of(CONNECTOR, dataset("a"), dataset("b"), dataset("c"));
    for (String asked : List.of("a", "b", "c")) {
      LineageGraph.RootCause cause = chain().rootCause(dataset(asked), bad::contains, node -> true);
      assertThat(cause.node()).isEqualTo(CONNECTOR);
      assertThat(cause.certain()).isTrue();
    }
  }

  @Test
  void a_healthy_parent_stops_the_search() {
    Set<Node> bad = Set.of(CONNECTOR, dataset("c"));
    assertThat(chain().rootCause(dataset("c"), bad::contains, node -> true).node())
        .isEqualTo(dataset("c"));
  }

  @Test
  void an_unknown_node_is_passed_through_and_makes_it_a_guess() {
    Set<Node> bad = Set.of(dataset("a"), dataset("c"));
    LineageGraph.RootCause cause = chain().rootCause(dataset("c"), bad::contains, bad::contains);
    assertThat(cause.node()).isEqualTo(dataset("a"));
    assertThat(cause.path()).containsExactly(dataset("a"), dataset("b"), dataset("c"));
    assertThat(cause.certain()).isFalse();
  }

  @Test
  void a_connector_goes_before_a_dataset_that_is_as_far() {
    LineageGraph.Builder builder = new LineageGraph.Builder();
    builder.add(definition("z", List.of("a"), List.of("cdc")));
    assertThat(builder.build().rootCause(dataset("z"), node -> true, node -> true).node())
        .isEqualTo(CONNECTOR);
  }

  @Test
  void a_cycle_ends() {
    LineageGraph.Builder builder = new LineageGraph.Builder();
    builder.add(definition("a", List.of("b"), List.of()));
    builder.add(definition("b", List.of("a"), List.of()));
    assertThat(builder.build().rootCause(dataset("a"), node -> true, node -> true).path())
        .containsExactly(dataset("b"), dataset("a"));
  }
}
