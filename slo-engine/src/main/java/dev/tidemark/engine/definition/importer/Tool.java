package dev.tidemark.engine.definition.importer;

import dev.tidemark.engine.definition.YamlNode;
import java.util.Optional;

/** A tool whose files can be read. */
public enum Tool {
  /** Sloth, {@code prometheus/v1} and its Kubernetes resource. */
  SLOTH("sloth"),
  /** Pyrra, {@code pyrra.dev/v1alpha1}. */
  PYRRA("pyrra"),
  /** Google's slo-generator, version 2 and the files of version 1. */
  SLO_GENERATOR("slo-generator"),
  /** Prometheus' Alertmanager, {@code alertmanager.yml}. */
  ALERTMANAGER("alertmanager");

  private final String word;

  Tool(String word) {
    this.word = word;
  }

  /** Returns the word that people type. */
  @Override
  public String toString() {
    return word;
  }

  /** Tells by what only one tool writes whose document this is. */
  static Optional<Tool> of(YamlNode document) {
    String version = document.find("apiVersion").map(YamlNode::value).orElse("");
    if (version.startsWith("sloth.slok.dev/") || document.find("slos").isPresent()) {
      return Optional.of(SLOTH);
    }
    if (version.startsWith("pyrra.dev/")) {
      return Optional.of(PYRRA);
    }
    if (version.startsWith("sre.google.com/")
        || ErrorBudgetPolicies.isPolicies(document)
        || document.find("slo_target").isPresent()) {
      return Optional.of(SLO_GENERATOR);
    }
    return document.find("route").isPresent() || document.find("receivers").isPresent()
        ? Optional.of(ALERTMANAGER)
        : Optional.empty();
  }
}
