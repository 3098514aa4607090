package dev.tidemark.engine.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.alerting.Alert;
import dev.tidemark.alerting.Alerting;
import dev.tidemark.alerting.Incident;
import dev.tidemark.alerting.IncidentSettings;
import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.NotificationKind;
import dev.tidemark.alerting.Silences;
import dev.tidemark.engine.Told;
import dev.tidemark.engine.alerts.AlertLevels;
import dev.tidemark.engine.alerts.AlertMaker;
import dev.tidemark.engine.alerts.RoutingDefinitions;
import dev.tidemark.engine.backtest.BacktestResult.IncidentOutcome;
import dev.tidemark.engine.backtest.StoredHistory.Known;
import dev.tidemark.engine.condition.Judge;
import dev.tidemark.engine.definition.DefinitionParser;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.ParseResult;
import dev.tidemark.engine.definition.Selector;
import dev.tidemark.engine.definition.SourceFile;
import dev.tidemark.engine.loop.JudgeLoop;
import dev.tidemark.engine.loop.LiveLineage;
import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.Series;
import dev.tidemark.engine.planned.Plans;
import dev.tidemark.engine.store.KnownSignals;
import dev.tidemark.engine.store.ReadsByEventTime;
import dev.tidemark.engine.telemetry.EngineMetrics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * A replay against the live run: the same signals through the server's loop, tick by tick, and
 * through a backtest open the same incidents, with the same severity, at the same moments.
 */
class ReplayProperties {
  private static final Instant START = Instant.parse("2026-03-02T08:00:00Z");
  private static final int MINUTES = 180;
  private static final Duration TICK = Duration.ofMinutes(1);

  /** Two datasets in a row: what the first lacks, the second lacks too. */
  private static final Definitions DEFINITIONS =
      definitions(
          """
          apiVersion: tidemark/v1
          kind: Dataset
          metadata: {name: raw}
          spec:
            producedBy: ingest
            objectives:
              - heartbeat: {connector: cdc, every: 1m, target: 99%, window: 7d,
                  alerting: {conditions: [{long: 20m, short: 5m, factor: 10, severity: page}]}}
              - freshness: {within: 4m, target: 99%, window: 7d,
                  alerting: {conditions: [{long: 30m, short: 5m, factor: 10, severity: page},
                    {long: 1h, short: 10m, factor: 4, severity: ticket}]}}
              - completeness: {atLeast: 99%, per: 10m, target: 95%, window: 7d,
                  alerting: {conditions: [{long: 1h, short: 10m, factor: 2, severity: ticket}]}}
          ---
          apiVersion: tidemark/v1
          kind: Dataset
          metadata: {name: report}
          spec:
            producedBy: build
            dependsOn: [raw]
            objectives:
              - freshness: {within: 6m, target: 99%, window: 7d,
                  alerting: {conditions: [{long: 30m, short: 5m, factor: 10, severity: ticket}]}}
          ---
          apiVersion: tidemark/v1
          kind: Dataset
          metadata: {name: shop}
          spec:
            objectives:
              - ratio:
                  good: {metric: http.requests, where: {outcome: ok}}
                  total: {metric: http.requests}
                  target: 95%
                  window: 7d
                  alerting: {conditions: [{long: 20m, short: 5m, factor: 4, severity: page},
                    {long: 1h, short: 5m, factor: 1.5, severity: ticket}]}
          """
              + Told.everythingTo("terminal", "console: {}", "groupWait: 1m"));

  private static final Series BEAT =
      series("tidemark.heartbeat", MetricKind.DELTA_SUM, "connector", "cdc");
  private static final Series RAW =
      series("tidemark.watermark", MetricKind.GAUGE, "dataset", "raw");
  private static final Series REPORT =
      series("tidemark.watermark", MetricKind.GAUGE, "dataset", "report");
  private static final Series OBSERVED = records("observed");
  private static final Series EXPECTED = records("expected");
  private static final Series OK =
      series("http.requests", MetricKind.CUMULATIVE_SUM, "outcome", "ok");
  private static final Series ERROR =
      series("http.requests", MetricKind.DELTA_SUM, "outcome", "error");

  /** A signal and when it came. */
  private record Arrival(MetricPoint point, long knownNanos) {}

  /** Minutes in which something is wrong. */
  private record Stretch(int from, int length) {
    boolean covers(int minute) {
      return minute >= from && minute < from + length;
    }
  }

