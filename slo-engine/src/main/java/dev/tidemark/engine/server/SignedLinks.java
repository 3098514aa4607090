package dev.tidemark.engine.server;

import dev.tidemark.engine.links.LinkSigner;
import dev.tidemark.engine.links.RefusedLinks;
import dev.tidemark.engine.telemetry.EngineMetrics;
import java.time.Clock;

/**
 * Links and calendar addresses that let in whoever has them.
 *
 * @param signer makes and checks them
 * @param refused which were none
 */
record SignedLinks(LinkSigner signer, RefusedLinks refused) {
  /**
   * Counts and writes down what is refused.
   *
   * @param clock engine time
   */
  static SignedLinks of(LinkSigner signer, Clock clock, AuditLog audit, EngineMetrics metrics) {
    RefusedLinks refused = new RefusedLinks(clock, audit::note);
    metrics.counters(
        "tidemark_links_refused",
        "Signed links and calendar addresses that were refused since the start.",
        "reason",
        refused::counts);
    return new SignedLinks(signer, refused);
  }
}
