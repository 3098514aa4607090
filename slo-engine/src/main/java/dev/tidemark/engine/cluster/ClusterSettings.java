package dev.tidemark.engine.cluster;

import java.util.List;

/**
 * How servers find each other. Immutable; the secret never shows.
 *
 * @param listen where this one is reached by the others, over TCP
 * @param peers the others; naming this one too is harmless
 * @param secret shared by all of them, from which the key is made that encrypts what they say to
 *     each other; empty only on loopback
 */
public record ClusterSettings(Place listen, List<Place> peers, String secret) {
  /** Copies the list. */
  public ClusterSettings {
    peers = List.copyOf(peers);
  }

  /**
   * An address.
   *
   * @param host name or IP address
   * @param port 1 to 65535
   */
  public record Place(String host, int port) {
    @Override
    public String toString() {
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  @Override
  public String toString() {
    return "ClusterSettings[" + listen + ", peers " + peers + "]";
  }
}