  /**
   * What goes wrong.
   *
   * @param silent nothing is sent
   * @param failing half of the requests fail
   * @param losing a tenth of the records is lost
   * @param late of every so many signals one comes so many minutes late
   * @param twice every so many signals one comes again so many minutes later
   */
  private record Trouble(
      List<Stretch> silent,
      List<Stretch> failing,
      List<Stretch> losing,
      List<Stretch> late,
      Stretch twice) {}

  @Provide
  Arbitrary<Trouble> troubles() {
    Arbitrary<Stretch> stretch =
        Combinators.combine(
                Arbitraries.integers().between(0, MINUTES), Arbitraries.integers().between(1, 40))
            .as(Stretch::new);
    Arbitrary<List<Stretch>> few = stretch.list().ofMaxSize(3);
    // Signals of these minutes come when they are over, at most an hour late.
    return Combinators.combine(few, few, few, few, stretch).as(Trouble::new);
  }

  /** A signal every minute from everybody, as troubled as told; in the order in which they come. */
  private static List<Arrival> arrivals(Trouble trouble, boolean punctual) {
    List<Arrival> arrivals = new ArrayList<>();
    double ok = 0;
    for (int minute = 0; minute < MINUTES; minute++) {
      int now = minute;
      if (trouble.silent().stream().anyMatch(stretch -> stretch.covers(now))) {
        continue;
      }
      Instant at = START.plus(Duration.ofMinutes(minute)).plusSeconds(10);
      boolean failing = trouble.failing().stream().anyMatch(stretch -> stretch.covers(now));
      boolean losing = trouble.losing().stream().anyMatch(stretch -> stretch.covers(now));
      ok += failing ? 50 : 100;
      List<MetricPoint> points = new ArrayList<>();
      points.add(MetricPoint.number(BEAT, 0, nanos(at), 1));
      points.add(MetricPoint.number(RAW, 0, nanos(at) + 1_000_000, at.getEpochSecond() - 5.0));
      points.add(MetricPoint.number(REPORT, 0, nanos(at) + 2_000_000, at.getEpochSecond() - 65.0));
      points.add(MetricPoint.number(OBSERVED, 0, nanos(at) + 3_000_000, losing ? 90 : 100));
      points.add(MetricPoint.number(EXPECTED, 0, nanos(at) + 4_000_000, 100));
      points.add(MetricPoint.number(OK, nanos(START), nanos(at) + 5_000_000, ok));
      if (failing) {
        points.add(MetricPoint.number(ERROR, 0, nanos(at) + 6_000_000, 50));
      }
      Instant known = punctual ? at.plusMillis(500) : known(trouble, minute, at.plusMillis(500));
      for (int i = 0; i < points.size(); i++) {
        // Of signals that wait together the newest may come first.
        long came = nanos(known) + (minute % 2 == 0 ? i : points.size() - i);
        MetricPoint point = points.get(i);
        arrivals.add(new Arrival(point, punctual ? point.timeNanos() : came));
        if (!punctual && (minute * 7 + i) % (trouble.twice().length() + 1) == 0) {
          arrivals.add(
              new Arrival(point, came + Duration.ofMinutes(trouble.twice().from() % 30).toNanos()));
        }
      }
    }
    arrivals.sort(Comparator.comparingLong(Arrival::knownNanos));
    return arrivals;
  }

  private static Instant known(Trouble trouble, int minute, Instant usually) {
    return trouble.late().stream()
        .filter(stretch -> stretch.covers(minute))
        .map(stretch -> START.plus(Duration.ofMinutes(stretch.from() + stretch.length())))
        .map(end -> end.plusSeconds(30 + 60 - minute % 60))
        .max(Comparator.naturalOrder())
        .orElse(usually);
  }

  @Property(tries = 150)
  void a_replay_in_the_order_of_arrival_gives_the_incidents_of_the_live_run(
      @ForAll("troubles") Trouble trouble) {
    List<Arrival> arrivals = arrivals(trouble, false);
    assertThat(replay(arrivals)).isEqualTo(live(arrivals));
  }

  @Property(tries = 50)
  void what_came_on_time_gives_the_same_incidents_from_the_store(
      @ForAll("troubles") Trouble trouble) {
    List<Arrival> arrivals = arrivals(trouble, true);
    assertThat(replayStored(arrivals, Known.EVENT)).isEqualTo(live(arrivals));
  }

