package dev.tidemark.engine.web;

import dev.tidemark.dashboards.Formats;
import dev.tidemark.dashboards.view.Badge;
import dev.tidemark.dashboards.view.Chart;
import dev.tidemark.dashboards.view.Figure;
import dev.tidemark.dashboards.view.IncidentRow;
import dev.tidemark.dashboards.view.Link;
import dev.tidemark.dashboards.view.Meter;
import dev.tidemark.dashboards.view.ObjectiveRow;
import dev.tidemark.dashboards.view.Slice;
import dev.tidemark.dashboards.view.SloView;
import dev.tidemark.dashboards.view.Tone;
import dev.tidemark.engine.alerts.PromiseText;
import dev.tidemark.engine.api.SloJson;
import dev.tidemark.engine.budget.BudgetSnapshot;
import dev.tidemark.engine.budget.BurnRate;
import dev.tidemark.engine.budget.CorrectedTime;
import dev.tidemark.engine.budget.ErrorBudget;
import dev.tidemark.engine.condition.Judge;
import dev.tidemark.engine.condition.Remark;
import dev.tidemark.engine.definition.BurnRateCondition;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.planned.Plans;
import dev.tidemark.engine.store.BucketStore.Bucket;
import dev.tidemark.engine.store.clickhouse.Restatements;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Objectives as pages show them. Stateless; runs on the judge's thread. */
final class ObjectiveViews {
  private static final Map<String, String> SILENCE =
      Map.of(
          "bad", "counts as bad",
          "good", "counts as good",
          "ignored", "says nothing; old trouble ages out",
          "frozen", "stops the clock; what held keeps holding until data come");

  private ObjectiveViews() {}

  static ObjectiveRow row(Judge judge, Objective objective, Instant at) {
    BudgetSnapshot snapshot = judge.snapshot(objective.id(), at).orElseThrow();
    return new ObjectiveRow(
        new Link(objective.displayName(), Link.slo(objective.id().value()).href()),
        subject(objective),
        PromiseText.of(objective.sli()),
        objective.target().text() + " over " + objective.window().text(),
        known(snapshot),
        budget(objective, snapshot),
        burn(fastest(snapshot)),
        state(judge, objective, at));
  }

  static SloView page(
      Judge judge,
      Objective objective,
      List<Bucket> recent,
      List<Bucket> window,
      List<IncidentRow> incidents,
      List<Restatements.Entry> restated,
      Plans plans,
      UnaryOperator<String> runbookTitles,
      Instant at) {
    BudgetSnapshot snapshot = judge.snapshot(objective.id(), at).orElseThrow();
    List<Bucket> counted = corrected(objective, snapshot, window);
    List<SloView.Burn> burns = new ArrayList<>();
    snapshot
        .burnRates()
        .forEach(
            (length, rate) ->
                burns.add(
                    new SloView.Burn(
                        Formats.duration(length),
                        burn(rate),
                        bad(objective, counted, window, length))));
    return new SloView(
        objective.id().value(),
        objective.displayName(),
        state(judge, objective, at),
        subject(objective),
        objective.owner(),
        PromiseText.of(objective.sli()),
        objective.target().text(),
        objective.window().text(),
        objective.sli().isSliced()
            ? "time slices of " + Formats.duration(objective.slice())
            : "occurrences",
        new Figure("Measured", known(snapshot), tone(snapshot), null, null),
        budget(objective, snapshot),
        snapshot.isKnown()
            ? snapshot.leftText() + volume(snapshot.budget())
            : "too little was measured to say what is left",
        windows(objective, snapshot),
        facts(judge, objective, snapshot, plans, at),
        new Figure(
            "Known",
            Formats.percent(snapshot.coverageRatio()),
            snapshot.coverage().enough() ? Tone.NEUTRAL : Tone.UNKNOWN,
            "of the window has data; "
                + Formats.percent(snapshot.coverage().watchedRatio())
                + " was watched; silence "
                + objective.silence().words(),
            null),
        burns,
        burnDown(snapshot, counted, window),
        recent.stream().map(ObjectiveViews::slice).toList(),
        "last 3 h, " + Formats.duration(objective.slice()) + " each",
        conditions(judge, objective, snapshot),
        restated.stream().map(ObjectiveViews::restatement).toList(),
        incidents,
        objective.place(),
        objective.runbook().isEmpty()
            ? null
            : Link.runbook(objective.runbook(), runbookTitles.apply(objective.runbook())));
  }

