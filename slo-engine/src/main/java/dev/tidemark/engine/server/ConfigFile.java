package dev.tidemark.engine.server;

import dev.tidemark.alerting.IncidentSettings;
import dev.tidemark.engine.cluster.ClusterSettings;
import dev.tidemark.engine.cluster.ClusterSettings.Place;
import dev.tidemark.engine.definition.Durations;
import dev.tidemark.engine.selfwatch.WatchdogSettings;
import dev.tidemark.engine.server.Access.Scope;
import dev.tidemark.engine.server.Access.Token;
import dev.tidemark.engine.server.ServerConfig.ClickHouse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads {@code tidemark.yaml}. Secrets are written as {@code ${NAME}} and taken from the
 * environment.
 *
 * <pre>
 * listen: {host: 127.0.0.1, port: 8080, otlpHttpPort: 4318, otlpGrpcPort: 4317}
 * dataDir: /var/lib/tidemark
 * definitions: [definitions]
 * baseUrl: https://tidemark.example.org
 * catalogEvery: 1h
 * incidents: {resolveHold: 2m, reopenWindow: 30m}
 * clickhouse: {url: "jdbc:clickhouse://host:8123/tidemark", user: tidemark, password: "${CH}", cluster: main}
 * cluster: {listen: "10.0.0.1:7800", peers: ["10.0.0.2:7800"], secret: "${CLUSTER_SECRET}"}
 * watchdog: {url: "${WATCHDOG_URL}", every: 1m, method: GET}
 * tokens:
 *   - {name: pipelines, secret: "${INGEST_TOKEN}", scopes: [ingest]}
 * </pre>
 */
public final class ConfigFile {
  private static final Set<String> KEYS =
      Set.of(
          "listen",
          "dataDir",
          "definitions",
          "baseUrl",
          "clickhouse",
          "cluster",
          "watchdog",
          "tokens",
          "catalogEvery",
          "incidents");

  private final Path file;
  private final Map<String, String> environment;

  /**
   * Names the file and the environment for {@code ${NAME}}.
   *
   * @param file tidemark.yaml
   * @param environment usually {@link System#getenv()}
   */
  public ConfigFile(Path file, Map<String, String> environment) {
    this.file = file;
    this.environment = Map.copyOf(environment);
  }

