package dev.tidemark.engine.definition.importer;

import dev.tidemark.engine.definition.YamlNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Turns the objectives of Google's slo-generator, version 2 and 1, into OpenSLO v1 with our metric
 * sources. Its Prometheus backend can be carried, others cannot. Not thread-safe.
 *
 * <p>Source: slo-generator's documentation, "Prometheus", and its migration guide.
 */
final class SloGeneratorImporter {
  private static final String VERSION = "sre.google.com/v2";
  private static final Set<String> OPERATORS = Set.of("sum", "rate", "increase");

  private final Output output;
  private final ErrorBudgetPolicies policies;

  SloGeneratorImporter(Output output, ErrorBudgetPolicies policies) {
    this.output = output;
    this.policies = policies;
  }

  /**
   * What version 1 and 2 say in different places.
   *
   * @param spec that complaints about the objective point to
   * @param sli the queries
   * @param method how they become a share
   * @param percent the target
   */
  private record Form(
      String name,
      String displayName,
      String service,
      String description,
      Map<String, String> labels,
      YamlNode spec,
      YamlNode sli,
      String method,
      Number percent) {}

  void read(YamlNode document) {
    int told = output.mark();
    boolean isOld = document.find("slo_target").isPresent();
    if (!isOld
        && (!document.text("apiVersion").orElse("").equals(VERSION)
            || document.find("metadata").isEmpty()
            || document.find("spec").isEmpty())) {
      document.error(
          "this is no objective of slo-generator: apiVersion: "
              + VERSION
              + " with 'metadata' and 'spec', or slo_name and slo_target of version 1");
      output.lost(told);
      return;
    }
    Optional<Promise> promise = (isOld ? old(document) : current(document)).flatMap(this::promise);
    promise.ifPresentOrElse(found -> output.objective(told, found), () -> output.lost(told));
  }

  private static Optional<Form> current(YamlNode document) {
    YamlNode metadata = document.find("metadata").orElse(document);
    YamlNode spec = document.find("spec").orElse(document);
    Losses.others(document, Set.of("apiVersion", "kind", "metadata", "spec"));
    Losses.others(metadata, Set.of("name", "labels"));
    Losses.others(
        spec,
        Set.of(
            "description",
            "goal",
            "method",
            "backend",
            "service_level_indicator",
            "error_budget_policy"),
        Map.of(
            "exporters", "read results from /metrics or the API",
            "frequency", "every objective is judged all the time"));
    Optional<String> name = metadata.required("name");
    Optional<Number> percent = PromTarget.percent(spec, "goal", 2);
    Optional<String> method = spec.required("method");
    boolean ours = isPrometheus(spec, "backend", spec.required("backend"));
    Optional<YamlNode> sli = spec.find("service_level_indicator");
    if (sli.isEmpty()) {
      spec.error("there is no 'service_level_indicator', so this objective is left out");
    }
    if (name.isEmpty() || percent.isEmpty() || method.isEmpty() || sli.isEmpty() || !ours) {
      return Optional.empty();
    }
    Map<String, String> labels = new LinkedHashMap<>(metadata.textMap("labels"));
    String service =
        labels.getOrDefault("service_name", labels.getOrDefault("service", name.get()));
    return Optional.of(
        new Form(
            name.get(),
            labels.getOrDefault("slo_name", name.get()),
            service,
            spec.text("description").orElse(""),
            labels,
            spec,
            sli.get(),
            method.get(),
            percent.get()));
  }

  private static Optional<Form> old(YamlNode document) {
    Losses.others(
        document,
        Set.of(
            "service_name",
            "feature_name",
            "slo_name",
            "slo_description",
            "slo_target",
            "backend",
            "error_budget_policy"),
        Map.of("exporters", "read results from /metrics or the API"));
    Optional<String> service = document.required("service_name");
    Optional<String> name = document.required("slo_name");
    Optional<Number> percent = PromTarget.percent(document, "slo_target", 2);
    Optional<YamlNode> backend = document.find("backend");
    if (backend.isEmpty()) {
      document.error("there is no 'backend', so this objective is left out");
      return Optional.empty();
    }
    Losses.others(
        backend.get(),
        Set.of("class", "method", "measurement"),
        Map.of(
            "url", "Tidemark measures what arrives over OTLP and asks no backend",
            "headers", "Tidemark measures what arrives over OTLP and asks no backend"));
    boolean ours = isPrometheus(backend.get(), "class", backend.get().required("class"));
    Optional<String> method = backend.get().required("method");
    Optional<YamlNode> sli = backend.get().find("measurement");
    if (sli.isEmpty()) {
      backend.get().error("there is no 'measurement', so this objective is left out");
    }
    if (service.isEmpty()
        || name.isEmpty()
        || percent.isEmpty()
        || method.isEmpty()
        || sli.isEmpty()
        || !ours) {
      return Optional.empty();
    }
    Map<String, String> labels = new LinkedHashMap<>();
    document.text("feature_name").ifPresent(feature -> labels.put("feature_name", feature));
    return Optional.of(
        new Form(
            service.get()
                + document.text("feature_name").map(feature -> "-" + feature).orElse("")
                + "-"
                + name.get(),
            name.get(),
            service.get(),
            document.text("slo_description").orElse(""),
            labels,
            document,
            sli.get(),
            method.get(),
            percent.get()));
  }

