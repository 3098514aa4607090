package dev.tidemark.engine.definition;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A piece of YAML that knows where it stands and complains there. Problems go to a list that all
 * pieces of a file share. Not thread-safe.
 */
public final class YamlNode {
  private final Node node;
  private final String file;
  private final String path;
  private final List<Problem> problems;
  private final Strictness strictness;

  /**
   * Wraps a composed node, read leniently.
   *
   * @param node composed
   * @param file as problems name it
   * @param path of members from the document to here, empty for the document
   * @param problems where complaints go
   */
  public YamlNode(Node node, String file, String path, List<Problem> problems) {
    this(node, file, path, problems, Strictness.LENIENT);
  }

  YamlNode(Node node, String file, String path, List<Problem> problems, Strictness strictness) {
    this.node = node;
    this.file = file;
    this.path = path;
    this.problems = problems;
    this.strictness = strictness;
  }

  private YamlNode member(Node of, String itsPath) {
    return new YamlNode(of, file, itsPath, problems, strictness);
  }

  /**
   * Notes here that a rule of a specification is broken: an error when reading strictly, otherwise
   * a warning.
   */
  void breaks(String message) {
    report(node, broken(), message);
  }

  /**
   * Notes here that a rule of a specification is broken from which nothing follows: an error when
   * reading strictly, otherwise nothing.
   */
  void breaksStrictly(String message) {
    if (strictness == Strictness.STRICT) {
      error(message);
    }
  }

  private Problem.Severity broken() {
    return strictness == Strictness.STRICT ? Problem.Severity.ERROR : Problem.Severity.WARNING;
  }

  /** Members that are not known break a rule of the specification; they are passed over. */
  void specKnows(Set<String> known) {
    checkMembers(known, broken());
  }

  /** Notes an error here. */
  public void error(String message) {
    report(node, Problem.Severity.ERROR, message);
  }

  /** Notes a warning here. */
  public void warn(String message) {
    report(node, Problem.Severity.WARNING, message);
  }

  /** The file as problems name it. */
  String file() {
    return file;
  }

  /** Returns {@code file:line:column}. */
  public String place() {
    return place(node);
  }

  /** Returns the places of everything within, by path: {@code spec.routes[0].receiver}. */
  Map<String, String> places() {
    Map<String, String> places = new LinkedHashMap<>();
    collect(node, path, places);
    return places;
  }

