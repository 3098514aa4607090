package dev.tidemark.engine.definition;

import dev.tidemark.engine.definition.Definitions.Document;
import dev.tidemark.engine.definition.Objective.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads definitions. Bad documents are left out and named, good ones kept; all problems come in one
 * go, each with its place. Stateless.
 */
public final class DefinitionParser {
  private static final String OURS = "tidemark/v1";
  private static final String OPEN_SLO = OpenSloParser.VERSION;
  private static final Set<String> DOCUMENT = Set.of("apiVersion", "kind", "metadata", "spec");
  private static final Set<String> OTHER_KINDS =
      Set.of(
          "Route",
          "Receiver",
          "Schedule",
          "Escalation",
          "TimeInterval",
          "Inhibition",
          "CheckSuite",
          "Baseline");

  /** A target of OpenSLO with this {@code target} means: whoever the routes choose. */
  public static final String ROUTES_TARGET = "tidemark-routes";

  private static final String CALENDAR_FILES = ".ics";

  static final Set<String> KINDS =
      Set.of(
          "Dataset",
          "Pipeline",
          "Calendar",
          "Route",
          "Receiver",
          "Schedule",
          "Escalation",
          "TimeInterval",
          "Inhibition",
          "Maintenance",
          "CheckSuite",
          "Baseline");
  static final Set<String> SPEC =
      Set.of(
          "domain",
          "owner",
          "description",
          "producedBy",
          "dependsOn",
          "consumers",
          "allowedLateness",
          "objectives",
          "runbook");

  private final OpenSloParser openSlo = new OpenSloParser();
  private final List<Problem> problems = new ArrayList<>();
  private final List<DatasetDefinition> datasets = new ArrayList<>();
  private final List<Objective> objectives = new ArrayList<>();
  private final List<MaintenanceDefinition> maintenance = new ArrayList<>();
  private final List<Document> other = new ArrayList<>();
  private final Map<String, String> places = new HashMap<>();
  private final Map<String, String> calendarFiles = new HashMap<>();
  private final Shared shared = new Shared();
  private final Map<String, Integer> documents = new HashMap<>();

  /** Documents that may refer to others, which are read before them. */
  private final List<HeadedDocument> headed = new ArrayList<>();

  private final Strictness strictness;

  private DefinitionParser(Strictness strictness) {
    this.strictness = strictness;
  }

  /** Reads all files together, leniently. */
  public static ParseResult parse(List<SourceFile> files) {
    return parse(files, Strictness.LENIENT);
  }

  /**
   * Reads all files together.
   *
   * @param strictness what becomes of OpenSLO that breaks its specification; our own kinds are
   *     always read strictly
   */
  public static ParseResult parse(List<SourceFile> files, Strictness strictness) {
    DefinitionParser parser = new DefinitionParser(strictness);
    List<SourceFile> readable = new ArrayList<>();
    for (SourceFile file : files) {
      file.unreadable().ifPresentOrElse(parser.problems::add, () -> readable.add(file));
    }
    for (SourceFile file : readable) {
      if (file.path().endsWith(CALENDAR_FILES)) {
        parser.calendarFiles.put(CalendarParser.key(file.path()), file.text());
      }
    }
    for (SourceFile file : readable) {
      if (!file.path().endsWith(CALENDAR_FILES)) {
        parser.file(file);
      }
    }
    parser.shared.collect(parser.headed, parser.calendarFiles);
    for (HeadedDocument document : parser.headed) {
      if (!document.kind().equals("Calendar")) {
        parser.promises(document);
      }
    }
    parser.openSlo();
    parser.maintenanceCoversSomething();
    return new ParseResult(
        new Definitions(parser.datasets, parser.objectives, parser.maintenance, parser.other),
        parser.problemsInOrder(files),
        parser.documents);
  }

  /** Indicators may stand in other files than their objectives, so these come last. */
  private void openSlo() {
    for (YamlNode slo : openSlo.slos()) {
      int before = errors();
      List<Objective> own =
          openSlo.read(slo).stream()
              .map(objective -> objective.with(shared.lateness(objective.sli().selectors())))
              .toList();
      if (errors() == before) {
        addObjectives(own, slo);
      }
    }
    openSlo.checkUnused();
  }

