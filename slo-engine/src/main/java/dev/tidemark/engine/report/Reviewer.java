package dev.tidemark.engine.report;

import dev.tidemark.alerting.Incident;
import dev.tidemark.alerting.Severity;
import dev.tidemark.engine.budget.CorrectedTime;
import dev.tidemark.engine.definition.DatasetDefinition;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.Selector;
import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.model.Series;
import dev.tidemark.engine.planned.Plans;
import dev.tidemark.engine.store.BucketStore;
import dev.tidemark.engine.store.SignalReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/** Makes reviews from judged buckets, incidents and cost signals. Thread-safe; blocks. */
public final class Reviewer {
  private static final Selector COST = new Selector("tidemark.cost", Map.of());
  private static final Selector BYTES = new Selector("tidemark.bytes", Map.of());

  private final BucketStore buckets;
  private final SignalReader signals;

  private final Plans plans;

  /** Reads from these stores; what these plans take out of budgets is left out. */
  public Reviewer(BucketStore buckets, SignalReader signals, Plans plans) {
    this.buckets = buckets;
    this.signals = signals;
    this.plans = plans;
  }

  private static final class Sum {
    private final CorrectedTime time;
    private final long sliceMillis;
    private EventCounts counts = EventCounts.NONE;
    private EventCounts raw = EventCounts.NONE;
    private long known;

    Sum(CorrectedTime time, long sliceMillis) {
      this.time = time;
      this.sliceMillis = sliceMillis;
    }

    void add(BucketStore.Bucket bucket) {
      raw = raw.plus(bucket.counts());
      counts = counts.plus(time.of(bucket.start().toEpochMilli(), sliceMillis, bucket.counts()));
      known += bucket.counts().isEmpty() ? 0 : 1;
    }
  }

  /**
   * Reviews a period.
   *
   * @param period {@code week} or {@code month}, the seven or thirty days before {@code to}
   * @param incidents that may concern it
   */
  public Review review(
      String period, Definitions definitions, List<Incident> incidents, Instant to) {
    Duration length = Duration.ofDays(period.equals("week") ? 7 : 30);
    return review(period, definitions, incidents, to.minus(length), to);
  }

  /**
   * Reviews any period.
   *
   * @param period what it is called
   * @param incidents that may concern it
   */
  public Review review(
      String period, Definitions definitions, List<Incident> incidents, Instant from, Instant to) {
    Map<ObjectiveId, Sum> sums = new HashMap<>();
    for (Objective objective : definitions.objectives()) {
      sums.put(
          objective.id(),
          new Sum(
              new CorrectedTime(plans.corrections(objective, from, to)),
              objective.slice().toMillis()));
    }
    buckets.read(
        from,
        to,
        bucket -> {
          Sum sum = sums.get(bucket.objective());
          if (sum != null && !bucket.unknown()) {
            sum.add(bucket);
          }
        });
    Map<String, DatasetDefinition> datasets = new HashMap<>();
    for (DatasetDefinition dataset : definitions.datasets()) {
      datasets.put(dataset.name(), dataset);
    }
    List<Review.Promise> promises = new ArrayList<>();
    for (Objective objective : definitions.objectives()) {
      String named = objective.labels().get("dataset");
      DatasetDefinition dataset = named == null ? null : datasets.get(named);
      promises.add(
          promise(
              objective,
              dataset == null ? "" : dataset.tier(),
              Objects.requireNonNull(sums.get(objective.id())),
              Duration.between(from, to)));
    }
    promises.sort(
        Comparator.comparingDouble((Review.Promise p) -> -p.spentRatio().orElse(-1))
            .thenComparing(Review.Promise::objective));
    return new Review(
        period, from, to, promises, incidents(incidents, from, to), spending(datasets, from, to));
  }