  /** Says what was bad in the newest part of the window, such as {@code 12 of 60 slices}. */
  private static String bad(
      Objective objective, List<Bucket> counted, List<Bucket> happened, Duration length) {
    if (happened.isEmpty()) {
      return "nothing judged yet";
    }
    Instant end = happened.get(happened.size() - 1).start().plus(objective.slice());
    EventCounts is = sum(counted, end.minus(length));
    EventCounts was = sum(happened, end.minus(length));
    return bad(objective, is)
        + (is.equals(was) ? "" : "; without planned work " + bad(objective, was));
  }

  private static EventCounts sum(List<Bucket> window, Instant from) {
    double good = 0;
    double total = 0;
    for (Bucket bucket : window) {
      if (!bucket.start().isBefore(from)) {
        good += Math.min(bucket.counts().good(), bucket.counts().total());
        total += bucket.counts().total();
      }
    }
    return new EventCounts(good, total);
  }

  /** Buckets as they govern. */
  private static List<Bucket> corrected(
      Objective objective, BudgetSnapshot snapshot, List<Bucket> window) {
    CorrectedTime time = new CorrectedTime(snapshot.corrections());
    if (time.isEmpty()) {
      return window;
    }
    long slice = objective.slice().toMillis();
    return window.stream()
        .map(
            bucket ->
                new Bucket(
                    bucket.objective(),
                    bucket.start(),
                    time.of(bucket.start().toEpochMilli(), slice, bucket.counts()),
                    bucket.unknown(),
                    bucket.restated()))
        .toList();
  }

  private static String bad(Objective objective, EventCounts counted) {
    double bad = counted.bad();
    double total = counted.total();
    if (total <= 0) {
      return "unknown";
    }
    String counts = Formats.count(Math.round(bad)) + " of " + Formats.count(Math.round(total));
    return objective.sli().isSliced()
        ? counts
            + " slices, "
            + Formats.duration(Duration.ofMillis(Math.round(bad * objective.slice().toMillis())))
        : counts + " events";
  }

  private static List<SloView.Condition> conditions(
      Judge judge, Objective objective, BudgetSnapshot snapshot) {
    List<SloView.Condition> rows = new ArrayList<>();
    for (BurnRateCondition condition : objective.conditions()) {
      Optional<Instant> since = judge.holdsSince(objective.id(), condition);
      rows.add(
          new SloView.Condition(
              condition.severity() == BurnRateCondition.Severity.PAGE
                  ? new Badge(Tone.BAD, "page")
                  : new Badge(Tone.WARN, "ticket"),
              Formats.burnRate(condition.factor())
                  + " over "
                  + Formats.duration(condition.longWindow())
                  + " and "
                  + Formats.duration(condition.shortWindow()),
              rate(objective, snapshot, condition.longWindow())
                  + " and "
                  + rate(objective, snapshot, condition.shortWindow()),
              since.isPresent() ? new Badge(Tone.BAD, "firing") : new Badge(Tone.GOOD, "quiet"),
              since.orElse(null)));
    }
    return rows;
  }

  /** The burn rate over a window, which is never shorter than what is judged at once. */
  static BurnRate rate(Objective objective, BudgetSnapshot snapshot, Duration window) {
    Duration effective = window.compareTo(objective.slice()) < 0 ? objective.slice() : window;
    return snapshot.burnRates().getOrDefault(effective, new BurnRate(Double.NaN));
  }

  private static String volume(ErrorBudget budget) {
    return switch (SloJson.volume(budget)) {
      case "expected" -> ", of the volume expected";
      case "seen" -> budget.counts().total() > 0 ? ", of the volume seen so far" : "";
      default -> "";
    };
  }

  private static String known(BudgetSnapshot snapshot) {
    return snapshot.isKnown() ? percent(snapshot.sliRatio()) : "unknown";
  }

