package dev.tidemark.engine.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidemark.engine.definition.DefinitionParser;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.Selector;
import dev.tidemark.engine.definition.SourceFile;
import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.model.Series;
import dev.tidemark.engine.planned.Plans;
import dev.tidemark.engine.store.BucketStore;
import dev.tidemark.engine.store.ReadsByEventTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A week is 10 080 minutes; a target of 99 % allows 100.8 bad ones. */
class ReviewerTest {
  private static final Instant TO = Instant.parse("2026-03-08T00:00:00Z");
  private static final Instant FROM = TO.minus(Duration.ofDays(7));
  private static final Definitions DEFINITIONS =
      DefinitionParser.parse(
              List.of(
                  new SourceFile(
                      "orders.yaml",
                      """
                      apiVersion: tidemark/v1
                      kind: Dataset
                      metadata: {name: orders, labels: {tier: critical}}
                      spec:
                        owner: team-payments
                        domain: payments
                        objectives:
                          - freshness: {within: 5m, target: 99%, window: 30d}
                      """)))
          .definitions();

  private final FakeBuckets buckets = new FakeBuckets();
  private final FakeSignals signals = new FakeSignals();

  @Test
  void a_promise_is_kept_when_enough_was_measured_and_enough_of_it_was_good() {
    buckets.minutes(5_940, 60, 0);
    Review.Promise promise = promise();
    assertThat(promise.verdict()).isEqualTo(Review.Verdict.KEPT);
    assertThat(promise.measured().orElseThrow()).isEqualTo(0.99);
    assertThat(promise.coverageRatio()).isCloseTo(6_000.0 / 10_080, within(1e-9));
    assertThat(promise.spentRatio().orElseThrow()).isCloseTo(60 / 100.8, within(1e-9));
    assertThat(promise.tier()).isEqualTo("critical");
  }

  @Test
  void a_promise_is_broken_when_enough_was_measured_and_too_little_of_it_was_good() {
    buckets.minutes(5_939, 61, 0);
    assertThat(promise().verdict()).isEqualTo(Review.Verdict.BROKEN);
  }

  @Test
  void nothing_is_claimed_about_what_was_hardly_measured() {
    buckets.minutes(4_000, 0, 6_080);
    assertThat(promise().verdict()).isEqualTo(Review.Verdict.UNKNOWN);
  }

  @Test
  void more_bad_time_than_the_whole_week_allows_breaks_the_promise_whatever_the_rest_was() {
    buckets.minutes(0, 101, 0);
    assertThat(promise().verdict()).isEqualTo(Review.Verdict.BROKEN);
    buckets.minutes(0, 100, 0);
    assertThat(promise().verdict()).isEqualTo(Review.Verdict.UNKNOWN);
  }

  @Test
  void costs_are_what_was_added_in_the_week_per_dataset() {
    signals.add("orders", MetricKind.DELTA_SUM, FROM, 1, 2);
    signals.add("orders", MetricKind.DELTA_SUM, FROM, 2, 3);
    // A running total from before the week, then 4 more, then a restart and 1 since.
    Instant before = FROM.minusSeconds(3_600);
    signals.add("flights", MetricKind.CUMULATIVE_SUM, before, 1, 10);
    signals.add("flights", MetricKind.CUMULATIVE_SUM, before, 2, 14);
    signals.add("flights", MetricKind.CUMULATIVE_SUM, FROM.plusSeconds(150), 3, 1);
    assertThat(review().costs()).isEqualTo(Map.of("orders", 5.0, "flights", 5.0));
  }

  @Test
  void spending_is_by_dataset_pipeline_and_owner_with_its_price_per_terabyte() {
    signals.add("tidemark.cost", Map.of("service.name", "orders_load"), "orders", 30);
    signals.add("tidemark.bytes", Map.of("service.name", "orders_load"), "orders", 1.5e12);
    // Another pipeline of the same dataset, which says itself whose money it spends.
    signals.add(
        "tidemark.cost", Map.of("service.name", "compact", "owner", "team-lake"), "orders", 8);
    assertThat(review().spending())
        .containsExactly(
            new Review.Spend("orders", "orders_load", "team-payments", 30, 1.5e12),
            new Review.Spend("orders", "compact", "team-lake", 8, 0));
    // 30 for 1.5 TB are 20 for one.
    assertThat(review().spending().get(0).costPerTerabyte()).hasValue(20);
    assertThat(review().spending().get(1).costPerTerabyte()).isEmpty();
  }

  private Review review() {
    return new Reviewer(buckets, signals, Plans.NONE).review("week", DEFINITIONS, List.of(), TO);
  }

  private Review.Promise promise() {
    return review().promises().get(0);
  }

  private static final class FakeBuckets implements BucketStore {
    private final List<Bucket> all = new ArrayList<>();

    void minutes(int good, int bad, int unknown) {
      all.clear();
      ObjectiveId id = DEFINITIONS.objectives().get(0).id();
      for (int i = 0; i < good + bad + unknown; i++) {
        EventCounts counts = new EventCounts(i < good ? 1 : 0, 1);
        boolean away = i >= good + bad;
        all.add(
            new Bucket(
                id, FROM.plusSeconds(60L * i), away ? EventCounts.NONE : counts, away, false));
      }
    }

    @Override
    public void read(Instant from, Instant to, Consumer<Bucket> consumer) {
      all.forEach(consumer);
    }

    @Override
    public void read(ObjectiveId objective, Instant from, Instant to, Consumer<Bucket> consumer) {
      all.stream().filter(bucket -> bucket.objective().equals(objective)).forEach(consumer);
    }

    @Override
    public void read(
        Collection<ObjectiveId> objectives, Instant from, Instant to, Consumer<Bucket> consumer) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void readCells(
        Collection<ObjectiveId> objectives,
        Instant from,
        Instant to,
        Duration cell,
        Consumer<Cell> consumer) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void write(Collection<Bucket> buckets, long version) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void writeCheckpoint(Checkpoint checkpoint) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Checkpoint> readCheckpoint() {
      return Optional.empty();
    }
  }

  private static final class FakeSignals implements ReadsByEventTime {
    private final List<MetricPoint> all = new ArrayList<>();

    void add(String dataset, MetricKind kind, Instant start, int minute, double value) {
      all.add(
          MetricPoint.number(
              Series.of("tidemark.cost", kind, "EUR", Map.of(), Map.of("dataset", dataset)),
              start.getEpochSecond() * 1_000_000_000L,
              FROM.plusSeconds(60L * minute).getEpochSecond() * 1_000_000_000L,
              value));
    }

    void add(String metric, Map<String, String> resource, String dataset, double value) {
      all.add(
          MetricPoint.number(
              Series.of(metric, MetricKind.DELTA_SUM, "", resource, Map.of("dataset", dataset)),
              FROM.getEpochSecond() * 1_000_000_000L,
              FROM.plusSeconds(60).getEpochSecond() * 1_000_000_000L,
              value));
    }

    @Override
    public void readPoints(
        Collection<Selector> selectors, Instant from, Instant to, Consumer<MetricPoint> consumer) {
      all.forEach(consumer);
    }
  }
}