  @Property(tries = 100)
  void a_replay_from_the_store_gives_the_incidents_of_the_live_run_however_late_signals_were(
      @ForAll("troubles") Trouble trouble) {
    List<Arrival> arrivals = arrivals(trouble, false);
    assertThat(replayStored(arrivals, Known.RECEIVED)).isEqualTo(live(arrivals));
  }

  @Example
  void what_came_late_pages_somebody_in_a_replay_too_unless_it_is_to_be_known_at_its_event_time() {
    // Half an hour of signals waits somewhere and comes all at once: live, that is silence.
    Trouble late =
        new Trouble(
            List.of(), List.of(), List.of(), List.of(new Stretch(60, 30)), new Stretch(0, 40));
    List<Arrival> arrivals = arrivals(late, false);
    List<IncidentOutcome> live = live(arrivals);
    assertThat(live).hasSize(1);
    // Beats of 9:00 to 9:29 are known shortly after 9:30; the alert ends as soon as they explain
    // it,
    // and two minutes later the incident is resolved.
    assertThat(live.get(0).at()).isBefore(START.plus(Duration.ofMinutes(75)));
    assertThat(live.get(0).until().orElseThrow()).isBefore(START.plus(Duration.ofMinutes(100)));
    assertThat(replay(arrivals)).isEqualTo(live);
    assertThat(replayStored(arrivals, Known.RECEIVED)).isEqualTo(live);
    assertThat(replayStored(arrivals, Known.EVENT)).isEmpty();
  }

  private static List<IncidentOutcome> replay(List<Arrival> arrivals) {
    return replay(
        (selectors, from, to, reader) -> {
          for (Arrival arrival : arrivals) {
            if (arrival.knownNanos() < nanos(to)
                && selectors.stream().anyMatch(s -> s.matches(arrival.point().series()))) {
              reader.point(arrival.point(), arrival.knownNanos());
            }
          }
        });
  }

  private static List<IncidentOutcome> replayStored(List<Arrival> arrivals, Known known) {
    return replay(new StoredHistory(new Stored(arrivals), known, Duration.ZERO));
  }

  /** A store that has each identity once, as it came first. */
  private record Stored(List<Arrival> arrivals) implements KnownSignals, ReadsByEventTime {
    @Override
    public void readPoints(
        Collection<Selector> selectors, Instant from, Instant to, Consumer<MetricPoint> consumer) {
      first(selectors).stream()
          .map(Arrival::point)
          .sorted(Comparator.comparingLong(MetricPoint::timeNanos))
          .filter(point -> point.timeNanos() >= nanos(from) && point.timeNanos() < nanos(to))
          .forEach(consumer);
    }

    @Override
    public void readPointsKnown(
        Collection<Selector> selectors,
        Instant from,
        Instant to,
        Duration delay,
        KnownConsumer consumer) {
      first(selectors).stream()
          .filter(a -> a.knownNanos() >= nanos(from) && a.knownNanos() < nanos(to))
          .forEach(a -> consumer.point(a.point(), a.knownNanos()));
    }

    private List<Arrival> first(Collection<Selector> selectors) {
      Map<MetricPoint, Arrival> first = new LinkedHashMap<>();
      for (Arrival arrival : arrivals) {
        if (selectors.stream().anyMatch(s -> s.matches(arrival.point().series()))) {
          first.putIfAbsent(arrival.point(), arrival);
        }
      }
      return List.copyOf(first.values());
    }
  }

  private static List<IncidentOutcome> replay(SignalHistory history) {
    return Backtest.run(DEFINITIONS, List.of(), history, START, end(), 2, share -> {}).incidents();
  }

