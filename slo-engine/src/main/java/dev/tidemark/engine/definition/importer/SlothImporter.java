package dev.tidemark.engine.definition.importer;

import dev.tidemark.engine.definition.YamlNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Turns Sloth's files, {@code prometheus/v1} and the Kubernetes resource, into OpenSLO v1 with our
 * metric sources. Windows are Sloth's default of 30 days. Not thread-safe.
 *
 * <p>Source: Sloth's documentation, "SLO specification".
 */
final class SlothImporter {
  private static final String PLAIN = "prometheus/v1";
  private static final String RESOURCE = "sloth.slok.dev/v1";
  private static final Set<String> SLO =
      Set.of("name", "description", "objective", "labels", "sli", "alerting");

  private final Output output;

  SlothImporter(Output output) {
    this.output = output;
  }

  void read(YamlNode document) {
    int told = output.mark();
    boolean plain = document.find("version").isPresent();
    String version = document.text(plain ? "version" : "apiVersion").orElse("");
    if (!version.equals(plain ? PLAIN : RESOURCE)) {
      document.error("this is no file of Sloth: version: " + PLAIN + " or apiVersion: " + RESOURCE);
      output.lost(told);
      return;
    }
    if (!plain) {
      Losses.others(document, Set.of("apiVersion", "kind", "metadata", "spec"));
      document.find("metadata").ifPresent(metadata -> Losses.others(metadata, Set.of("name")));
    }
    Optional<YamlNode> found = plain ? Optional.of(document) : document.find("spec");
    if (found.isEmpty()) {
      document.error("the resource has no 'spec'; write the service and its slos there");
      output.lost(told);
      return;
    }
    YamlNode spec = found.get();
    Losses.others(spec, Set.of("version", "service", "labels", "slos"));
    Optional<String> service = spec.required("service");
    if (spec.elements("slos").isEmpty()) {
      spec.error("there are no 'slos' in this document");
    }
    output.lost(told);
    for (YamlNode element : spec.elements("slos")) {
      int before = output.mark();
      Optional<Promise> slo = service.flatMap(name -> slo(name, spec.textMap("labels"), element));
      slo.ifPresentOrElse(promise -> output.objective(before, promise), () -> output.lost(before));
    }
  }

  private Optional<Promise> slo(String service, Map<String, String> common, YamlNode element) {
    Losses.others(element, SLO);
    Optional<String> name = element.required("name");
    Optional<Number> percent = PromTarget.percent(element, "objective", 0);
    SlothAlerting alerting = SlothAlerting.read(element, percent);
    Optional<PromRatio> ratio = events(element).flatMap(SlothImporter::ratio);
    if (name.isEmpty() || percent.isEmpty() || ratio.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> labels = new LinkedHashMap<>(common);
    labels.putAll(element.textMap("labels"));
    labels.putAll(alerting.labels());
    return Optional.of(
        new Promise(
            output.name(service + "-" + name.get(), element),
            name.get(),
            service,
            element.text("description").orElse(""),
            labels,
            Promise.ratio(ratio.get()),
            Map.of(),
            percent.get(),
            "30d",
            alerting.conditions()));
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

  private static Optional<PromRatio> ratio(YamlNode events) {
    String badKey = events.find("errorQuery").isPresent() ? "errorQuery" : "error_query";
    String totalKey = events.find("totalQuery").isPresent() ? "totalQuery" : "total_query";
    Optional<PromQuery> total = Queries.rated(events, totalKey, PromSelector.SLOTH);
    Optional<String> bad = events.required(badKey);
    if (bad.isEmpty()) {
      return Optional.empty();
    }
    if (!PromSelector.hasOperator(bad.get(), '-')) {
      Optional<PromQuery> query = Queries.rated(events, badKey, PromSelector.SLOTH);
      return total.flatMap(
          all ->
              query.flatMap(
                  share -> Queries.at(events, badKey, () -> PromRatio.of(share, true, all))));
    }
    // All but the good ones: how the SLO of a histogram's bucket is written in Sloth.
    Optional<PromSelector.Pair> pair =
        Queries.at(events, badKey, () -> PromSelector.pair(bad.get(), '-', PromSelector.SLOTH));
    if (total.isEmpty() || pair.isEmpty()) {
      return Optional.empty();
    }
    PromQuery all = total.get();
    PromQuery good = Queries.noted(events, badKey, pair.get().second());
    Optional<PromRatio> ratio =
        Queries.at(
            events,
            badKey,
            () -> {
              if (!pair.get().first().isSameAs(all)) {
                throw new Refused("a difference can only be carried when it begins with the total");
              }
              return PromRatio.of(good, false, all);
            });
    ratio
        .filter(found -> found.share().attributes().containsKey("le"))
        .ifPresent(
            found ->
                Losses.ofBuckets(
                    events.find(badKey).orElse(events),
                    found,
                    String.join(",", found.share().attributes().getOrDefault("le", Set.of()))));
    return ratio;
  }
}
