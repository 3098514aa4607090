package dev.tidemark.engine.server;

import dev.tidemark.alerting.IncidentSettings;
import dev.tidemark.engine.server.ServerConfig.ClickHouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    apply(SettingsNode.of(file, environment, document, KEYS), builder);
  }

  private void apply(SettingsNode root, ServerConfig.Builder builder) throws StartupException {
    if (root.has("listen")) {
      SettingsNode listen =
          root.map("listen", Set.of("host", "port", "otlpHttpPort", "otlpGrpcPort"));
      builder.host(listen.text("host", "127.0.0.1"));
      builder.port(port(listen, "port", 8080));
      builder.otlpPorts(port(listen, "otlpHttpPort", 4318), port(listen, "otlpGrpcPort", 4317));
    }
    Path folder = file.toAbsolutePath().resolveSibling(".").normalize();
    if (root.has("dataDir")) {
      builder.dataDir(folder.resolve(root.text("dataDir", "")));
    }
    if (root.has("definitions")) {
      List<Path> paths = new ArrayList<>();
      for (Object path : root.list("definitions")) {
        paths.add(folder.resolve(path.toString()));
      }
      builder.definitions(paths);
    }
    builder.baseUrl(root.text("baseUrl", ""));
    if (root.has("catalogEvery")) {
      builder.catalogEvery(
          root.length(
              "catalogEvery",
              "",
              length -> length.toSeconds() >= 1,
              "has to be a duration of 1s or more, such as 1h"));
    }
    if (root.has("incidents")) {
      builder.incidents(incidents(root.map("incidents", Set.of("resolveHold", "reopenWindow"))));
    }
    if (root.has("clickhouse")) {
      builder.clickHouse(
          clickHouse(root.map("clickhouse", Set.of("url", "user", "password", "cluster"))));
    }
    if (root.has("cluster")) {
      builder.cluster(ClusterSection.read(root.map("cluster", ClusterSection.KEYS)));
    }
    if (root.has("watchdog")) {
      builder.watchdog(WatchdogSection.read(root.map("watchdog", WatchdogSection.KEYS)));
    }
    if (root.has("tokens")) {
      builder.tokens(TokensSection.read(root));
    }
  }

  private static int port(SettingsNode listen, String key, int otherwise) throws StartupException {
    Object value = listen.value(key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Integer port && port >= -1 && port <= 65535) {
      return port;
    }
    throw listen.problem(key, "has to be a port from 0 (any free one) to 65535, or -1 for none");
  }

  private static IncidentSettings incidents(SettingsNode incidents) throws StartupException {
    return new IncidentSettings(
        hold(incidents, "resolveHold", IncidentSettings.DEFAULT.resolveHold()),
        hold(incidents, "reopenWindow", IncidentSettings.DEFAULT.reopenWindow()));
  }

  private static Duration hold(SettingsNode incidents, String key, Duration otherwise)
      throws StartupException {
    return incidents.has(key)
        ? incidents.length(
            key, "", length -> length.toHours() < 24, "has to be a duration below 24h, such as 2m")
        : otherwise;
  }

  private static ClickHouse clickHouse(SettingsNode clickHouse) throws StartupException {
    String url = clickHouse.text("url", "");
    if (!url.startsWith("jdbc:clickhouse:") && !url.startsWith("jdbc:ch:")) {
      throw clickHouse.problem("url", "has to start with jdbc:clickhouse://");
    }
    return new ClickHouse(
        url,
        clickHouse.text("user", "default"),
        clickHouse.text("password", ""),
        clickHouse.text("cluster", ""));
  }
}
