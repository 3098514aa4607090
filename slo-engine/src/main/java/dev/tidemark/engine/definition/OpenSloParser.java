package dev.tidemark.engine.definition;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads documents of OpenSLO v1. Objectives may refer to objects in other files, so all documents
 * are collected first. What breaks the specification and can be understood all the same is a
 * warning, or an error when reading strictly. Not thread-safe.
 *
 * <p>Source: OpenSLO specification v1, github.com/OpenSLO/OpenSLO.
 */
final class OpenSloParser {
  static final String VERSION = "openslo/v1";
  static final Set<String> KINDS =
      Set.of(
          "SLO",
          "SLI",
          "Service",
          "DataSource",
          "AlertPolicy",
          "AlertCondition",
          "AlertNotificationTarget");

  private final Map<String, YamlNode> slos = new LinkedHashMap<>();
  private final Map<String, YamlNode> indicators = new LinkedHashMap<>();
  private final Map<String, YamlNode> dataSources = new LinkedHashMap<>();
  private final Set<String> services = new LinkedHashSet<>();
  private final Set<String> measured = new LinkedHashSet<>();
  private final OpenSloAlerts alerts = new OpenSloAlerts();

  /** Keeps a document that has metadata.name and spec. */
  void add(String kind, String name, YamlNode document) {
    YamlNode spec = document.find("spec").orElseThrow();
    switch (kind) {
      case "SLO" -> slos.put(name, document);
      case "SLI" -> indicators.put(name, spec);
      case "DataSource" -> {
        OpenSloRules.dataSource(spec);
        dataSources.put(name, spec);
      }
      case "Service" -> {
        OpenSloRules.service(spec);
        services.add(name);
      }
      default -> alerts.add(kind, name, spec);
    }
  }

  /** The collected SLO documents, in order. */
  List<YamlNode> slos() {
    return List.copyOf(slos.values());
  }

  /** Reads the objectives of one SLO; leaves out, after complaints, what cannot be read. */
  List<Objective> read(YamlNode document) {
    return new OpenSloReader(this, alerts, document).read();
  }

  /** Checks what no SLO refers to, once all have been read; it changes nothing. */
  void checkUnused() {
    new TreeMap<>(indicators)
        .forEach(
            (name, spec) -> {
              if (!measured.contains(name)) {
                spec.warn("nothing refers to the SLI '" + name + "'");
                metrics().check(spec);
              }
            });
    alerts.checkUnused();
  }

  /** Reads indicators, with the sources that are known. */
  OpenSloIndicator metrics() {
    return new OpenSloIndicator(dataSources);
  }

  /** Whether an SLO or an objective has an indicator of its own. */
  static boolean hasIndicator(YamlNode holder) {
    return holder.find("indicator").isPresent() || holder.find("indicatorRef").isPresent();
  }

  /** The spec of the indicator of an SLO or an objective, or empty after a complaint. */
  Optional<YamlNode> indicator(YamlNode holder) {
    Optional<YamlNode> inline = holder.find("indicator");
    Optional<String> reference = holder.text("indicatorRef");
    if (inline.isEmpty() && reference.isEmpty()) {
      holder.error("an SLO needs either 'indicator' or 'indicatorRef'");
      return Optional.empty();
    }
    if (inline.isPresent()) {
      if (reference.isPresent()) {
        holder
            .find("indicatorRef")
            .orElse(holder)
            .breaks("'indicatorRef' stands beside 'indicator'; only 'indicator' is used");
        measured.add(reference.get());
      }
      OpenSloRules.inline(inline.get(), "SLI", false);
      Optional<YamlNode> spec = inline.get().find("spec");
      if (spec.isEmpty()) {
        inline.get().error("an indicator needs 'spec'");
      }
      return spec;
    }
    OpenSloRules.name(holder, "indicatorRef");
    YamlNode named = indicators.get(reference.orElseThrow());
    if (named == null) {
      holder
          .find("indicatorRef")
          .orElse(holder)
          .error(
              "there is no SLI '"
                  + reference.orElseThrow()
                  + "'"
                  + YamlNode.suggestion(reference.orElseThrow(), indicators.keySet()));
    }
    measured.add(reference.orElseThrow());
    return Optional.ofNullable(named);
  }

  /** The specification lets a service stand nowhere; where some do, a missing one is a typo. */
  void serviceIsKnown(YamlNode spec, String service) {
    if (!services.isEmpty() && !services.contains(service)) {
      spec.find("service")
          .orElse(spec)
          .warn("there is no Service '" + service + "'" + YamlNode.suggestion(service, services));
    }
  }
}