  /** The server's loop and what it does with decisions, on a clock that waits to be told. */
  private static List<IncidentOutcome> live(List<Arrival> arrivals) {
    ReplayedIncidents incidents = new ReplayedIncidents();
    ReplayedNotifications notifications = new ReplayedNotifications();
    Alerting alerting =
        new Alerting(
            incidents,
            notifications,
            new Silences(new NoSilences()),
            RoutingDefinitions.of(DEFINITIONS, Map.of()).routes(),
            IncidentSettings.DEFAULT,
            "",
            id -> null,
            START);
    Judge judge = new Judge(DEFINITIONS, START);
    LiveLineage lineage = new LiveLineage(DEFINITIONS);
    Plans plans = Plans.of(DEFINITIONS);
    AlertLevels levels = new AlertLevels(List.of());
    ToldClock clock = new ToldClock();
    JudgeLoop loop =
        new JudgeLoop(
            judge,
            START,
            clock,
            Duration.ZERO,
            Duration.ZERO,
            new EngineMetrics(),
            (tick, at, received) -> {
              // As DecisionWriter tells it, without its threads and stores.
              List<Alert> firing =
                  AlertMaker.alerts(judge, lineage.graph(), Map.of(), plans, tick.firing(), at);
              List<Alert> events = levels.changes(firing, at);
              if (!events.isEmpty()) {
                Object unused = alerting.onAlerts(events, at);
              }
              levels.told(firing);
              Object unused = alerting.tick(at);
            });
    loop.start();
    try {
      int next = 0;
      for (Instant at = START.plus(TICK); !at.isAfter(end()); at = at.plus(TICK)) {
        List<MetricPoint> batch = new ArrayList<>();
        while (next < arrivals.size() && arrivals.get(next).knownNanos() <= nanos(at)) {
          batch.add(arrivals.get(next++).point());
        }
        // The loop stands in the tick before this one and takes one piece of work after each.
        clock.awaitQuestion();
        loop.offer(batch, at);
        clock.tell(at.minus(TICK));
      }
      clock.awaitQuestion();
      clock.tell(end());
      clock.awaitQuestion();
    } finally {
      loop.close();
    }
    return outcomes(incidents, notifications);
  }

  private static List<IncidentOutcome> outcomes(
      ReplayedIncidents incidents, ReplayedNotifications notifications) {
    Map<String, Instant> first = new HashMap<>();
    for (Notification notification : notifications.all()) {
      if (notification.kind() != NotificationKind.RESOLVED) {
        notification
            .about()
            .forEach(part -> first.putIfAbsent(part.incident().id(), notification.at()));
      }
    }
    List<IncidentOutcome> told = new ArrayList<>();
    for (Incident incident : incidents.all()) {
      Instant at = first.get(incident.id());
      if (at != null && incident.mergedInto() == null) {
        told.add(
            new IncidentOutcome(
                incident.severity(),
                at,
                Optional.ofNullable(incident.resolvedAt()),
                incident.title(),
                incident.causeKey(),
                incident.alerts().stream().map(Alert::objective).distinct().toList(),
                List.of("terminal")));
      }
    }
    told.sort(Comparator.comparing(IncidentOutcome::at).thenComparing(IncidentOutcome::title));
    return told;
  }

  /** Lets the judge's thread wait for the time; for all others it stands. */
  private static final class ToldClock extends Clock {
    private final LinkedBlockingQueue<Instant> told = new LinkedBlockingQueue<>();
    private final Semaphore asked = new Semaphore(0);
    private volatile Instant now = START;

    void tell(Instant at) {
      told.add(at);
    }

    /** Waits until the judge's thread wants to know the time again. */
    void awaitQuestion() {
      try {
        assertThat(asked.tryAcquire(20, TimeUnit.SECONDS)).as("the loop goes on").isTrue();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public Instant instant() {
      if (Thread.currentThread().getName().equals("tidemark-judge")) {
        asked.release();
        try {
          now = told.take();
        } catch (InterruptedException e) {
          // The loop is being closed.
          Thread.currentThread().interrupt();
        }
      }
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private static Definitions definitions(String yaml) {
    ParseResult parsed = DefinitionParser.parse(List.of(new SourceFile("a.yaml", yaml)));
    assertThat(parsed.hasErrors()).as("%s", parsed.problems()).isFalse();
    return parsed.definitions();
  }

  private static Series series(String metric, MetricKind kind, String key, String value) {
    return Series.of(metric, kind, "1", Map.of("service.name", "ingest"), Map.of(key, value));
  }

  private static Series records(String outcome) {
    return Series.of(
        "tidemark.records",
        MetricKind.DELTA_SUM,
        "1",
        Map.of("service.name", "ingest"),
        Map.of("dataset", "raw", "outcome", outcome));
  }

  private static Instant end() {
    return START.plus(Duration.ofMinutes(MINUTES));
  }

  private static long nanos(Instant at) {
    return at.getEpochSecond() * 1_000_000_000L + at.getNano();
  }
}