  /** A name that covers nothing is a typo more often than not. */
  private void maintenanceCoversSomething() {
    Set<String> known = new TreeSet<>();
    objectives.forEach(
        objective -> {
          known.add(objective.id().value());
          known.add(objective.subject().name());
        });
    for (MaintenanceDefinition planned : maintenance) {
      for (String name : planned.covers()) {
        if (objectives.stream()
            .noneMatch(one -> MaintenanceDefinition.covers(List.of(name), one))) {
          problems.add(
              Problem.at(
                  planned.place(),
                  Problem.Severity.WARNING,
                  "the maintenance '"
                      + planned.name()
                      + "' covers '"
                      + name
                      + "', which no objective is about"
                      + YamlNode.suggestion(name, known)));
        }
      }
    }
  }

  private List<Problem> problemsInOrder(List<SourceFile> files) {
    List<String> order = files.stream().map(SourceFile::path).toList();
    // What several objectives refer to is read for each of them, and told once.
    return problems.stream()
        .distinct()
        .sorted(
            Comparator.comparingInt((Problem problem) -> order.indexOf(problem.file()))
                .thenComparingInt(Problem::line)
                .thenComparingInt(Problem::column))
        .toList();
  }

  private void file(SourceFile file) {
    LoadSettings settings =
        LoadSettings.builder().setLabel(file.path()).setAllowDuplicateKeys(true).build();
    List<Node> documents = new ArrayList<>();
    try {
      for (Node node : new Compose(settings).composeAllFromString(file.text())) {
        documents.add(node);
      }
    } catch (MarkedYamlEngineException e) {
      Optional<Mark> mark = e.getProblemMark();
      problems.add(
          new Problem(
              file.path(),
              mark.map(m -> m.getLine() + 1).orElse(1),
              mark.map(m -> m.getColumn() + 1).orElse(1),
              Problem.Severity.ERROR,
              "this is not YAML: " + e.getProblem()));
    } catch (YamlEngineException e) {
      problems.add(
          new Problem(
              file.path(), 1, 1, Problem.Severity.ERROR, "this is not YAML: " + e.getMessage()));
    } catch (StackOverflowError e) {
      // The library composes recursively and knows no limit of its own.
      problems.add(tooDeep(file));
    }
    for (Node node : documents) {
      if (Nesting.isTooDeep(node)) {
        problems.add(tooDeep(file));
        continue;
      }
      document(new YamlNode(node, file.path(), "", problems, strictness), node, settings);
    }
  }

  private static Problem tooDeep(SourceFile file) {
    return new Problem(
        file.path(),
        1,
        1,
        Problem.Severity.ERROR,
        "this is nested more than "
            + Nesting.LIMIT
            + " levels deep, or an alias contains itself; no definition needs that");
  }

  private void document(YamlNode document, Node node, LoadSettings settings) {
    int before = errors();
    boolean isOpenSlo =
        document.isMap()
            && document.find("apiVersion").map(YamlNode::value).orElse("").equals(OPEN_SLO);
    if (isOpenSlo) {
      document.specKnows(DOCUMENT);
    } else {
      document.onlyKnows(DOCUMENT);
    }
    if (document.keys().isEmpty()) {
      return;
    }
    Optional<String> version = document.required("apiVersion");
    Optional<String> kind = document.required("kind");
    if (version.isEmpty() || kind.isEmpty()) {
      return;
    }
    if (!isOpenSlo && !version.get().equals(OURS)) {
      document
          .find("apiVersion")
          .ifPresent(
              at ->
                  at.error(
                      "apiVersion '"
                          + version.get()
                          + "' is not read; write '"
                          + OURS
                          + "' or '"
                          + OPEN_SLO
                          + "'"));
      return;
    }
    Set<String> kinds = isOpenSlo ? OpenSloParser.KINDS : KINDS;
    if (!kinds.contains(kind.get())) {
      document
          .find("kind")
          .ifPresent(
              at ->
                  at.error(
                      "kind '"
                          + kind.get()
                          + "' is not known"
                          + YamlNode.suggestion(kind.get(), kinds)));
      return;
    }
    Optional<YamlNode> metadata = document.find("metadata");
    Optional<YamlNode> spec = document.find("spec");
    if (metadata.isEmpty() || spec.isEmpty()) {
      document.error("the document needs 'metadata' and 'spec'");
      return;
    }
    if (isOpenSlo) {
      OpenSloRules.metadata(metadata.get());
    } else {
      metadata.get().onlyKnows(OpenSloRules.METADATA);
    }
    Optional<String> name = metadata.get().required("name");
    if (name.isEmpty() || isTaken(kind.get(), name.get(), metadata.get())) {
      return;
    }
    documents.merge(kind.get(), 1, Integer::sum);
    if (isOpenSlo) {
      openSlo.add(kind.get(), name.get(), document);
      return;
    }
    if (OTHER_KINDS.contains(kind.get())) {
      other(kind.get(), name.get(), document, node, settings);
      return;
    }
    if (kind.get().equals("Maintenance")) {
      MaintenanceParser.parse(name.get(), spec.get()).ifPresent(maintenance::add);
      return;
    }
    headed.add(
        new HeadedDocument(
            kind.get(), name.get(), metadata.get(), spec.get(), document, errors() > before));
  }

