package dev.tidemark.engine.selfwatch;

import java.net.URI;
import java.time.Duration;

/**
 * Whom to tell regularly that Tidemark lives. Immutable; shows no more of the address than its
 * host, because whoever knows the rest can send false signs of life.
 *
 * @param url asked each time; an answer from 200 to 299 is good
 * @param every how often
 * @param post whether by POST with an empty body; otherwise by GET
 */
public record WatchdogSettings(URI url, Duration every, boolean post) {
  /** Returns the address without its secrets. */
  public String address() {
    return url.getScheme() + "://" + url.getHost() + "/…";
  }

  @Override
  public String toString() {
    return "WatchdogSettings[" + address() + ", every " + every + "]";
  }
}