  private static boolean isPrometheus(YamlNode map, String key, Optional<String> backend) {
    if (backend.isEmpty()) {
      return false;
    }
    boolean ours = backend.get().toLowerCase(Locale.ROOT).split("/", 2)[0].equals("prometheus");
    if (!ours) {
      map.find(key)
          .orElse(map)
          .error(
              "the backend '"
                  + backend.get()
                  + "' is not asked, so this objective is left out; send good and total counts over"
                  + " OTLP, and name them in ratioMetric");
    }
    return ours;
  }

  private Optional<Promise> promise(Form form) {
    Optional<PromRatio> ratio =
        switch (form.method()) {
          case "good_bad_ratio" -> goodBad(form.sli());
          case "distribution_cut" -> cut(form.sli());
          case "query_sli" -> quotient(form.sli());
          default -> {
            form.spec()
                .error(
                    "the method '"
                        + form.method()
                        + "' cannot be carried, so this objective is left out; good_bad_ratio,"
                        + " distribution_cut and query_sli can");
            yield Optional.empty();
          }
        };
    Optional<ErrorBudgetPolicies.Policy> policy = policies.of(form.spec());
    return ratio.map(
        found ->
            new Promise(
                output.name(form.name(), form.spec()),
                form.displayName(),
                form.service(),
                form.description(),
                form.labels(),
                Promise.ratio(found),
                Map.of(),
                form.percent(),
                policy.map(own -> PromDuration.text(own.window())).orElse("30d"),
                policy.map(ErrorBudgetPolicies.Policy::conditions)));
  }

  private static Optional<PromRatio> goodBad(YamlNode sli) {
    Losses.others(sli, Set.of("filter_good", "filter_bad", "filter_valid", "operators"));
    List<String> operators = sli.oneOrMore("operators");
    if (!OPERATORS.containsAll(operators)) {
      sli.find("operators")
          .orElse(sli)
          .error(
              "only sum of rate or increase can be carried, so this objective is left out; write it"
                  + " by hand");
      return Optional.empty();
    }
    boolean isBad = sli.find("filter_bad").isPresent();
    String other = isBad ? "filter_bad" : "filter_valid";
    Optional<PromQuery> good = bare(sli, "filter_good");
    Optional<PromQuery> rest = bare(sli, other);
    return good.flatMap(
        share ->
            rest.flatMap(
                query ->
                    Queries.at(
                        sli,
                        isBad ? other : "filter_good",
                        () ->
                            isBad
                                ? PromRatio.ofParts(share, query)
                                : PromRatio.of(share, false, query))));
  }

  private static Optional<PromQuery> bare(YamlNode sli, String key) {
    return Queries.bare(sli, key, PromSelector.SLO_GENERATOR);
  }

  private static Optional<PromRatio> cut(YamlNode sli) {
    Losses.others(sli, Set.of("expression", "threshold_bucket"));
    Optional<PromQuery> bucket = bare(sli, "expression");
    Optional<String> limit = sli.required("threshold_bucket");
    if (bucket.isEmpty() || limit.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Set<String>> good = new HashMap<>(bucket.get().attributes());
    good.put("le", Set.of(limit.get()));
    String metric = bucket.get().metric();
    Optional<PromRatio> ratio =
        Queries.at(
            sli,
            "expression",
            () ->
                PromRatio.of(
                    new PromQuery(metric, good, bucket.get().excluded(), List.of()),
                    false,
                    new PromQuery(
                        metric.replace("_bucket", "_count"),
                        bucket.get().attributes(),
                        bucket.get().excluded(),
                        List.of())));
    ratio.ifPresent(
        found -> Losses.ofBuckets(sli.find("expression").orElse(sli), found, limit.get()));
    return ratio;
  }

  private static Optional<PromRatio> quotient(YamlNode sli) {
    Losses.others(sli, Set.of("expression"));
    Optional<PromSelector.Pair> pair =
        sli.required("expression")
            .flatMap(
                query ->
                    Queries.at(
                        sli,
                        "expression",
                        () -> PromSelector.pair(query, '/', PromSelector.SLO_GENERATOR)));
    Optional<PromRatio> ratio =
        pair.flatMap(
            found -> {
              // The reader's notes gather, so the second has those of the first.
              PromQuery total = Queries.noted(sli, "expression", found.second());
              return Queries.at(sli, "expression", () -> PromRatio.of(found.first(), false, total));
            });
    ratio
        .filter(found -> found.share().attributes().containsKey("le"))
        .ifPresent(
            found ->
                Losses.ofBuckets(
                    sli.find("expression").orElse(sli),
                    found,
                    String.join(",", found.share().attributes().getOrDefault("le", Set.of()))));
    return ratio;
  }
}
