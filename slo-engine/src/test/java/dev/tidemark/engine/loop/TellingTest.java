package dev.tidemark.engine.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.alerting.Alert;
import dev.tidemark.alerting.Alerting;
import dev.tidemark.alerting.Cause;
import dev.tidemark.alerting.Delivery;
import dev.tidemark.alerting.Dispatcher;
import dev.tidemark.alerting.DispatcherSettings;
import dev.tidemark.alerting.IncidentSettings;
import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.NotificationKind;
import dev.tidemark.alerting.Severity;
import dev.tidemark.alerting.Silences;
import dev.tidemark.engine.alerts.RoutingDefinitions;
import dev.tidemark.engine.alerts.StoredIncidents;
import dev.tidemark.engine.alerts.StoredOutbox;
import dev.tidemark.engine.alerts.StoredSilences;
import dev.tidemark.engine.condition.Judge;
import dev.tidemark.engine.definition.DefinitionParser;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.SourceFile;
import dev.tidemark.engine.selfwatch.OwnHealth;
import dev.tidemark.engine.selfwatch.SelfAlerts;
import dev.tidemark.engine.store.local.LocalDocuments;
import dev.tidemark.engine.telemetry.EngineMetrics;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From what fires to the receiver, whatever becomes of judging. */
@Timeout(60)
class TellingTest {
  private static final Definitions DEFINITIONS =
      DefinitionParser.parse(
              List.of(
                  new SourceFile(
                      "a.yaml",
                      """
                      apiVersion: tidemark/v1
                      kind: Receiver
                      metadata: {name: pager}
                      spec: {console: {}}
                      ---
                      apiVersion: tidemark/v1
                      kind: Route
                      metadata: {name: everything}
                      spec: {receiver: pager, groupWait: 0s}
                      """)))
          .definitions();

  private final EngineMetrics metrics = new EngineMetrics();
  private final List<Notification> told = new CopyOnWriteArrayList<>();
  private volatile List<Alert> own = List.of();
  private volatile List<Alert> others = List.of();
  private volatile @Nullable Error trouble;
  private volatile @Nullable RuntimeException othersFail;
  private final AtomicInteger troubles = new AtomicInteger();
  private final AtomicInteger ticks = new AtomicInteger();
  private final AtomicLong arrived = new AtomicLong();
  private volatile boolean pouring;
  private final CountDownLatch over = new CountDownLatch(1);

  private final LocalDocuments documents;
  private final Dispatcher dispatcher;
  private final Teller teller;
  private final Courier courier;
  private final JudgeLoop loop;

  TellingTest(@TempDir Path folder) {
    documents = new LocalDocuments(folder.resolve("documents"));
    Clock clock = Clock.systemUTC();
    SteadyClock steady = new SteadyClock(clock);
    StoredOutbox outbox = new StoredOutbox(documents, id -> false);
    Alerting alerting =
        new Alerting(
            new StoredIncidents(documents),
            outbox,
            new Silences(new StoredSilences(documents, clock)),
            RoutingDefinitions.of(DEFINITIONS, Map.of()).routes(),
            IncidentSettings.DEFAULT,
            "",
            id -> null,
            clock.instant());
    dispatcher =
        new Dispatcher(
            outbox,
            Map.of(
                "pager",
                notification -> {
                  told.add(notification);
                  return new Delivery.Delivered();
                }),
            DispatcherSettings.DEFAULT,
            new Random(1));
    teller =
        new Teller(
            alerting,
            List.of(),
            new Teller.OtherAlerts() {
              @Override
              public List<Alert> firing(List<Alert> mine, Instant now) {
                RuntimeException failure = othersFail;
                if (failure != null) {
                  throw failure;
                }
                return others;
              }

              @Override
              public long arrivals() {
                return pouring ? arrived.incrementAndGet() : arrived.get();
              }
            },
            clock,
            steady,
            () -> true,
            metrics,
            () -> {});
    courier = new Courier(dispatcher, steady, () -> true, metrics);
    loop =
        new JudgeLoop(
            new Judge(DEFINITIONS, clock.instant()),
            clock.instant(),
            clock,
            Duration.ZERO,
            Duration.ofMillis(5),
            metrics,
            (tick, at, received) -> {
              Error failure = trouble;
              if (failure != null) {
                troubles.incrementAndGet();
                throw failure;
              }
              teller.decided(own);
              ticks.incrementAndGet();
            });
    loop.start();
    teller.start();
    courier.start();
  }

