package dev.tidemark.engine.definition.importer;

import dev.tidemark.engine.definition.Problem;
import dev.tidemark.engine.definition.YamlNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * Our documents as they are put together. Losses since a mark become comments in front of the
 * document that they belong to. Not thread-safe.
 */
final class Output {
  private record Piece(List<Problem> losses, Map<String, Object> document) {}

  private final List<Problem> losses = new ArrayList<>();
  private final List<Piece> pieces = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final Map<String, List<Object>> pipelines = new LinkedHashMap<>();
  private int objectives;

  /** Where all complaints go. */
  List<Problem> losses() {
    return losses;
  }

  /** Returns a mark for what is complained of from now on. */
  int mark() {
    return losses.size();
  }

  /** Writes comments only. */
  void lost(int mark) {
    write(mark, Map.of());
  }

  /** Writes a document behind its comments; it may still be changed. */
  void write(int mark, Map<String, Object> document) {
    write(mark, losses.size(), document);
  }

  /** Writes a document behind the comments of losses between two marks. */
  void write(int from, int to, Map<String, Object> document) {
    pieces.add(new Piece(List.copyOf(losses.subList(from, to)), document));
  }

  /** Writes an objective behind its comments. */
  void objective(int mark, Promise promise) {
    objectives++;
    write(mark, promise.document());
  }

  /** Writes an objective of a pipeline; all of one pipeline share a document. */
  void objective(int mark, String pipeline, Map<String, Object> objective) {
    objectives++;
    List<Object> known = pipelines.get(pipeline);
    if (known != null) {
      known.add(objective);
      lost(mark);
      return;
    }
    List<Object> own = new ArrayList<>(List.of(objective));
    pipelines.put(pipeline, own);
    write(mark, ours("Pipeline", pipeline, Map.of("objectives", own)));
  }

  /** Returns a document of ours. */
  static Map<String, Object> ours(String kind, String name, Map<String, Object> spec) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("apiVersion", "tidemark/v1");
    document.put("kind", kind);
    document.put("metadata", Map.of("name", name));
    document.put("spec", spec);
    return document;
  }

  /** Returns a name that no other objective has; warns when it had to be changed. */
  String name(String wanted, YamlNode at) {
    String slug = slug(wanted);
    String name = slug;
    for (int i = 2; !names.add(name); i++) {
      name = slug + "-" + i;
    }
    if (!name.equals(slug)) {
      at.warn("another objective is named '" + slug + "', so this one becomes '" + name + "'");
    }
    return name;
  }

  private static String slug(String text) {
    String slug =
        text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    return slug.isEmpty() ? "objective" : slug;
  }

  /** Returns everything. */
  Imported imported() {
    DumpSettings settings =
        DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.AUTO)
            .setExplicitStart(true)
            .setDereferenceAliases(true)
            .build();
    StringBuilder yaml = new StringBuilder();
    for (Piece piece : pieces) {
      for (Problem loss : piece.losses()) {
        yaml.append("# lost: ").append(loss.toString().replaceAll("\\R", " ")).append('\n');
      }
      if (!piece.document().isEmpty()) {
        yaml.append(new Dump(settings).dumpToString(piece.document()));
      }
    }
    return new Imported(yaml.toString(), objectives, losses);
  }
}