  /**
   * Lays the file's settings over the builder's.
   *
   * @throws StartupException naming the file, the setting and the way out
   */
  public void applyTo(ServerConfig.Builder builder) throws StartupException {
    Object document;
    try {
      String text = Files.readString(file);
      document =
          new Load(LoadSettings.builder().setLabel(file.toString()).build()).loadFromString(text);
    } catch (NoSuchFileException e) {
      throw new StartupException(file + " does not exist", e);
    } catch (IOException e) {
      throw new StartupException("cannot read " + file + ": " + e.getMessage(), e);
    } catch (MarkedYamlEngineException e) {
      String place =
          e.getProblemMark()
              .map(mark -> ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1))
              .orElse("");
      throw new StartupException(file + place + " is not YAML: " + e.getProblem(), e);
    } catch (YamlEngineException e) {
      throw new StartupException(file + " is not valid YAML: " + e.getMessage(), e);
    }
    if (document == null) {
      return;
    }
    Map<?, ?> root = map(document, "the file");
    refuseUnknown(root, KEYS, "");
    if (root.containsKey("listen")) {
      Map<?, ?> listen = map(root.get("listen"), "listen");
      refuseUnknown(listen, Set.of("host", "port", "otlpHttpPort", "otlpGrpcPort"), "listen.");
      builder.host(text(listen, "host", "127.0.0.1", "listen."));
      builder.port(port(listen, "port", 8080));
      builder.otlpPorts(port(listen, "otlpHttpPort", 4318), port(listen, "otlpGrpcPort", 4317));
    }
    Path folder = file.toAbsolutePath().resolveSibling(".").normalize();
    if (root.containsKey("dataDir")) {
      builder.dataDir(folder.resolve(text(root, "dataDir", "", "")));
    }
    if (root.containsKey("definitions")) {
      List<Path> paths = new ArrayList<>();
      for (Object path : list(root.get("definitions"), "definitions")) {
        paths.add(folder.resolve(path.toString()));
      }
      builder.definitions(paths);
    }
    builder.baseUrl(text(root, "baseUrl", "", ""));
    if (root.containsKey("catalogEvery")) {
      String every = text(root, "catalogEvery", "", "");
      builder.catalogEvery(
          Durations.parse(every)
              .filter(length -> length.toSeconds() >= 1)
              .orElseThrow(
                  () -> problem("catalogEvery", "has to be a duration of 1s or more, such as 1h")));
    }
    if (root.containsKey("incidents")) {
      builder.incidents(incidents(map(root.get("incidents"), "incidents")));
    }
    if (root.containsKey("clickhouse")) {
      Map<?, ?> clickHouse = map(root.get("clickhouse"), "clickhouse");
      refuseUnknown(clickHouse, Set.of("url", "user", "password", "cluster"), "clickhouse.");
      String url = text(clickHouse, "url", "", "clickhouse.");
      if (!url.startsWith("jdbc:clickhouse:") && !url.startsWith("jdbc:ch:")) {
        throw problem("clickhouse.url", "has to start with jdbc:clickhouse://");
      }
      builder.clickHouse(
          new ClickHouse(
              url,
              text(clickHouse, "user", "default", "clickhouse."),
              text(clickHouse, "password", "", "clickhouse."),
              text(clickHouse, "cluster", "", "clickhouse.")));
    }
    if (root.containsKey("cluster")) {
      builder.cluster(cluster(map(root.get("cluster"), "cluster")));
    }
    if (root.containsKey("watchdog")) {
      builder.watchdog(watchdog(map(root.get("watchdog"), "watchdog")));
    }
    if (root.containsKey("tokens")) {
      builder.tokens(tokens(list(root.get("tokens"), "tokens")));
    }
  }

  private IncidentSettings incidents(Map<?, ?> incidents) throws StartupException {
    refuseUnknown(incidents, Set.of("resolveHold", "reopenWindow"), "incidents.");
    return new IncidentSettings(
        length(incidents, "resolveHold", IncidentSettings.DEFAULT.resolveHold()),
        length(incidents, "reopenWindow", IncidentSettings.DEFAULT.reopenWindow()));
  }

  private Duration length(Map<?, ?> incidents, String key, Duration otherwise)
      throws StartupException {
    if (!incidents.containsKey(key)) {
      return otherwise;
    }
    return Durations.parse(text(incidents, key, "", "incidents."))
        .filter(length -> length.toHours() < 24)
        .orElseThrow(
            () -> problem("incidents." + key, "has to be a duration below 24h, such as 2m"));
  }

  private ClusterSettings cluster(Map<?, ?> cluster) throws StartupException {
    refuseUnknown(cluster, Set.of("listen", "peers", "secret"), "cluster.");
    Place listen = place(text(cluster, "listen", "", "cluster."), "cluster.listen");
    List<Place> peers = new ArrayList<>();
    List<?> entries = list(cluster.get("peers"), "cluster.peers");
    for (int i = 0; i < entries.size(); i++) {
      peers.add(place(String.valueOf(entries.get(i)), "cluster.peers[" + i + "]"));
    }
    if (peers.stream().allMatch(listen::equals)) {
      throw problem(
          "cluster.peers", "has to name at least one other server, such as [10.0.0.2:7800]");
    }
    String secret = text(cluster, "secret", "", "cluster.");
    try {
      InetAddress own = InetAddress.getByName(listen.host());
      if (own.isAnyLocalAddress()) {
        throw problem(
            "cluster.listen", "has to be an address by which the others reach this server");
      }
      if (secret.isEmpty() && !own.isLoopbackAddress()) {
        throw problem(
            "cluster.secret",
            "has to be set where others can reach " + listen + ", such as ${CLUSTER_SECRET}");
      }
    } catch (UnknownHostException e) {
      throw problem("cluster.listen", "names the host " + listen.host() + ", which is not known");
    }
    return new ClusterSettings(listen, peers, secret);
  }

  private Place place(String text, String setting) throws StartupException {
    int colon = text.lastIndexOf(':');
    if (colon > 0 && text.substring(colon + 1).matches("\\d{1,5}")) {
      int port = Integer.parseInt(text.substring(colon + 1));
      if (port >= 1 && port <= 65_535) {
        return new Place(text.substring(0, colon).replaceAll("^\\[|]$", ""), port);
      }
    }
    throw problem(setting, "has to be a host and a port from 1 to 65535, such as 10.0.0.1:7800");
  }

  private WatchdogSettings watchdog(Map<?, ?> watchdog) throws StartupException {
    refuseUnknown(watchdog, Set.of("url", "every", "method"), "watchdog.");
    String method = text(watchdog, "method", "GET", "watchdog.");
    if (!method.equals("GET") && !method.equals("POST")) {
      throw problem("watchdog.method", "has to be GET or POST");
    }
    Duration every =
        Durations.parse(text(watchdog, "every", "1m", "watchdog."))
            .filter(length -> length.toSeconds() >= 1 && length.toHours() < 24)
            .orElseThrow(
                () -> problem("watchdog.every", "has to be a duration from 1s to 24h, such as 1m"));
    try {
      URI url = new URI(text(watchdog, "url", "", "watchdog."));
      if (url.getHost() != null
          && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
        return new WatchdogSettings(url, every, method.equals("POST"));
      }
    } catch (URISyntaxException e) {
      // Said below without the text, which may be secret.
    }
    throw problem("watchdog.url", "has to be an address that begins with https:// or http://");
  }

  private List<Token> tokens(List<?> entries) throws StartupException {
    List<Token> tokens = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      String place = "tokens[" + i + "]";
      Map<?, ?> entry = map(entries.get(i), place);
      refuseUnknown(entry, Set.of("name", "secret", "scopes"), place + ".");
      Set<Scope> scopes = EnumSet.noneOf(Scope.class);
      try {
        for (Object scope : list(entry.get("scopes"), place + ".scopes")) {
          scopes.add(Scope.parse(scope.toString()));
        }
        tokens.add(
            new Token(
                text(entry, "name", "token " + i, place + "."),
                text(entry, "secret", "", place + "."),
                scopes));
      } catch (IllegalArgumentException e) {
        throw problem(place, e.getMessage());
      }
    }
    return tokens;
  }

  private StartupException problem(String setting, @Nullable String message) {
    return new StartupException(file + ": " + setting + " " + message);
  }

  private Map<?, ?> map(@Nullable Object value, String setting) throws StartupException {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw problem(setting, "has to be a map of settings");
  }

  private List<?> list(@Nullable Object value, String setting) throws StartupException {
    if (value instanceof List<?> list) {
      return list;
    }
    throw problem(setting, "has to be a list");
  }

  private void refuseUnknown(Map<?, ?> map, Set<String> known, String prefix)
      throws StartupException {
    for (Object key : map.keySet()) {
      if (!known.contains(String.valueOf(key))) {
        throw problem(
            prefix + key,
            "is not a setting; known are " + String.join(", ", known.stream().sorted().toList()));
      }
    }
  }

  private int port(Map<?, ?> map, String key, int otherwise) throws StartupException {
    Object value = map.get(key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Integer port && port >= -1 && port <= 65535) {
      return port;
    }
    throw problem(
        "listen." + key, "has to be a port from 0 (any free one) to 65535, or -1 for none");
  }

  private String text(Map<?, ?> map, String key, String otherwise, String prefix)
      throws StartupException {
    Object value = map.get(key);
    if (value == null) {
      return otherwise;
    }
    String text = value.toString();
    if (text.startsWith("${") && text.endsWith("}")) {
      String name = text.substring(2, text.length() - 1);
      String found = environment.get(name);
      if (found == null) {
        throw problem(
            prefix + key, "wants the environment variable " + name + ", which is not set");
      }
      return found;
    }
    return text;
  }
}
