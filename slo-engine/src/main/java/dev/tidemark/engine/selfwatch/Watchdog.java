package dev.tidemark.engine.selfwatch;

import dev.tidemark.alerting.notify.http.AddressRules;
import dev.tidemark.alerting.notify.http.RefusedAddressException;
import dev.tidemark.engine.telemetry.EngineMetrics;
import io.prometheus.client.Counter;
import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
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
  private static final AddressRules RULES = new AddressRules(true);

  private final WatchdogSettings settings;
  private final Clock clock;
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(PATIENCE)
          // The address is a secret of one host; where that one would send us is not looked at.
          .followRedirects(HttpClient.Redirect.NEVER)
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
      if (direct()) {
        var unused = RULES.resolve(settings.url().getHost());
      }
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
    } catch (RefusedAddressException e) {
      failed(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      // The exception's text may have the address, and so its secret.
      failed(e.getClass().getSimpleName());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A proxy resolves the name itself. */
  private boolean direct() {
    ProxySelector proxies = ProxySelector.getDefault();
    return proxies == null
        || proxies.select(settings.url()).stream().allMatch(one -> one.type() == Proxy.Type.DIRECT);
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
