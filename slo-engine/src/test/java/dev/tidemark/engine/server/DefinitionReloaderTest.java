package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.Problem;
import dev.tidemark.engine.telemetry.EngineMetrics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefinitionReloaderTest {
  private final EngineMetrics metrics = new EngineMetrics();
  private final List<Definitions> taken = new ArrayList<>();

  private static String dataset(String name, String within) {
    return """
        apiVersion: tidemark/v1
        kind: Dataset
        metadata: {name: %s}
        spec:
          objectives: [{freshness: {within: %s}}]
        """
        .formatted(name, within);
  }

  private DefinitionReloader reloader(Path folder) throws StartupException {
    List<Path> paths = List.of(folder);
    return new DefinitionReloader(paths, DefinitionReloader.readAll(paths), metrics, taken::add);
  }

  /** What is in force of each objective, as people read it. */
  private List<String> inForce() {
    return taken.get(taken.size() - 1).objectives().stream()
        .map(objective -> objective.id() + ": " + objective.sli())
        .toList();
  }

  @Test
  void a_file_that_cannot_be_read_stays_as_it_was_and_keeps_no_other_from_being_taken(
      @TempDir Path folder) throws Exception {
    Path bills = Files.writeString(folder.resolve("bills.yaml"), dataset("bills", "5m"));
    Path orders = Files.writeString(folder.resolve("orders.yaml"), dataset("orders", "5m"));
    try (DefinitionReloader reloader = reloader(folder)) {
      // ISO-8859-1: the e with an acute accent is the sixth character of the first line.
      Files.write(bills, "# caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
      Files.writeString(orders, dataset("orders", "7m"));
      reloader.look();

      assertThat(inForce())
          .satisfiesExactlyInAnyOrder(
              bill -> assertThat(bill).contains("bills-freshness").contains("PT5M"),
              order -> assertThat(order).contains("orders-freshness").contains("PT7M"));
      assertThat(reloader.problems())
          .extracting(Problem::toString)
          .containsExactly(
              bills
                  + ":1:6: is not text in UTF-8; save it in that encoding, or take it out of the"
                  + " folder");
      assertThat(problems("error")).isEqualTo(1);

      Files.writeString(bills, dataset("bills", "9m"));
      reloader.look();
      assertThat(inForce())
          .anySatisfy(bill -> assertThat(bill).contains("bills-freshness").contains("PT9M"));
      assertThat(reloader.problems()).isEmpty();
      assertThat(problems("error")).isZero();
    }
  }

  @Test
  void a_file_that_cannot_be_read_when_the_server_starts_keeps_no_other_out(@TempDir Path folder)
      throws Exception {
    Files.write(folder.resolve("bills.yaml"), new byte[] {(byte) 0xE9});
    Files.writeString(folder.resolve("orders.yaml"), dataset("orders", "5m"));

    DefinitionReloader.Read read = DefinitionReloader.readAll(List.of(folder));
    assertThat(read.definitions().objectives()).hasSize(1);
    try (DefinitionReloader reloader =
        new DefinitionReloader(List.of(folder), read, metrics, taken::add)) {
      assertThat(reloader.problems())
          .singleElement()
          .extracting(Problem::file)
          .isEqualTo(folder.resolve("bills.yaml").toString());
    }
  }

  @Test
  void a_folder_that_is_away_leaves_all_in_force_and_is_told_until_it_is_back(@TempDir Path root)
      throws Exception {
    Path folder = Files.createDirectory(root.resolve("definitions"));
    Files.writeString(folder.resolve("orders.yaml"), dataset("orders", "5m"));
    try (DefinitionReloader reloader = reloader(folder)) {
      Path away = Files.move(folder, root.resolve("away"));
      reloader.look();
      reloader.look();
      assertThat(taken).isEmpty();
      assertThat(reloader.problems())
          .extracting(Problem::toString)
          .containsExactly(
              folder
                  + ":1:1: "
                  + folder
                  + " does not exist; all definitions stay as they last were");

      Files.move(away, folder);
      reloader.look();
      assertThat(inForce()).hasSize(1);
      assertThat(reloader.problems()).isEmpty();
    }
  }

  /** Thousands of brackets: a file that is no definition, and deeper than a reader can follow. */
  @Test
  void a_file_nested_without_end_is_a_problem_of_that_file(@TempDir Path folder) throws Exception {
    Path deep = Files.writeString(folder.resolve("deep.yaml"), "a: 1");
    Files.writeString(folder.resolve("orders.yaml"), dataset("orders", "5m"));
    try (DefinitionReloader reloader = reloader(folder)) {
      Files.writeString(deep, "[".repeat(200_000));
      Files.writeString(folder.resolve("orders.yaml"), dataset("orders", "7m"));
      reloader.look();
      assertThat(inForce()).singleElement().asString().contains("PT7M");
      assertThat(reloader.problems())
          .extracting(Problem::toString)
          .containsExactly(
              deep
                  + ":1:1: this is nested more than 100 levels deep, or an alias contains itself;"
                  + " no definition needs that");

      // And where the library gets through, nobody behind it has to.
      Files.writeString(deep, "[".repeat(500) + "]".repeat(500));
      reloader.look();
      assertThat(reloader.problems()).extracting(Problem::file).containsExactly(deep.toString());
      Files.writeString(deep, "spec: &loop {again: *loop}");
      reloader.look();
      assertThat(reloader.problems()).extracting(Problem::file).containsExactly(deep.toString());
    }
  }

  private double problems(String severity) {
    Double value =
        metrics
            .registry()
            .getSampleValue(
                "tidemark_definition_problems", new String[] {"severity"}, new String[] {severity});
    assertThat(value).isNotNull();
    return value;
  }
}