  @AfterEach
  void stop() {
    over.countDown();
    loop.close();
    teller.close();
    courier.close();
    dispatcher.close();
    documents.close();
  }

  private static Alert alert(String name) {
    return Alert.firing(name, "orders", "It is " + name, Severity.PAGE, Instant.now())
        .cause(new Cause("job", name, true, List.of(), List.of(Cause.key("job", name))))
        .build();
  }

  private static void await(String what, Callable<Boolean> condition) throws Exception {
    Instant deadline = Instant.now().plusSeconds(40);
    while (!condition.call()) {
      assertThat(Instant.now()).as(what).isBefore(deadline);
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  private boolean told(String title) {
    return told.stream()
        .anyMatch(
            one ->
                one.kind() == NotificationKind.TRIGGERED && one.incident().title().contains(title));
  }

  @Test
  void a_judge_that_throws_at_each_tick_keeps_nobody_from_being_told() throws Exception {
    own = List.of(alert("late"));
    await("the first is told", () -> told("late"));
    trouble = new StackOverflowError("as deep as it gets");
    await("it fails again and again", () -> troubles.get() >= 3);
    others = List.of(alert("full"));
    await("the other is told", () -> told("full"));
    assertThat(told).allMatch(one -> one.kind() == NotificationKind.TRIGGERED);

    trouble = null;
    int before = ticks.get();
    await("judging has recovered", () -> ticks.get() > before);
  }

  @Test
  void alerts_of_others_that_never_cease_to_pour_in_keep_nobody_from_being_told() throws Exception {
    pouring = true;
    own = List.of(alert("late"));
    await("ours is told", () -> told("late"));
    others = List.of(alert("full"));
    await("one of theirs is told", () -> told("full"));
    assertThat(arrived.get()).isGreaterThan(2);
    pouring = false;
    own = List.of(alert("late"), alert("broken"));
    await("and once it is calm", () -> told("broken"));
  }

  @Test
  void ticks_that_fail_do_not_count_as_judging_and_are_not_tried_in_a_frenzy() throws Exception {
    await("it judges", () -> ticks.get() > 0);
    trouble = new StackOverflowError("as deep as it gets");
    await("it fails", () -> troubles.get() > 0);
    Instant failing = Instant.now();
    await("it has been behind for a while", () -> loop.sinceTick().toMillis() >= 500);
    // One each 5 ms at most, and the two at both ends.
    assertThat(troubles.get() - 2L)
        .isLessThanOrEqualTo(Duration.between(failing, Instant.now()).toMillis() / 5 + 1);
  }

  private static OwnHealth behind(Duration behind) {
    return new OwnHealth(
        behind, 0, Duration.ZERO, 0, true, Duration.ZERO, Duration.ZERO, 0, List.of());
  }

  @Test
  void that_judging_hangs_is_told() throws Exception {
    await("it judges", () -> ticks.get() > 0);
    var unused =
        loop.query(
            judge -> {
              try {
                return over.await(50, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
              }
            });
    await("the judge hangs", () -> loop.sinceTick().toMillis() >= 200);
    int before = ticks.get();
    SelfAlerts self = new SelfAlerts();
    Duration behind = Duration.ofMinutes(3);
    self.observe(behind(behind), behind, Instant.now());
    self.observe(behind(behind), behind.plusSeconds(30), Instant.now());
    others = self.firing();
    await("it is told", () -> told("Judging is behind"));
    assertThat(ticks).hasValue(before);
  }

  @Test
  void a_question_that_ends_in_an_error_is_answered_and_judging_goes_on() throws Exception {
    assertThat(
            loop.query(
                    judge -> {
                      throw new NoClassDefFoundError("dev/tidemark/Missing");
                    })
                .toCompletableFuture())
        .failsWithin(Duration.ofSeconds(30))
        .withThrowableOfType(java.util.concurrent.ExecutionException.class)
        .withCauseInstanceOf(NoClassDefFoundError.class);
    int before = ticks.get();
    await("judging goes on", () -> ticks.get() > before);
  }

  @Test
  void when_the_alerts_of_others_cannot_be_read_our_own_are_told_and_theirs_do_not_end()
      throws Exception {
    others = List.of(alert("full"));
    await("theirs is told", () -> told("full"));
    othersFail = new IllegalStateException("unreadable");
    own = List.of(alert("late"));
    await("ours is told", () -> told("late"));
    assertThat(told).allMatch(one -> one.kind() == NotificationKind.TRIGGERED);
  }
}