  private static List<SloView.Window> windows(Objective objective, BudgetSnapshot snapshot) {
    List<ErrorBudget> budgets = new ArrayList<>();
    budgets.add(snapshot.budget());
    budgets.addAll(snapshot.others());
    return budgets.stream()
        .map(
            budget -> {
              boolean governs = budget.equals(snapshot.budget());
              boolean unknown = governs && !snapshot.isKnown();
              return new SloView.Window(
                  budget.name(),
                  unknown ? "unknown" : percent(budget.sliRatio()),
                  governs ? budget(objective, snapshot) : meter(budget.leftRatio()),
                  unknown ? "unknown" : budget.leftText() + volume(budget),
                  budget.isCorrected() ? meter(budget.rawLeftRatio()).text() : null);
            })
        .toList();
  }

  private static List<SloView.Fact> facts(
      Judge judge, Objective objective, BudgetSnapshot snapshot, Plans plans, Instant at) {
    List<SloView.Fact> facts = new ArrayList<>();
    for (Remark remark : judge.remarks(objective.id())) {
      facts.add(new SloView.Fact("Look at its definition", remark.text()));
    }
    facts.add(new SloView.Fact("Silence", SILENCE.getOrDefault(SloJson.silence(objective), "")));
    snapshot
        .frozenSince()
        .ifPresent(
            since ->
                facts.add(
                    new SloView.Fact(
                        "Frozen",
                        "since " + Formats.minute(since) + " UTC: no data, so it stands still")));
    if (!snapshot.sliced()) {
      facts.add(
          new SloView.Fact(
              "Budget in time",
              Formats.duration(snapshot.budget().leftTime().abs())
                  + (snapshot.budget().leftTime().isNegative() ? " too much" : " left")
                  + " of complete failure at the mean traffic"));
    }
    snapshot
        .forecast()
        .ifPresent(
            forecast ->
                facts.add(
                    new SloView.Fact(
                        "If it goes on as in the last 6 h, day and 3 days",
                        forecast.earliest().isZero()
                            ? "the budget is used up already"
                            : forecast
                                .latest()
                                .map(latest -> usedUp(forecast.earliest(), latest))
                                .orElse(
                                    "used up in "
                                        + Formats.duration(forecast.earliest())
                                        + " at the earliest, at best not at all"))));
    List<String> behind = judge.behind(objective.id());
    if (!behind.isEmpty()) {
      facts.add(new SloView.Fact("Behind now", String.join(", ", behind)));
    }
    plans
        .suppresses(objective, at)
        .ifPresent(why -> facts.add(new SloView.Fact("Nobody is told", why.describe())));
    return facts;
  }

  private static String usedUp(Duration earliest, Duration latest) {
    String from = Formats.duration(earliest);
    String to = Formats.duration(latest);
    return from.equals(to)
        ? "used up in " + from
        : "used up between " + from + " and " + to + " from now";
  }

  private static SloView.Restatement restatement(Restatements.Entry entry) {
    return new SloView.Restatement(
        entry.at(),
        Formats.minute(entry.start()) + " UTC",
        counts(entry.before()) + " → " + counts(entry.after()),
        "signals that came late");
  }

  private static String counts(EventCounts counts) {
    return counts.isEmpty()
        ? "nothing"
        : Formats.count(Math.round(counts.good()))
            + " of "
            + Formats.count(Math.round(counts.total()))
            + " good";
  }

  private static @Nullable Chart burnDown(
      BudgetSnapshot snapshot, List<Bucket> counted, List<Bucket> window) {
    if (window.size() < 2) {
      return null;
    }
    double allowed = snapshot.budget().leftCount() + snapshot.counts().bad();
    if (allowed <= 0) {
      return null;
    }
    List<Instant> times = new ArrayList<>();
    List<@Nullable Double> values = new ArrayList<>();
    List<@Nullable Double> raw = new ArrayList<>();
    double bad = 0;
    double rawBad = 0;
    int step = Math.max(1, window.size() / 200);
    for (int i = 0; i < window.size(); i++) {
      bad += Math.max(0, counted.get(i).counts().bad());
      rawBad += Math.max(0, window.get(i).counts().bad());
      if (i % step == 0 || i == window.size() - 1) {
        times.add(window.get(i).start());
        values.add(Math.round((1 - bad / allowed) * 1000) / 10.0);
        raw.add(Math.round((1 - rawBad / allowed) * 1000) / 10.0);
      }
    }
    return new Chart(
        "Error budget left",
        "%",
        times,
        bad == rawBad
            ? List.of(new Chart.Series("budget left", values, Tone.NEUTRAL))
            : List.of(
                new Chart.Series("budget left", values, Tone.NEUTRAL),
                new Chart.Series("without planned work", raw, Tone.WARN)),
        0.0,
        "used up");
  }

