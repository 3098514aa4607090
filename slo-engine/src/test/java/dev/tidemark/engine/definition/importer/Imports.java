package dev.tidemark.engine.definition.importer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.definition.DefinitionParser;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.ParseResult;
import dev.tidemark.engine.definition.Problem;
import dev.tidemark.engine.definition.SourceFile;
import java.util.List;
import java.util.Optional;

/** Imports a text and reads what came out. */
final class Imports {
  private Imports() {}

  static Imported read(String text) {
    return Importer.read(List.of(new SourceFile("theirs.yml", text)), Optional.empty());
  }

  /** Returns ours, which have to be without errors. */
  static ParseResult ours(Imported imported) {
    ParseResult result =
        DefinitionParser.parse(List.of(new SourceFile("ours.yaml", imported.yaml())));
    assertThat(result.hasErrors()).as("%s%n%s", result.problems(), imported.yaml()).isFalse();
    return result;
  }

  /** Returns the only objective. */
  static Objective objective(String text) {
    Imported imported = read(text);
    List<Objective> objectives = ours(imported).definitions().objectives();
    assertThat(objectives).as("%s", imported.losses()).hasSize(1);
    return objectives.get(0);
  }

  static List<String> losses(Imported imported) {
    return imported.losses().stream().map(Problem::toString).toList();
  }
}