  private static Review.Promise promise(
      Objective objective, String tier, Sum sum, Duration length) {
    double slices = (double) length.toMillis() / objective.slice().toMillis();
    double total =
        objective.sli().isSliced()
            // What planned work takes out of the period takes its share of the budget along.
            ? Math.max(slices - (sum.raw.total() - sum.counts.total()), sum.counts.total())
            : sum.counts.total();
    double allowed = total * objective.target().budgetRatio();
    boolean counted = sum.counts.total() > 0;
    return new Review.Promise(
        objective.id().value(),
        objective.displayName(),
        objective.sli().kind(),
        objective.silence().text(),
        objective.domain(),
        tier,
        objective.owner(),
        objective.target().text(),
        objective.target().ratio(),
        sum.counts,
        sum.raw,
        Math.min(1, sum.known / slices),
        counted && allowed > 0
            ? OptionalDouble.of(sum.counts.bad() / allowed)
            : OptionalDouble.empty(),
        objective.sli().isSliced());
  }

  private static Review.Incidents incidents(List<Incident> all, Instant from, Instant to) {
    List<Incident> own =
        all.stream()
            .filter(i -> !i.openedAt().isBefore(from) && i.openedAt().isBefore(to))
            .toList();
    // An incident that came back was told of and taken anew each time.
    List<EpisodeTimes> episodes =
        all.stream()
            .flatMap(i -> EpisodeTimes.of(i).stream())
            .filter(e -> !e.episode().openedAt().isBefore(from))
            .filter(e -> e.episode().openedAt().isBefore(to))
            .toList();
    return new Review.Incidents(
        own.size(),
        (int) own.stream().filter(i -> i.severity() == Severity.PAGE).count(),
        median(episodes.stream().map(EpisodeTimes::toDetect).toList()),
        median(episodes.stream().map(EpisodeTimes::toAcknowledge).toList()),
        median(episodes.stream().map(EpisodeTimes::toRecover).toList()));
  }

  /** The middle one; of an even number the lower of the two in the middle. */
  private static Optional<Duration> median(List<Optional<Duration>> spans) {
    List<Duration> known = spans.stream().flatMap(Optional::stream).sorted().toList();
    return known.isEmpty() ? Optional.empty() : Optional.of(known.get((known.size() - 1) / 2));
  }

  private record SpentOn(String dataset, String pipeline, String owner) {}

  private List<Review.Spend> spending(
      Map<String, DatasetDefinition> datasets, Instant from, Instant to) {
    // Money and bytes.
    Map<SpentOn, double[]> sums = new HashMap<>();
    Map<Long, MetricPoint> last = new HashMap<>();
    long fromNanos = from.getEpochSecond() * 1_000_000_000L + from.getNano();
    signals.readPoints(
        List.of(COST, BYTES),
        from,
        to,
        point -> {
          MetricPoint before = last.put(point.series().id(), point);
          double added;
          if (!point.series().kind().isCumulative()) {
            added = point.value();
          } else if (before == null) {
            added = point.startNanos() >= fromNanos ? point.value() : 0;
          } else {
            boolean reset =
                point.startNanos() > before.startNanos() || point.value() < before.value();
            added = reset ? point.value() : point.value() - before.value();
          }
          boolean money = point.series().metric().equals(COST.metric());
          sums.computeIfAbsent(spentOn(point.series(), datasets), on -> new double[2])[
                  money ? 0 : 1] +=
              added;
        });
    return sums.entrySet().stream()
        .filter(entry -> entry.getValue()[0] > 0)
        .map(
            entry ->
                new Review.Spend(
                    entry.getKey().dataset(),
                    entry.getKey().pipeline(),
                    entry.getKey().owner(),
                    entry.getValue()[0],
                    entry.getValue()[1]))
        .sorted(
            Comparator.comparingDouble((Review.Spend spend) -> -spend.cost())
                .thenComparing(Review.Spend::dataset)
                .thenComparing(Review.Spend::pipeline)
                .thenComparing(Review.Spend::owner))
        .toList();
  }

  /** What the signal says itself comes first; a sender need not know who owns what. */
  private static SpentOn spentOn(Series series, Map<String, DatasetDefinition> datasets) {
    String dataset = Objects.requireNonNullElse(series.attribute("dataset"), "");
    DatasetDefinition known = datasets.get(dataset);
    String pipeline = Objects.requireNonNullElse(series.attribute("pipeline"), series.pipeline());
    String owner = Objects.requireNonNullElse(series.attribute("owner"), "");
    return new SpentOn(
        dataset,
        pipeline.isEmpty() && known != null ? known.producedBy() : pipeline,
        owner.isEmpty() && known != null ? known.owner() : owner);
  }
}