  static Slice slice(Bucket bucket) {
    Tone tone =
        bucket.unknown() || bucket.counts().isEmpty()
            ? Tone.UNKNOWN
            : bucket.counts().bad() > 0 ? Tone.BAD : Tone.GOOD;
    return new Slice(
        tone,
        bucket.restated(),
        Formats.minute(bucket.start())
            + " UTC: "
            + tone.word()
            + (bucket.restated() ? ", restated" : ""));
  }

  static Link subject(Objective objective) {
    String dataset = objective.labels().get("dataset");
    if (dataset != null) {
      return Link.dataset(dataset);
    }
    String name = objective.subject().name();
    return objective.subject().type() == Objective.Subject.Type.PIPELINE
        ? Link.pipeline(name)
        : Link.none(name);
  }

  /** What is left, with what that rests on; unknown where too little was measured. */
  static Meter budget(Objective objective, BudgetSnapshot snapshot) {
    Meter meter =
        snapshot.leftRatio().isPresent() && !snapshot.isKnown()
            ? Meter.unknown("unknown: too little measured")
            : meter(snapshot.leftRatio());
    return meter.on(basis(objective, snapshot));
  }

  private static Meter.Basis basis(Objective objective, BudgetSnapshot snapshot) {
    String watched = Formats.percent(snapshot.coverage().watchedRatio());
    String data = Formats.percent(snapshot.coverageRatio());
    // Events may be far apart: what counts there is whether somebody listened.
    return new Meter.Basis(
        (snapshot.sliced() ? data + " known" : watched + " watched")
            + ", silence "
            + objective.silence().text(),
        data
            + " of the window has data, "
            + watched
            + " was watched; silence "
            + objective.silence().words());
  }

  private static Meter meter(OptionalDouble left) {
    if (left.isEmpty()) {
      return Meter.unknown("nothing measured yet");
    }
    double ratio = left.getAsDouble();
    return new Meter(
        Formats.left(ratio), ratio, ratio <= 0 ? Tone.BAD : ratio < 0.25 ? Tone.WARN : Tone.GOOD);
  }

  static Badge state(Judge judge, Objective objective, Instant at) {
    return switch (SloJson.state(judge, objective, at)) {
      case OK -> new Badge(Tone.GOOD, "healthy");
      case BURNING -> new Badge(Tone.BAD, "burning");
      case BREACHED -> new Badge(Tone.BAD, "budget used up");
      case UNKNOWN -> new Badge(Tone.UNKNOWN, "unknown");
    };
  }

  static Badge burn(BurnRate rate) {
    if (!rate.isKnown()) {
      return new Badge(Tone.UNKNOWN, "unknown");
    }
    Tone tone = rate.value() > 6 ? Tone.BAD : rate.value() > 1 ? Tone.WARN : Tone.GOOD;
    return new Badge(tone, Formats.burnRate(rate.value()));
  }

  static BurnRate fastest(BudgetSnapshot snapshot) {
    return snapshot.burnRates().values().stream()
        .filter(BurnRate::isKnown)
        .max(Comparator.comparingDouble(BurnRate::value))
        .orElse(new BurnRate(Double.NaN));
  }

  private static Tone tone(BudgetSnapshot snapshot) {
    OptionalDouble sli = snapshot.sliRatio();
    return sli.isEmpty() || !snapshot.isKnown()
        ? Tone.UNKNOWN
        : sli.getAsDouble() >= snapshot.target().ratio() ? Tone.GOOD : Tone.BAD;
  }

  /** Returns a share in percent, or unknown. */
  static String percent(OptionalDouble ratio) {
    return Formats.percent(ratio.isPresent() ? ratio.getAsDouble() : null);
  }
}
