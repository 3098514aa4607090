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
  private final EngineMetrics metrics = new EngineMetrics();
  private final HttpServer outside;
  private final SelfWatch watch;

  SelfWatchTest() throws IOException {
    outside = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    outside.createContext(
        "/",
        exchange -> {
          beats.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
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
