package dev.tidemark.engine.server;

import dev.tidemark.engine.selfwatch.WatchdogSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Set;

/** Reads {@code watchdog} of {@code tidemark.yaml}. Stateless. */
final class WatchdogSection {
  static final Set<String> KEYS = Set.of("url", "every", "method");

  private WatchdogSection() {}

  static WatchdogSettings read(SettingsNode watchdog) throws StartupException {
    String method = watchdog.text("method", "GET");
    if (!method.equals("GET") && !method.equals("POST")) {
      throw watchdog.problem("method", "has to be GET or POST");
    }
    Duration every =
        watchdog.length(
            "every",
            "1m",
            length -> length.toSeconds() >= 1 && length.toHours() < 24,
            "has to be a duration from 1s to 24h, such as 1m");
    try {
      URI url = new URI(watchdog.text("url", ""));
      if (url.getHost() != null
          && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
        return new WatchdogSettings(url, every, method.equals("POST"));
      }
    } catch (URISyntaxException e) {
      // Said below without the text, which may be secret.
    }
    throw watchdog.problem("url", "has to be an address that begins with https:// or http://");
  }
}
