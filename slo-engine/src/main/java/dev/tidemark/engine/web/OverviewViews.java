package dev.tidemark.engine.web;

import dev.tidemark.alerting.Silence;
import dev.tidemark.dashboards.Formats;
import dev.tidemark.dashboards.view.Badge;
import dev.tidemark.dashboards.view.DutyView;
import dev.tidemark.dashboards.view.ExecutiveView;
import dev.tidemark.dashboards.view.Figure;
import dev.tidemark.dashboards.view.IncidentRow;
import dev.tidemark.dashboards.view.Link;
import dev.tidemark.dashboards.view.Meter;
import dev.tidemark.dashboards.view.OncallView;
import dev.tidemark.dashboards.view.Slice;
import dev.tidemark.dashboards.view.Tone;
import dev.tidemark.engine.api.EngineState;
import dev.tidemark.engine.api.SilenceRoutes;
import dev.tidemark.engine.budget.BudgetSnapshot;
import dev.tidemark.engine.budget.BurnRate;
import dev.tidemark.engine.catalog.CatalogCoverage;
import dev.tidemark.engine.condition.Judge;
import dev.tidemark.engine.definition.DatasetDefinition;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.Problem;
import dev.tidemark.engine.definition.Sli;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.planned.PlannedWork;
import dev.tidemark.engine.planned.Plans;
import dev.tidemark.engine.store.BucketStore.Bucket;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The on-call and the executive page. Stateless; runs on the judge's thread. */
final class OverviewViews {
  private static final List<Duration> WINDOWS =
      List.of(Duration.ofMinutes(5), Duration.ofHours(1), Duration.ofHours(6), Duration.ofDays(1));
  private static final double COVERAGE_WANTED = 0.5;

  private OverviewViews() {}

  static OncallView oncall(
      Judge judge,
      EngineState.Health health,
      List<IncidentRow> incidents,
      List<Silence> silences,
      Plans plans,
      Map<ObjectiveId, List<Bucket>> lastHour,
      List<Problem> problems,
      DutyView duty,
      Instant at) {
    List<Objective> objectives = judge.definitions().objectives();
    List<OncallView.FailingPipeline> failing = new ArrayList<>();
    List<OncallView.Connector> connectors = new ArrayList<>();
    for (Objective objective : objectives) {
      if (objective.sli().kind().equals("runs") && judge.currentlyBad(objective.id())) {
        failing.add(
            new OncallView.FailingPipeline(
                ObjectiveViews.subject(objective),
                "its newest runs failed",
                judge.badSince(objective.id()).orElse(null),
                "",
                null));
      }
      if (objective.sli() instanceof Sli.Heartbeat heartbeat) {
        boolean silent = judge.currentlyBad(objective.id());
        List<Slice> cells =
            lastHour.getOrDefault(objective.id(), List.of()).stream()
                .map(ObjectiveViews::slice)
                .toList();
        connectors.add(
            new OncallView.Connector(
                objective.subject().name(),
                ObjectiveViews.subject(objective),
                silent
                    ? new Badge(Tone.BAD, "silent")
                    : cells.isEmpty()
                        ? new Badge(Tone.UNKNOWN, "unknown")
                        : new Badge(Tone.GOOD, "alive"),
                judge.newestEvent(objective.id()).orElse(null),
                "every " + Formats.duration(heartbeat.every()),
                cells));
      }
    }
    List<OncallView.BurnRow> burns =
        objectives.stream()
            .sorted(
                Comparator.comparingDouble(
                    (Objective o) -> {
                      BurnRate rate =
                          ObjectiveViews.fastest(judge.snapshot(o.id(), at).orElseThrow());
                      return rate.isKnown() ? -rate.value() : 1;
                    }))
            .limit(50)
            .map(o -> burn(judge, o, at))
            .toList();
    return new OncallView(
        incidents,
        failing,
        WINDOWS.stream().map(Formats::duration).toList(),
        burns,
        connectors,
        Stream.concat(
                silences.stream().map(silence -> silence(silence, at)),
                plans.declared().stream()
                    .filter(work -> at.isBefore(work.endsAt()))
                    .map(work -> planned(work, at)))
            .toList(),
        duty,
        List.of(
            Figure.of(
                "Undelivered notifications",
                Formats.count(health.undelivered()),
                health.undelivered() == 0 ? Tone.GOOD : Tone.WARN),
            new Figure(
                "Dead letters",
                Formats.count(health.deadLetters()),
                health.deadLetters() == 0 ? Tone.GOOD : Tone.BAD,
                health.deadLetters() == 0 ? null : "given up; to whom and why stands above",
                health.deadLetters() == 0 ? null : "#h-dead"),
            Figure.of(
                "Rows waiting for the store", Formats.count(health.queuedRows()), Tone.NEUTRAL)),
        List.of(
            Figure.of(
                "Judged",
                Formats.duration(Duration.ofMillis((long) (health.judgedBehindSeconds() * 1000)))
                    + " behind",
                Tone.NEUTRAL),
            Figure.of(
                "Spool",
                Formats.bytes(health.spooledBytes()),
                health.spooledBytes() == 0 ? Tone.GOOD : Tone.WARN),
            new Figure(
                "ClickHouse",
                health.storeError().isEmpty() ? "answers" : "away",
                health.storeError().isEmpty() ? Tone.GOOD : Tone.BAD,
                health.storeError().isEmpty() ? null : health.storeError(),
                null),
            definitions(problems)));
  }

