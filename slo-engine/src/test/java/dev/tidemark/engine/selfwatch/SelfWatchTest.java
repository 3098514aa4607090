package dev.tidemark.engine.selfwatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.tidemark.engine.telemetry.EngineMetrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Signs of life reach somebody outside while they are true, and only then. */
@Timeout(60)
class SelfWatchTest {
  private final List<String> beats = new CopyOnWriteArrayList<>();
  private final AtomicInteger status = new AtomicInteger(200);
  private final AtomicBoolean inOffice = new AtomicBoolean(true);
  private final AtomicBoolean diskFull = new AtomicBoolean();
  private final AtomicReference<Duration> behind = new AtomicReference<>(Duration.ofSeconds(1));
  private final AtomicReference<Duration> courier = new AtomicReference<>(Duration.ofSeconds(119));
  private volatile String location = "";
  private long nanos = 5;
  private volatile Optional<Instant> page = Optional.empty();
  private final EngineMetrics metrics = new EngineMetrics();
  private final HttpServer outside;
  private final SelfWatch watch;

  SelfWatchTest() throws IOException {
    outside = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    outside.createContext(
        "/",
        exchange -> {
          beats.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
          String elsewhere = location;
          if (!elsewhere.isEmpty()) {
            exchange.getResponseHeaders().add("Location", elsewhere);
          }
          exchange.sendResponseHeaders(status.get(), -1);
          exchange.close();
        });
    outside.start();
    URI url = URI.create("http://127.0.0.1:" + outside.getAddress().getPort() + "/ping/hunter2");
    watch =
        new SelfWatch(
            new SelfAlerts(),
            new SelfWatch.Sources(
                behind::get,
                () -> 0,
                Optional::empty,
                () -> 0,
                () -> page,
                () -> Duration.ZERO,
                () -> 0,
                List.of(
                    new Pulse("the teller", () -> Duration.ZERO, Duration.ofMinutes(2)),
                    new Pulse("the courier", courier::get, Duration.ofMinutes(2))),
                () -> {},
                () -> {
                  if (diskFull.get()) {
                    throw new IllegalStateException("no room");
                  }
                }),
            inOffice::get,
            new WatchdogSettings(url, Duration.ofMillis(20), true),
            Clock.systemUTC(),
            metrics);
  }

  @AfterEach
  void stop() {
    watch.close();
    outside.stop(0);
  }

  private double counted(String outcome) {
    return metrics
        .registry()
        .getSampleValue(
            "tidemark_watchdog_beats_total", new String[] {"outcome"}, new String[] {outcome});
  }

  private void awaitMore(String outcome) throws InterruptedException {
    double before = counted(outcome);
    while (counted(outcome) < before + 3) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  @Test
  void a_live_leader_beats() throws Exception {
    watch.start();
    awaitMore("sent");
    assertThat(beats).contains("POST /ping/hunter2");
    assertThat(metrics.exposition()).contains("tidemark_watchdog_last_beat_timestamp_seconds 1.");
  }

  @Test
  void an_answer_of_trouble_is_counted_and_tried_again() throws Exception {
    status.set(500);
    watch.start();
    awaitMore("failed");
    assertThat(counted("sent")).isZero();
    status.set(204);
    awaitMore("sent");
  }

  @Test
  void who_does_not_lead_or_judge_or_cannot_write_sends_no_sign_of_life() throws Exception {
    inOffice.set(false);
    watch.start();
    awaitMore("withheld");
    inOffice.set(true);
    awaitMore("sent");
    behind.set(SelfWatch.LIVE);
    awaitMore("withheld");
    behind.set(SelfWatch.LIVE.minusSeconds(1));
    awaitMore("sent");
    diskFull.set(true);
    awaitMore("withheld");
  }

  @Test
  void a_courier_that_was_not_seen_at_work_for_two_minutes_silences_the_signs_of_life()
      throws Exception {
    watch.start();
    awaitMore("sent");
    courier.set(Duration.ofMinutes(2));
    awaitMore("withheld");
    courier.set(Duration.ofSeconds(3));
    awaitMore("sent");
  }

  @Test
  void a_page_that_reached_nobody_for_a_quarter_of_an_hour_silences_them_too() {
    Instant decided = Instant.parse("2026-03-01T12:00:00Z");
    SelfWatch.Waiting waiting = new SelfWatch.Waiting(() -> nanos);
    assertThat(waiting.since(Optional.of(decided))).isZero();
    nanos += SelfWatch.PAGE_WAITS.toNanos();
    assertThat(waiting.since(Optional.of(decided))).isEqualTo(SelfWatch.PAGE_WAITS);
    OwnHealth health =
        new OwnHealth(
            Duration.ZERO,
            0,
            Duration.ZERO,
            0,
            true,
            waiting.since(Optional.of(decided)),
            Duration.ZERO,
            0,
            List.of());
    assertThat(SelfWatch.withheldFor(health)).contains("a page has reached nobody for 15 min");
    // The next one has not waited yet.
    assertThat(waiting.since(Optional.of(decided.plusSeconds(1)))).isZero();
    assertThat(waiting.since(Optional.empty())).isZero();
  }

  @Test
  void a_redirect_is_not_followed() throws Exception {
    location = "/elsewhere";
    status.set(307);
    watch.start();
    awaitMore("failed");
    assertThat(beats).allMatch(beat -> beat.equals("POST /ping/hunter2"));
    assertThat(counted("sent")).isZero();
  }

  @Test
  void an_address_where_clouds_keep_credentials_is_not_asked() {
    EngineMetrics own = new EngineMetrics();
    Watchdog dog =
        new Watchdog(
            new WatchdogSettings(
                URI.create("http://169.254.169.254/latest"), Duration.ofMinutes(1), false),
            Clock.systemUTC(),
            own);
    dog.beat();
    assertThat(
            own.registry()
                .getSampleValue(
                    "tidemark_watchdog_beats_total",
                    new String[] {"outcome"},
                    new String[] {"failed"}))
        .isEqualTo(1);
  }

  @Test
  void settings_show_no_more_of_the_address_than_its_host() {
    WatchdogSettings settings =
        new WatchdogSettings(
            URI.create("https://user:pw@hc.example.org/hunter2?key=abc"),
            Duration.ofMinutes(1),
            false);
    assertThat(settings.toString())
        .contains("https://hc.example.org/…")
        .doesNotContain("hunter2", "pw", "abc");
  }
}
