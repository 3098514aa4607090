package dev.tidemark.engine.server;

import dev.tidemark.engine.cluster.ClusterSettings;
import dev.tidemark.engine.cluster.ClusterSettings.Place;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads {@code cluster} of {@code tidemark.yaml}. Stateless; asks for the address of a name. */
final class ClusterSection {
  static final Set<String> KEYS = Set.of("listen", "peers", "secret");

  private ClusterSection() {}

  static ClusterSettings read(SettingsNode cluster) throws StartupException {
    Place listen = place(cluster, cluster.text("listen", ""), "listen");
    List<Place> peers = new ArrayList<>();
    List<?> entries = cluster.list("peers");
    for (int i = 0; i < entries.size(); i++) {
      peers.add(place(cluster, String.valueOf(entries.get(i)), "peers[" + i + "]"));
    }
    if (peers.stream().allMatch(listen::equals)) {
      throw cluster.problem(
          "peers", "has to name at least one other server, such as [10.0.0.2:7800]");
    }
    String secret = cluster.text("secret", "");
    try {
      InetAddress own = InetAddress.getByName(listen.host());
      if (own.isAnyLocalAddress()) {
        throw cluster.problem(
            "listen", "has to be an address by which the others reach this server");
      }
      if (secret.isEmpty() && !own.isLoopbackAddress()) {
        throw cluster.problem(
            "secret",
            "has to be set where others can reach " + listen + ", such as ${CLUSTER_SECRET}");
      }
    } catch (UnknownHostException e) {
      throw cluster.problem("listen", "names the host " + listen.host() + ", which is not known");
    }
    return new ClusterSettings(listen, peers, secret);
  }

  private static Place place(SettingsNode cluster, String text, String key)
      throws StartupException {
    int colon = text.lastIndexOf(':');
    if (colon > 0 && text.substring(colon + 1).matches("\\d{1,5}")) {
      int port = Integer.parseInt(text.substring(colon + 1));
      if (port >= 1 && port <= 65_535) {
        return new Place(text.substring(0, colon).replaceAll("^\\[|]$", ""), port);
      }
    }
    throw cluster.problem(
        key, "has to be a host and a port from 1 to 65535, such as 10.0.0.1:7800");
  }
}
