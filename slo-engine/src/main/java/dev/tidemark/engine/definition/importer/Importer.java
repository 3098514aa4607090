package dev.tidemark.engine.definition.importer;

import dev.tidemark.engine.definition.Problem;
import dev.tidemark.engine.definition.SourceFile;
import dev.tidemark.engine.definition.YamlNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Turns files of other tools into ours; each document tells by itself whose it is. Not thread-safe.
 */
public final class Importer {
  private final Output output = new Output();

  private Importer() {}

  /**
   * Reads all files; complains of everything that does not come over.
   *
   * @param from whose files these are; empty when each document is to tell
   */
  public static Imported read(List<SourceFile> files, Optional<Tool> from) {
    Importer importer = new Importer();
    importer.run(files, from);
    return importer.output.imported();
  }

  private record Piece(YamlNode document, Tool tool) {}

  private void run(List<SourceFile> files, Optional<Tool> from) {
    List<Piece> pieces = new ArrayList<>();
    int told = output.mark();
    for (SourceFile file : files) {
      for (YamlNode document : documents(file)) {
        from.or(() -> Tool.of(document))
            .ifPresentOrElse(
                tool -> pieces.add(new Piece(document, tool)),
                () ->
                    document.error(
                        "whose file this is cannot be told; say so with --from "
                            + Arrays.stream(Tool.values())
                                .map(Tool::toString)
                                .collect(Collectors.joining(", "))));
      }
    }
    // An objective may stand before the file with its policy.
    ErrorBudgetPolicies policies = new ErrorBudgetPolicies();
    for (Piece piece : pieces) {
      if (isPolicies(piece)) {
        policies.add(piece.document());
      }
    }
    output.lost(told);
    for (Piece piece : pieces) {
      if (!isPolicies(piece)) {
        read(piece, policies);
      }
    }
  }

  private static boolean isPolicies(Piece piece) {
    return piece.tool() == Tool.SLO_GENERATOR && ErrorBudgetPolicies.isPolicies(piece.document());
  }

  private void read(Piece piece, ErrorBudgetPolicies policies) {
    switch (piece.tool()) {
      case SLOTH -> new SlothImporter(output).read(piece.document());
      case PYRRA -> new PyrraImporter(output).read(piece.document());
      case SLO_GENERATOR -> new SloGeneratorImporter(output, policies).read(piece.document());
      case ALERTMANAGER -> new AlertmanagerImporter(output).read(piece.document());
    }
  }

  /** The documents of a file; a list of Kubernetes is many. */
  private List<YamlNode> documents(SourceFile file) {
    LoadSettings settings = LoadSettings.builder().setLabel(file.path()).build();
    List<YamlNode> documents = new ArrayList<>();
    try {
      for (Node node : new Compose(settings).composeAllFromString(file.text())) {
        YamlNode document =
            new YamlNode(
                node instanceof SequenceNode list ? steps(list) : node,
                file.path(),
                "",
                output.losses());
        if (document.find("items").isPresent()) {
          documents.addAll(document.elements("items"));
        } else if (!document.keys().isEmpty() || !document.value().isBlank()) {
          documents.add(document);
        }
      }
    } catch (YamlEngineException e) {
      Optional<Mark> mark =
          e instanceof MarkedYamlEngineException marked
              ? marked.getProblemMark()
              : Optional.empty();
      output
          .losses()
          .add(
              new Problem(
                  file.path(),
                  mark.map(m -> m.getLine() + 1).orElse(1),
                  mark.map(m -> m.getColumn() + 1).orElse(1),
                  Problem.Severity.ERROR,
                  // The whole message shows the line, which may hold a secret.
                  "this is not YAML: "
                      + (e instanceof MarkedYamlEngineException marked
                          ? marked.getProblem()
                          : e.getClass().getSimpleName())));
    }
    return documents;
  }

  /** The only documents that are lists are the policies of slo-generator's version 1. */
  private static Node steps(SequenceNode list) {
    ScalarNode key = new ScalarNode(Tag.STR, ErrorBudgetPolicies.STEPS, ScalarStyle.PLAIN);
    return new MappingNode(
        Tag.MAP,
        true,
        List.of(new NodeTuple(key, list)),
        FlowStyle.BLOCK,
        list.getStartMark(),
        list.getEndMark());
  }
}
