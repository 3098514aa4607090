package dev.tidemark.engine.definition.importer;

import dev.tidemark.engine.definition.BurnRateCondition;
import dev.tidemark.engine.definition.Selector;
import dev.tidemark.engine.definition.YamlNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Turns Pyrra's {@code ServiceLevelObjective}s into OpenSLO v1 with our metric sources; a native
 * histogram's latency becomes one of a pipeline. Not thread-safe.
 *
 * <p>Source: Pyrra's custom resource, {@code pyrra.dev/v1alpha1}.
 */
final class PyrraImporter {
  private static final String VERSION = "pyrra.dev/v1alpha1";
  private static final String PREFIX = "pyrra.dev/";
  private static final Duration LONGEST = Duration.ofDays(366);
  private static final List<String> INDICATORS =
      List.of("ratio", "latency", "latencyNative", "latency_native", "bool_gauge");

  private final Output output;

  PyrraImporter(Output output) {
    this.output = output;
  }

  void read(YamlNode document) {
    int told = output.mark();
    if (!document.text("apiVersion").orElse("").equals(VERSION)
        || document.find("metadata").isEmpty()
        || document.find("spec").isEmpty()) {
      document.error(
          "this is no objective of Pyrra: apiVersion: "
              + VERSION
              + ", kind: ServiceLevelObjective with 'metadata' and 'spec'");
      output.lost(told);
      return;
    }
    Losses.others(document, Set.of("apiVersion", "kind", "metadata", "spec"));
    YamlNode metadata = document.find("metadata").orElse(document);
    YamlNode spec = document.find("spec").orElse(document);
    Losses.others(
        spec,
        Set.of("description", "target", "window", "indicator", "alerting"),
        Map.of("partial_response_strategy", "there is no Thanos behind Tidemark"));
    Optional<String> name = metadata.required("name");
    Map<String, String> labels = labels(metadata);
    Optional<Number> percent = PromTarget.percent(spec, "target", 0);
    Optional<Duration> window = window(spec);
    Optional<YamlNode> indicator = indicator(spec);
    if (indicator.isEmpty() || name.isEmpty() || percent.isEmpty() || window.isEmpty()) {
      output.lost(told);
      return;
    }
    Common common =
        new Common(
            name.get(),
            spec.text("description").orElse(""),
            labels,
            percent.get(),
            PromDuration.text(window.get()),
            PyrraAlerting.read(spec, window.get(), percent.get()));
    String kind = kind(spec);
    if (kind.equals("latencyNative") || kind.equals("latency_native")) {
      nativeLatency(told, common, indicator.get());
      return;
    }
    Optional<Promise> promise =
        kind.equals("bool_gauge")
            ? gauge(common, indicator.get())
            : ratio(common, indicator.get(), kind.equals("latency"));
    promise.ifPresentOrElse(found -> output.objective(told, found), () -> output.lost(told));
  }

  /** What objectives of all indicators have. */
  private record Common(
      String name,
      String description,
      Map<String, String> labels,
      Number percent,
      String window,
      List<BurnRateCondition> conditions) {}

  private static Map<String, String> labels(YamlNode metadata) {
    Losses.others(metadata, Set.of("name", "namespace", "labels"));
    Map<String, String> labels = new LinkedHashMap<>();
    metadata.text("namespace").ifPresent(namespace -> labels.put("namespace", namespace));
    Optional<YamlNode> all = metadata.find("labels");
    metadata
        .textMap("labels")
        .forEach(
            (key, value) -> {
              if (key.startsWith(PREFIX)) {
                labels.put(key.substring(PREFIX.length()), value);
              } else {
                all.flatMap(at -> at.find(key))
                    .orElse(metadata)
                    .warn(
                        "the label '"
                            + key
                            + "' is not carried: as in Pyrra only those that begin with "
                            + PREFIX
                            + " reach alerts");
              }
            });
    return labels;
  }

  private static Optional<Duration> window(YamlNode spec) {
    Optional<String> text = spec.required("window");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Optional<Duration> window =
        PromDuration.parse(text.get())
            .filter(length -> !length.isZero() && length.compareTo(LONGEST) <= 0);
    if (window.isEmpty()) {
      spec.find("window")
          .orElse(spec)
          .error(
              "'"
                  + text.get()
                  + "' is no window of at most a year, so this objective is left out; write one"
                  + " such as 4w");
    }
    return window;
  }

  private static Optional<YamlNode> indicator(YamlNode spec) {
    Optional<YamlNode> all = spec.find("indicator");
    if (all.isEmpty() || all.get().keys().size() != 1) {
      all.orElse(spec)
          .error(
              "an objective of Pyrra has exactly one indicator of ratio, latency, latencyNative and"
                  + " bool_gauge, so this one is left out");
      return Optional.empty();
    }
    String kind = kind(spec);
    if (!INDICATORS.contains(kind)) {
      all.get()
          .find(kind)
          .orElse(spec)
          .error("the indicator '" + kind + "' is not known, so this objective is left out");
      return Optional.empty();
    }
    return all.get().find(kind);
  }

  private static String kind(YamlNode spec) {
    return spec.find("indicator").flatMap(all -> all.keys().stream().findFirst()).orElse("");
  }