  private static Figure definitions(List<Problem> problems) {
    long errors =
        problems.stream().filter(problem -> problem.severity() == Problem.Severity.ERROR).count();
    if (problems.isEmpty()) {
      return Figure.of("Definitions", "in order", Tone.GOOD);
    }
    return new Figure(
        "Definitions",
        errors > 0
            ? errors + (errors == 1 ? " error" : " errors")
            : problems.size() + (problems.size() == 1 ? " warning" : " warnings"),
        errors > 0 ? Tone.BAD : Tone.WARN,
        problems.get(0).toString(),
        "/api/v1/definitions/problems");
  }

  private static OncallView.SilenceRow silence(Silence silence, Instant at) {
    return new OncallView.SilenceRow(
        SilenceRoutes.words(silence),
        silence.author(),
        silence.reason(),
        silence.endsAt(),
        silence.active(at) ? new Badge(Tone.WARN, "in force") : new Badge(Tone.NEUTRAL, "to come"));
  }

  private static OncallView.SilenceRow planned(PlannedWork work, Instant at) {
    return new OncallView.SilenceRow(
        work.kind().name().toLowerCase(Locale.ROOT) + " of " + String.join(", ", work.covers()),
        work.author(),
        work.reason() + " (" + work.ticket() + ")",
        work.endsAt(),
        work.active(at) ? new Badge(Tone.WARN, "in force") : new Badge(Tone.NEUTRAL, "to come"));
  }

  private static OncallView.BurnRow burn(Judge judge, Objective objective, Instant at) {
    BudgetSnapshot snapshot = judge.snapshot(objective.id(), at).orElseThrow();
    return new OncallView.BurnRow(
        new Link(objective.displayName(), Link.slo(objective.id().value()).href()),
        ObjectiveViews.subject(objective),
        ObjectiveViews.state(judge, objective, at),
        ObjectiveViews.budget(objective, snapshot),
        WINDOWS.stream()
            .map(window -> ObjectiveViews.burn(ObjectiveViews.rate(objective, snapshot, window)))
            .toList());
  }

