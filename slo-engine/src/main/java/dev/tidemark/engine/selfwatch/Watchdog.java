package dev.tidemark.engine.selfwatch;

import dev.tidemark.engine.telemetry.EngineMetrics;
import io.prometheus.client.Counter;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs of life to a service that raises the alarm when they cease (a "dead man's switch"). Not
 * thread-safe.
 */
final class Watchdog {
  private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final WatchdogSettings settings;
  private final Clock clock;
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(PATIENCE)
          .followRedirects(HttpClient.Redirect.NORMAL)
          .build();
  private final Counter beats;
  private volatile double lastBeatSeconds;
  private boolean said;

  Watchdog(WatchdogSettings settings, Clock clock, EngineMetrics metrics) {
    this.settings = settings;
    this.clock = clock;
    this.beats =
        Counter.build(
                "tidemark_watchdog_beats_total",
                "Signs of life to the outside: sent, failed to get through, or withheld.")
            .labelNames("outcome")
            .register(metrics.registry());
    for (String outcome : new String[] {"sent", "failed", "withheld"}) {
      beats.labels(outcome).inc(0);
    }
    metrics.gauge(
        "tidemark_watchdog_last_beat_timestamp_seconds",
        "When the last sign of life got through, in seconds since 1970; 0 for never.",
        () -> lastBeatSeconds);
  }

  /** Sends a sign of life. */
  void beat() {
    HttpRequest.Builder request = HttpRequest.newBuilder(settings.url()).timeout(PATIENCE);
    if (settings.post()) {
      request.POST(HttpRequest.BodyPublishers.noBody());
    }
    try {
      int status =
          client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
      if (status >= 200 && status < 300) {
        beats.labels("sent").inc();
        lastBeatSeconds = clock.millis() / 1e3;
        if (said) {
          LOG.info("signs of life reach {} again", settings.address());
        }
        said = false;
      } else {
        failed("it answers " + status);
      }
    } catch (IOException e) {
      // The exception's text may have the address, and so its secret.
      failed(e.getClass().getSimpleName());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void failed(String reason) {
    beats.labels("failed").inc();
    if (!said) {
      LOG.warn("signs of life do not reach {}: {}", settings.address(), reason);
    }
    said = true;
  }

  /** Sends none, so that somebody looks. */
  void withhold(String reason) {
    beats.labels("withheld").inc();
    if (!said) {
      LOG.warn("signs of life to {} are withheld: {}", settings.address(), reason);
    }
    said = true;
  }
}
