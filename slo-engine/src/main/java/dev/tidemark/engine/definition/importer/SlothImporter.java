package dev.tidemark.engine.definition.importer;

import dev.tidemark.engine.definition.Problem;
import dev.tidemark.engine.definition.Selector;
import dev.tidemark.engine.definition.SourceFile;
import dev.tidemark.engine.definition.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Turns Sloth's files, {@code prometheus/v1} and the Kubernetes resource, into OpenSLO v1 with our
 * metric sources. Windows are Sloth's default of 30 days. Not thread-safe.
 *
 * <p>Source: Sloth's documentation, "SLO specification".
 */
public final class SlothImporter {
  private static final String PLAIN = "prometheus/v1";
  private static final String RESOURCE = "sloth.slok.dev/v1";
  private static final Set<String> SLO =
      Set.of("name", "description", "objective", "labels", "sli", "alerting");

  private final List<Problem> losses = new ArrayList<>();
  private final StringBuilder yaml = new StringBuilder();
  private int objectives;

  private SlothImporter() {}

  /** Reads all files; complains of everything that does not come over. */
  public static Imported read(List<SourceFile> files) {
    SlothImporter importer = new SlothImporter();
    files.forEach(importer::file);
    return new Imported(importer.yaml.toString(), importer.objectives, importer.losses);
  }

  private void file(SourceFile file) {
    int told = losses.size();
    LoadSettings settings = LoadSettings.builder().setLabel(file.path()).build();
    try {
      for (Node node : new Compose(settings).composeAllFromString(file.text())) {
        document(new YamlNode(node, file.path(), "", losses));
      }
    } catch (YamlEngineException e) {
      Optional<Mark> mark =
          e instanceof MarkedYamlEngineException marked
              ? marked.getProblemMark()
              : Optional.empty();
      losses.add(
          new Problem(
              file.path(),
              mark.map(m -> m.getLine() + 1).orElse(1),
              mark.map(m -> m.getColumn() + 1).orElse(1),
              Problem.Severity.ERROR,
              "this is not YAML: " + e.getMessage()));
      comments(told);
    }
  }

  private void document(YamlNode document) {
    int told = losses.size();
    boolean plain = document.find("version").isPresent();
    String version = document.text(plain ? "version" : "apiVersion").orElse("");
    if (!version.equals(plain ? PLAIN : RESOURCE)) {
      document.error("this is no file of Sloth: version: " + PLAIN + " or apiVersion: " + RESOURCE);
      comments(told);
      return;
    }
    if (!plain) {
      lost(document, Set.of("apiVersion", "kind", "metadata", "spec"));
      document.find("metadata").ifPresent(metadata -> lost(metadata, Set.of("name")));
    }
    Optional<YamlNode> found = plain ? Optional.of(document) : document.find("spec");
    if (found.isEmpty()) {
      document.error("the resource has no 'spec'");
      comments(told);
      return;
    }
    YamlNode spec = found.get();
    lost(spec, Set.of("version", "service", "labels", "slos"));
    Optional<String> service = spec.required("service");
    List<YamlNode> elements = spec.elements("slos");
    if (elements.isEmpty()) {
      spec.error("there are no 'slos' in this document");
    }
    comments(told);
    for (YamlNode element : elements) {
      int before = losses.size();
      Optional<Map<String, Object>> slo =
          service.flatMap(name -> slo(name, spec.textMap("labels"), element));
      comments(before);
      slo.ifPresent(this::dump);
    }
  }