  /** A dataset or a pipeline, with what is promised of it. */
  private void promises(HeadedDocument read) {
    int before = errors();
    YamlNode spec = read.spec();
    spec.onlyKnows(SPEC);
    read.metadata().find("labels").flatMap(all -> all.find("tier")).ifPresent(ValueLint::tier);
    spec.find("runbook").ifPresent(ValueLint::runbook);
    Optional<Duration> lateness = ObjectiveParser.duration(spec, "allowedLateness");
    List<Objective> own = new ArrayList<>();
    List<String> connectors = new ArrayList<>();
    Subject subject =
        new Subject(
            read.kind().equals("Dataset") ? Subject.Type.DATASET : Subject.Type.PIPELINE,
            read.name());
    // A pipeline's is that of its signals, whoever's objective reads them.
    Optional<Duration> ofObjectives =
        subject.type() == Subject.Type.DATASET ? lateness : Optional.empty();
    Map<String, String> labels = read.metadata().textMap("labels");
    for (YamlNode element : spec.elements("objectives")) {
      new ObjectiveParser(subject, read.metadata(), spec, labels, ofObjectives, shared)
          .parse(element)
          .ifPresent(
              objective -> {
                own.add(objective);
                if (objective.subject().type() == Subject.Type.CONNECTOR) {
                  connectors.add(objective.subject().name());
                }
              });
    }
    if (read.faulty() || errors() > before) {
      return;
    }
    addObjectives(own, read.metadata());
    if (subject.type() == Subject.Type.DATASET) {
      datasets.add(
          new DatasetDefinition(
              read.name(),
              read.metadata().text("displayName").orElse(read.name()),
              spec.text("domain").orElse(""),
              spec.text("owner").orElse(""),
              labels.getOrDefault("tier", ""),
              spec.text("producedBy").orElse(""),
              spec.texts("dependsOn"),
              spec.texts("consumers"),
              connectors,
              labels,
              spec.text("runbook").orElse(""),
              read.document().place()));
    }
  }

  private void addObjectives(List<Objective> own, YamlNode at) {
    for (Objective objective : own) {
      if (!isTaken("objective", objective.id().value(), at)) {
        objectives.add(objective);
      }
    }
  }

  private void other(
      String kind, String name, YamlNode document, Node node, LoadSettings settings) {
    Object plain;
    try {
      plain = new PlainConstructor(settings).plain(node);
    } catch (YamlEngineException e) {
      document.error("this cannot be read: " + e.getMessage());
      return;
    }
    if (plain instanceof Map<?, ?> map && map.get("spec") instanceof Map<?, ?> spec) {
      Map<String, Object> body = new HashMap<>();
      spec.forEach((key, value) -> body.put(String.valueOf(key), value == null ? "" : value));
      other.add(new Document(kind, name, body, document.place(), document.places()));
    } else {
      document.error("spec has to be a map of settings");
    }
  }

  /** Constructs plain maps, lists and values of a composed node. */
  private static final class PlainConstructor
      extends org.snakeyaml.engine.v2.constructor.StandardConstructor {
    PlainConstructor(LoadSettings settings) {
      super(settings);
    }

    Object plain(Node node) {
      return constructSingleDocument(Optional.of(node));
    }
  }

  private boolean isTaken(String kind, String name, YamlNode at) {
    String before = places.putIfAbsent(kind + "/" + name, at.place());
    if (before != null) {
      at.error("the " + kind + " '" + name + "' is defined at " + before + " already; rename one");
    }
    return before != null;
  }

  private int errors() {
    return (int) problems.stream().filter(p -> p.severity() == Problem.Severity.ERROR).count();
  }
}
