package dev.tidemark.engine.server;

import dev.tidemark.engine.cluster.ClusterSettings;
import dev.tidemark.engine.links.LinkKey;
import dev.tidemark.engine.links.SharedLinkKey;
import dev.tidemark.engine.store.Documents;
import java.io.IOException;
import java.time.Instant;

/** Which key links are signed with: the own one, or the one of all servers. */
final class SigningKey {
  private static final String PURPOSE = "tidemark links";

  private SigningKey() {}

  /**
   * Reads the key, or makes it.
   *
   * @param shared what all servers read and write
   */
  static byte[] of(ServerConfig config, Documents shared) throws StartupException {
    ClusterSettings cluster = config.cluster();
    try {
      byte[] own = LinkKey.load(config.dataDir().resolve("links.key"));
      return cluster == null
          ? own
          : SharedLinkKey.agree(shared, cluster.key(PURPOSE), own, Instant.now());
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /** Refuses a secret that is not that of the other servers before this one ever leads. */
  static void check(ClusterSettings cluster, Documents shared) throws StartupException {
    try {
      Object unused = SharedLinkKey.read(shared, cluster.key(PURPOSE));
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  private static StartupException unusable(IOException e) {
    return new StartupException("the key of signed links: " + e.getMessage(), e);
  }
}