  static ExecutiveView executive(
      Judge judge, EngineState state, List<dev.tidemark.alerting.Incident> incidents, Instant at) {
    List<Objective> objectives = judge.definitions().objectives();
    YearMonth month = YearMonth.from(at.atZone(ZoneOffset.UTC));
    int exhausted = 0;
    int known = 0;
    Map<String, List<Objective>> domains = new TreeMap<>();
    for (Objective objective : objectives) {
      BudgetSnapshot snapshot = judge.snapshot(objective.id(), at).orElseThrow();
      known += snapshot.isKnown() ? 1 : 0;
      exhausted += snapshot.isKnown() && snapshot.leftRatio().orElse(1) <= 0 ? 1 : 0;
      domains
          .computeIfAbsent(
              objective.domain().isEmpty() ? "no domain" : objective.domain(),
              domain -> new ArrayList<>())
          .add(objective);
    }
    int withBudget = known - exhausted;
    int open = state.alerting().openIncidents().size();
    return new ExecutiveView(
        month.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH)
            + " "
            + month.getYear()
            + ", so far",
        known == 0
            ? "Nothing, or too little, has been measured to say."
            : withBudget
                + " of "
                + known
                + " measured promises have error budget left; "
                + open
                + (open == 1 ? " incident is open." : " incidents are open."),
        Figure.of("Pipeline success rate", "not read yet", Tone.UNKNOWN),
        Figure.of("Cost", "not read yet", Tone.UNKNOWN),
        coverage(state, at),
        new Figure(
            "Budgets left",
            known < objectives.size() * COVERAGE_WANTED
                ? "unknown"
                : withBudget + " of " + objectives.size(),
            known < objectives.size() * COVERAGE_WANTED
                ? Tone.UNKNOWN
                : exhausted == 0 ? Tone.GOOD : Tone.BAD,
            known
                + " of "
                + objectives.size()
                + " are known, "
                + withBudget
                + " of those have budget left; "
                + silence(objectives),
            "/slos"),
        List.of(),
        failing(judge, incidents, at),
        domains.entrySet().stream().map(e -> domain(judge, e.getKey(), e.getValue(), at)).toList(),
        null);
  }

  /** Objectives of which enough is known; for the judge's thread. */
  static Set<String> known(Judge judge, Instant at) {
    return judge.definitions().objectives().stream()
        .filter(o -> judge.snapshot(o.id(), at).orElseThrow().isKnown())
        .map(o -> o.id().value())
        .collect(Collectors.toSet());
  }

  /** Says how many promises take silence for what. */
  private static String silence(List<Objective> objectives) {
    Map<String, Long> rules =
        objectives.stream()
            .collect(
                Collectors.groupingBy(
                    o -> o.silence().words(), TreeMap::new, Collectors.counting()));
    return rules.entrySet().stream()
        .map(rule -> "silence " + rule.getKey() + " in " + rule.getValue())
        .collect(Collectors.joining(", "));
  }

  private static Figure coverage(EngineState state, Instant at) {
    List<CatalogCoverage.Entry> seen = state.records().catalog().apply(at);
    long catalogued = seen.stream().filter(CatalogCoverage.Entry::isCatalogued).count();
    return seen.isEmpty()
        ? Figure.of("Catalog coverage", "no datasets yet", Tone.UNKNOWN)
        : new Figure(
            "Catalog coverage",
            Formats.percent((double) catalogued / seen.size()),
            (double) catalogued / seen.size() >= 0.95 ? Tone.GOOD : Tone.WARN,
            catalogued + " of " + seen.size() + " datasets seen have owner, schema and objectives",
            "/datasets");
  }

  private static List<ExecutiveView.FailingDataset> failing(
      Judge judge, List<dev.tidemark.alerting.Incident> incidents, Instant at) {
    record Worst(
        DatasetDefinition dataset, Objective objective, BudgetSnapshot snapshot, double left) {}
    List<Worst> worst = new ArrayList<>();
    for (DatasetDefinition dataset : judge.definitions().datasets()) {
      judge.definitions().objectives().stream()
          .filter(o -> dataset.name().equals(o.labels().get("dataset")))
          .map(
              o -> {
                BudgetSnapshot snapshot = judge.snapshot(o.id(), at).orElseThrow();
                return new Worst(dataset, o, snapshot, snapshot.leftRatio().orElse(1));
              })
          .filter(w -> w.snapshot().isKnown() && w.snapshot().counts().bad() > 0)
          .min(Comparator.comparingDouble(Worst::left))
          .ifPresent(worst::add);
    }
    return worst.stream()
        .sorted(Comparator.comparingDouble(Worst::left))
        .limit(10)
        .map(
            w ->
                new ExecutiveView.FailingDataset(
                    Link.dataset(w.dataset().name()),
                    w.dataset().domain(),
                    w.dataset().owner(),
                    w.snapshot().sliced()
                        ? Formats.duration(
                            Duration.ofMillis(
                                Math.round(
                                    w.snapshot().counts().bad()
                                        * w.snapshot().budget().slice().toMillis())))
                        : Formats.count(Math.round(w.snapshot().counts().bad())) + " events",
                    ObjectiveViews.budget(w.objective(), w.snapshot()),
                    (int)
                        incidents.stream()
                            .filter(
                                i ->
                                    i.alerts().stream()
                                        .anyMatch(a -> a.dataset().equals(w.dataset().name())))
                            .count()))
        .toList();
  }

  private static ExecutiveView.DomainBudget domain(
      Judge judge, String domain, List<Objective> objectives, Instant at) {
    double sum = 0;
    int known = 0;
    int exhausted = 0;
    for (Objective objective : objectives) {
      BudgetSnapshot snapshot = judge.snapshot(objective.id(), at).orElseThrow();
      OptionalDouble left = snapshot.leftRatio();
      if (snapshot.isKnown() && left.isPresent()) {
        known++;
        sum += Math.max(0, left.getAsDouble());
        exhausted += left.getAsDouble() <= 0 ? 1 : 0;
      }
    }
    Meter meter =
        known < objectives.size() * COVERAGE_WANTED
            ? Meter.unknown("unknown: too little measured")
            : new Meter(
                Formats.left(sum / known), sum / known, exhausted > 0 ? Tone.BAD : Tone.GOOD);
    return new ExecutiveView.DomainBudget(
        domain,
        meter.on(
            new Meter.Basis(
                "mean of " + known + " known of " + objectives.size(), silence(objectives))),
        objectives.size(),
        exhausted,
        objectives.size() - known);
  }
}
