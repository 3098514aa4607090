package dev.tidemark.engine.definition;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Rules of OpenSLO v1 that a document may break and be understood all the same: names, lengths,
 * members that have to be there. Stateless.
 *
 * <p>Source: OpenSLO specification v1, "General Schema" and the notes of each kind; the length of a
 * display name and the kinds of inline objects are as the project's Go SDK checks them.
 */
final class OpenSloRules {
  static final Set<String> METADATA = Set.of("name", "displayName", "labels", "annotations");

  private static final int DISPLAY_NAME = 63;
  private static final int DESCRIPTION = 1050;

  /** A label of RFC 1123. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  private static final String KEY_TEXT = "[a-zA-Z0-9]([-._a-zA-Z0-9]{0,61}[a-zA-Z0-9])?";
  private static final Pattern LABEL = Pattern.compile(KEY_TEXT);
  private static final Pattern ANNOTATION =
      Pattern.compile("(?=.{1,317}$)([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?" + KEY_TEXT);

  private OpenSloRules() {}

  /** Checks the metadata of a document or of an inline object. */
  static void metadata(YamlNode metadata) {
    metadata.specKnows(METADATA);
    name(metadata, "name");
    length(metadata, "displayName", DISPLAY_NAME);
    metadata.find("labels").ifPresent(OpenSloRules::labels);
    metadata.find("annotations").ifPresent(OpenSloRules::annotations);
  }

  private static void labels(YamlNode labels) {
    if (!labels.isMap()) {
      labels.breaks("labels are a map, such as {team: shop}");
    }
    for (String key : labels.keys()) {
      YamlNode value = labels.find(key).orElse(labels);
      if (!LABEL.matcher(key).matches()) {
        value.breaks(
            "the label '"
                + key
                + "' needs a key of at most 63 letters, digits, '-', '_' and '.', with a letter or"
                + " digit at both ends");
      }
      if (value.isMap()) {
        value.breaks("a label is a text or a list of texts");
      }
    }
  }

  private static void annotations(YamlNode annotations) {
    if (!annotations.isMap()) {
      annotations.breaks("annotations are a map, such as {example.org/key: value}");
    }
    for (String key : annotations.keys()) {
      YamlNode value = annotations.find(key).orElse(annotations);
      if (!ANNOTATION.matcher(key).matches()) {
        value.breaks(
            "the annotation '"
                + key
                + "' needs a key such as name or example.org/name, of letters, digits, '-', '_' and"
                + " '.', at most 63 behind the slash");
      }
      if (value.isMap() || value.isList()) {
        value.breaks("an annotation is a text; put quotes around it");
      }
    }
  }

  /** Checks that a member, if it is there, names an object as names are written. */
  static void name(YamlNode holder, String key) {
    Optional<YamlNode> at = holder.find(key);
    if (at.isPresent() && !NAME.matcher(at.get().value()).matches()) {
      at.get()
          .breaks(
              "'"
                  + at.get().value()
                  + "' is no name of RFC 1123: at most 63 lower-case letters, digits and '-', with a"
                  + " letter or digit at both ends");
    }
  }

  /** Checks the description that every kind may have. */
  static void description(YamlNode spec) {
    length(spec, "description", DESCRIPTION);
  }

  private static void length(YamlNode holder, String key, int most) {
    Optional<YamlNode> at = holder.find(key);
    int length = at.map(YamlNode::value).orElse("").length();
    if (length > most) {
      at.orElse(holder).breaks(key + " has " + length + " characters; " + most + " are allowed");
    }
  }

  /** Checks that a member, if it is there, is true or false. */
  static void truth(YamlNode holder, String key) {
    Optional<YamlNode> at = holder.find(key);
    if (at.isPresent() && !Set.of("true", "false").contains(at.get().value())) {
      at.get().breaks(key + " is true or false, not '" + at.get().value() + "'");
    }
  }

  /** Checks that a member is there, whatever it is. */
  static void needs(YamlNode holder, String key, String otherwise) {
    if (holder.find(key).isEmpty()) {
      holder.breaks("'" + key + "' is missing; " + otherwise);
    }
  }

  /**
   * Checks what surrounds the spec of an object that stands inside another one. That it has a name
   * matters to nobody but the specification, because nothing can refer to it.
   */
  static void inline(YamlNode element, String kind, boolean saysItsKind) {
    element.specKnows(Set.of("apiVersion", "kind", "metadata", "spec"));
    Optional<YamlNode> metadata = element.find("metadata");
    if (metadata.isEmpty()) {
      element.breaksStrictly(
          "'metadata' is missing; an inline " + kind + " has a name as any other");
    } else {
      metadata(metadata.get());
      if (metadata.get().find("name").isEmpty()) {
        metadata.get().breaksStrictly("an inline " + kind + " has a 'name' as any other");
      }
    }
    String said = element.text("kind").orElse("");
    if (!said.isEmpty() && !said.equals(kind)) {
      element
          .find("kind")
          .orElse(element)
          .breaks("an inline " + kind + " says 'kind: " + kind + "'");
    } else if (said.isEmpty() && saysItsKind) {
      element.breaksStrictly("an inline " + kind + " says 'kind: " + kind + "'");
    }
  }

  /** Checks the spec of a service. */
  static void service(YamlNode spec) {
    spec.specKnows(Set.of("description"));
    description(spec);
  }

  /** Checks the spec of a data source. */
  static void dataSource(YamlNode spec) {
    spec.specKnows(Set.of("description", "type", "connectionDetails"));
    description(spec);
    needs(spec, "type", "write type: tidemark for what arrives here over OTLP");
    needs(spec, "connectionDetails", "it may be empty: connectionDetails: {}");
  }

  /** Checks the spec of a notification target. */
  static void target(YamlNode spec) {
    spec.specKnows(Set.of("target", "description"));
    description(spec);
    needs(spec, "target", "such as target: slack");
  }
}