  private Optional<Map<String, Object>> slo(
      String service, Map<String, String> common, YamlNode element) {
    lost(element, SLO);
    element.find("alerting").ifPresent(SlothImporter::alerting);
    Optional<String> name = element.required("name");
    Optional<String> objective = element.required("objective");
    Optional<YamlNode> events = events(element);
    Optional<Selector> bad = events.flatMap(at -> selector(at, "error_query", "errorQuery"));
    Optional<Selector> total = events.flatMap(at -> selector(at, "total_query", "totalQuery"));
    if (name.isEmpty() || objective.isEmpty() || bad.isEmpty() || total.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> labels = new LinkedHashMap<>(common);
    labels.putAll(element.textMap("labels"));
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("name", slug(service + "-" + name.get()));
    metadata.put("displayName", name.get());
    if (!labels.isEmpty()) {
      metadata.put("labels", labels);
    }
    String owner = labels.getOrDefault("owner", labels.getOrDefault("team", ""));
    if (!owner.isEmpty()) {
      metadata.put("annotations", Map.of("tidemark.dev/owner", owner));
    }
    Map<String, Object> ratio = new LinkedHashMap<>();
    ratio.put("counter", true);
    ratio.put("bad", source(bad.get()));
    ratio.put("total", source(total.get()));
    Map<String, Object> spec = new LinkedHashMap<>();
    element.text("description").ifPresent(text -> spec.put("description", text));
    spec.put("service", service);
    spec.put("indicator", Map.of("spec", Map.of("ratioMetric", ratio)));
    Map<String, Object> window = new LinkedHashMap<>();
    window.put("duration", "30d");
    window.put("isRolling", true);
    spec.put("timeWindow", List.of(window));
    spec.put("budgetingMethod", "Occurrences");
    spec.put("objectives", List.of(Map.of("targetPercent", objective.get())));
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("apiVersion", "openslo/v1");
    document.put("kind", "SLO");
    document.put("metadata", metadata);
    document.put("spec", spec);
    return Optional.of(document);
  }

  private static Optional<YamlNode> events(YamlNode element) {
    Optional<YamlNode> sli = element.find("sli");
    Optional<YamlNode> events = sli.flatMap(at -> at.find("events"));
    if (events.isEmpty()) {
      sli.orElse(element)
          .error(
              "only an SLI of events can be carried, so this objective is left out; a raw ratio and"
                  + " a plugin have no good and total counts");
    }
    return events;
  }

  private static Optional<Selector> selector(YamlNode events, String plain, String resource) {
    String key = events.find(resource).isPresent() ? resource : plain;
    Optional<String> query = events.required(key);
    if (query.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(PromSelector.read(query.get()));
    } catch (PromSelector.Refused e) {
      events
          .find(key)
          .orElse(events)
          .error(e.getMessage() + ", so this objective is left out; write it by hand");
      return Optional.empty();
    }
  }

  /** The burn-rate policy is ours, so all of this is lost, and each piece is named. */
  private static void alerting(YamlNode alerting) {
    for (String key : alerting.keys()) {
      YamlNode at = alerting.find(key).orElse(alerting);
      boolean disabled =
          at.keys().contains("disable") && at.text("disable").filter("true"::equals).isPresent();
      at.warn(
          disabled
              ? "alerting."
                  + key
                  + " is disabled there; here the default burn-rate policy pages and tickets: silence"
                  + " it or give it a policy"
              : "alerting."
                  + key
                  + " is not carried: the default burn-rate policy applies and routes tell people");
    }
  }

  private static void lost(YamlNode map, Set<String> carried) {
    for (String key : map.keys()) {
      if (!carried.contains(key)) {
        map.find(key).orElse(map).warn("'" + key + "' is not carried");
      }
    }
  }

  private static Map<String, Object> source(Selector selector) {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("metric", selector.metric());
    if (!selector.attributes().isEmpty()) {
      Map<String, Object> attributes = new LinkedHashMap<>();
      selector
          .attributes()
          .forEach((key, values) -> attributes.put(key, values.stream().sorted().toList()));
      spec.put("attributes", attributes);
    }
    Map<String, Object> source = new LinkedHashMap<>();
    source.put("type", "tidemark");
    source.put("spec", spec);
    return Map.of("metricSource", source);
  }

  private void dump(Map<String, Object> document) {
    objectives++;
    DumpSettings settings =
        DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).setExplicitStart(true).build();
    yaml.append(new Dump(settings).dumpToString(document));
  }

  private void comments(int from) {
    for (Problem loss : losses.subList(from, losses.size())) {
      yaml.append("# lost: ").append(loss.toString().replaceAll("\\R", " ")).append('\n');
    }
  }

  private static String slug(String text) {
    return text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
  }
}