  private void collect(Node from, String at, Map<String, String> places) {
    if (from instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        if (tuple.getKeyNode() instanceof ScalarNode key) {
          String name = at.isEmpty() ? key.getValue() : at + "." + key.getValue();
          places.put(name, place(key));
          collect(tuple.getValueNode(), name, places);
        }
      }
    } else if (from instanceof SequenceNode sequence) {
      for (int i = 0; i < sequence.getValue().size(); i++) {
        String name = at + "[" + i + "]";
        places.put(name, place(sequence.getValue().get(i)));
        collect(sequence.getValue().get(i), name, places);
      }
    }
  }

  private String place(Node of) {
    int[] at = at(of);
    return file + ":" + at[0] + ":" + at[1];
  }

  /** Returns the member's value, or empty. */
  public Optional<YamlNode> find(String key) {
    if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        if (tuple.getKeyNode() instanceof ScalarNode name && name.getValue().equals(key)) {
          return Optional.of(member(tuple.getValueNode(), path.isEmpty() ? key : path + "." + key));
        }
      }
    }
    return Optional.empty();
  }

  /** Complains about members that are not known, with the nearest known name. */
  void onlyKnows(Set<String> known) {
    checkMembers(known, Problem.Severity.ERROR);
  }

  /** Warns of members that are not known, with the nearest known name; they are passed over. */
  public void warnsOfUnknown(Set<String> known) {
    checkMembers(known, Problem.Severity.WARNING);
  }

  private void checkMembers(Set<String> known, Problem.Severity unknown) {
    if (!(node instanceof MappingNode mapping)) {
      error(where() + "has to be a map of settings");
      return;
    }
    Set<String> seen = new TreeSet<>();
    for (NodeTuple tuple : mapping.getValue()) {
      String name = tuple.getKeyNode() instanceof ScalarNode key ? key.getValue() : "?";
      if (!seen.add(name)) {
        report(tuple.getKeyNode(), Problem.Severity.ERROR, "'" + name + "' stands here twice");
      }
      if (!known.contains(name)) {
        report(
            tuple.getKeyNode(),
            unknown,
            "'"
                + name
                + "' is not known "
                + (path.isEmpty() ? "here" : "in " + path)
                + suggestion(name, known));
      }
    }
  }

  /** Whether it has members. */
  boolean isMap() {
    return node instanceof MappingNode;
  }

  /** Whether it has elements. */
  boolean isList() {
    return node instanceof SequenceNode;
  }

  /** Names of the members. */
  public List<String> keys() {
    List<String> keys = new ArrayList<>();
    if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        if (tuple.getKeyNode() instanceof ScalarNode key) {
          keys.add(key.getValue());
        }
      }
    }
    return keys;
  }

  /** Returns this node's own text, or nothing when it is a map or a list. */
  public String value() {
    return node instanceof ScalarNode scalar ? scalar.getValue() : "";
  }

  /** Returns the text of a member, or empty after a complaint when it is none. */
  public Optional<String> text(String key) {
    Optional<YamlNode> member = find(key);
    if (member.isEmpty()) {
      return Optional.empty();
    }
    if (member.get().node instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL)) {
      return Optional.of(scalar.getValue());
    }
    member.get().error(key + " has to be a single value");
    return Optional.empty();
  }

  /** Returns a member's text, or complains that it is missing. */
  public Optional<String> required(String key) {
    if (find(key).isEmpty()) {
      error(where() + "needs '" + key + "'");
      return Optional.empty();
    }
    return text(key);
  }

  /** Returns the elements of a list member; one value counts as a list of one. */
  public List<YamlNode> elements(String key) {
    Optional<YamlNode> member = find(key);
    if (member.isEmpty()) {
      return List.of();
    }
    if (member.get().node instanceof SequenceNode sequence) {
      List<YamlNode> elements = new ArrayList<>();
      for (int i = 0; i < sequence.getValue().size(); i++) {
        elements.add(member(sequence.getValue().get(i), member.get().path + "[" + i + "]"));
      }
      return elements;
    }
    member.get().error(key + " has to be a list, such as [a, b]");
    return List.of();
  }

  /** Returns the texts of a list member. */
  List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    for (YamlNode element : elements(key)) {
      if (element.node instanceof ScalarNode scalar) {
        texts.add(scalar.getValue());
      } else {
        element.error(key + " holds single values only");
      }
    }
    return texts;
  }

  /** Returns a member's texts, be it one value or a list of them. */
  public List<String> oneOrMore(String key) {
    return find(key).filter(member -> member.node instanceof SequenceNode).isPresent()
        ? texts(key)
        : text(key).map(List::of).orElse(List.of());
  }

  /** Returns a map member with single values. */
  public Map<String, String> textMap(String key) {
    Map<String, String> map = new LinkedHashMap<>();
    find(key)
        .ifPresent(
            member -> {
              for (String name : member.keys()) {
                member.text(name).ifPresent(value -> map.put(name, value));
              }
            });
    return map;
  }

  private String where() {
    return path.isEmpty() ? "the document " : path + " ";
  }

  private void report(Node at, Problem.Severity severity, String message) {
    int[] place = at(at);
    problems.add(new Problem(file, place[0], place[1], severity, message));
  }

  private static int[] at(Node node) {
    Optional<Mark> mark = node.getStartMark();
    return mark.isPresent()
        ? new int[] {mark.get().getLine() + 1, mark.get().getColumn() + 1}
        : new int[] {1, 1};
  }

  /** Returns the nearest known name as a question, or the known names. */
  static String suggestion(String name, Set<String> known) {
    if (known.isEmpty()) {
      return "";
    }
    return nearest(name, known)
        .map(nearest -> "; did you mean '" + nearest + "'?")
        .orElseGet(() -> "; known are " + String.join(", ", new TreeSet<>(known)));
  }

  /** Returns the known name that was meant, if one is near enough. */
  static Optional<String> nearest(String name, Set<String> known) {
    String nearest = "";
    int best = Math.max(2, name.length() / 3) + 1;
    for (String candidate : new TreeSet<>(known)) {
      Integer distance =
          new org.apache.commons.text.similarity.LevenshteinDistance(best).apply(name, candidate);
      if (distance >= 0 && distance < best) {
        best = distance;
        nearest = candidate;
      }
    }
    return Optional.of(nearest).filter(found -> !found.isEmpty());
  }
}