  private Optional<Promise> ratio(Common common, YamlNode indicator, boolean isLatency) {
    String share = isLatency ? "success" : "errors";
    Losses.others(indicator, Set.of(share, "total", "grouping"));
    Losses.ofGrouping(indicator);
    Optional<PromQuery> part = query(indicator, share);
    Optional<PromQuery> total = query(indicator, "total");
    Optional<PromRatio> ratio =
        part.flatMap(
            own ->
                total.flatMap(
                    all -> Queries.at(indicator, share, () -> PromRatio.of(own, !isLatency, all))));
    if (isLatency) {
      ratio.ifPresent(
          found ->
              Losses.ofBuckets(
                  indicator.find(share).orElse(indicator),
                  found,
                  String.join(",", found.share().attributes().getOrDefault("le", Set.of()))));
    }
    return ratio.map(
        found -> promise(common, found.total(), Promise.ratio(found), Map.of(), indicator));
  }

  private static Optional<PromQuery> query(YamlNode indicator, String key) {
    Optional<YamlNode> query = indicator.find(key);
    if (query.isEmpty()) {
      indicator.error("the indicator needs '" + key + "', so this objective is left out");
    }
    return query.flatMap(at -> Queries.bare(at, "metric", Set.of()));
  }

  private Optional<Promise> gauge(Common common, YamlNode indicator) {
    Losses.others(indicator, Set.of("metric", "grouping"));
    Losses.ofGrouping(indicator);
    return Queries.bare(indicator, "metric", Set.of())
        .filter(query -> positive(indicator, "metric", query))
        .map(
            query -> {
              indicator
                  .find("metric")
                  .orElse(indicator)
                  .warn(
                      "minutes are judged instead of samples: one is good when every series is at"
                          + " 1; select fewer series if one may be down");
              return promise(
                  common,
                  query.selector(),
                  Promise.threshold(query.selector()),
                  Map.of("op", "gte", "value", 1),
                  indicator);
            });
  }

  private static boolean positive(YamlNode at, String key, PromQuery query) {
    return Queries.at(
            at,
            key,
            () -> {
              if (!query.excluded().isEmpty()) {
                throw new Refused("a negative matcher cannot be carried here");
              }
              return query;
            })
        .isPresent();
  }

  private Promise promise(
      Common common,
      Selector total,
      Map<String, Object> indicator,
      Map<String, Object> limit,
      YamlNode at) {
    Set<String> job = total.attributes().getOrDefault("job", Set.of());
    String service =
        common
            .labels()
            .getOrDefault("service", job.size() == 1 ? job.iterator().next() : common.name());
    return new Promise(
        output.name(common.name(), at),
        common.name(),
        service,
        common.description(),
        common.labels(),
        indicator,
        limit,
        common.percent(),
        common.window(),
        Optional.of(common.conditions()));
  }

  /** Only a pipeline's latency reads a histogram without bounds that are known beforehand. */
  private void nativeLatency(int told, Common common, YamlNode indicator) {
    Losses.others(indicator, Set.of("total", "latency", "grouping"));
    Losses.ofGrouping(indicator);
    Optional<PromQuery> total = query(indicator, "total");
    Optional<String> text = indicator.required("latency");
    Optional<Duration> limit = text.flatMap(PromDuration::parse).filter(length -> !length.isZero());
    if (text.isPresent() && limit.isEmpty()) {
      indicator
          .find("latency")
          .orElse(indicator)
          .error("this is no duration, so this objective is left out; write one such as 200ms");
    }
    if (total.isEmpty() || limit.isEmpty()) {
      output.lost(told);
      return;
    }
    Set<String> job = total.get().attributes().getOrDefault("job", Set.of());
    if (job.size() != 1
        || total.get().attributes().size() != 1
        || !total.get().excluded().isEmpty()) {
      indicator
          .find("total")
          .orElse(indicator)
          .error(
              "the latency of a native histogram can only be carried for one job, selected by"
                  + " nothing else, so this objective is left out; write kind: Pipeline with"
                  + " latency: {metric: "
                  + total.get().metric()
                  + ", below: "
                  + PromDuration.text(limit.get())
                  + "}");
      output.lost(told);
      return;
    }
    indicator
        .find("total")
        .orElse(indicator)
        .warn(
            "the job is taken as the service.name that the histogram arrives with, as OpenTelemetry"
                + " maps it");
    if (!common.description().isEmpty()) {
      indicator.warn("an objective of a pipeline has no description; write it into the pipeline's");
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("name", output.name(common.name(), indicator));
    body.put("metric", total.get().metric());
    body.put("below", PromDuration.text(limit.get()));
    body.put("target", common.percent() + "%");
    body.put("window", common.window());
    if (!common.labels().isEmpty()) {
      body.put("labels", common.labels());
    }
    body.put(
        "alerting",
        Map.of("conditions", common.conditions().stream().map(PyrraImporter::condition).toList()));
    output.objective(told, job.iterator().next(), Map.of("latency", body));
  }

  private static Map<String, Object> condition(BurnRateCondition condition) {
    Map<String, Object> written = new LinkedHashMap<>();
    written.put("long", PromDuration.text(condition.longWindow()));
    written.put("short", PromDuration.text(condition.shortWindow()));
    written.put("factor", PromTarget.plain(BigDecimal.valueOf(condition.factor())));
    written.put("severity", condition.severity().name().toLowerCase(Locale.ROOT));
    return written;
  }
}
