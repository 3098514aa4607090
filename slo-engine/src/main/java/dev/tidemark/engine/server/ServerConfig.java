package dev.tidemark.engine.server;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tidemark.alerting.IncidentSettings;
import dev.tidemark.engine.cluster.ClusterSettings;
import dev.tidemark.engine.selfwatch.WatchdogSettings;
import dev.tidemark.engine.server.Access.Token;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server needs to know before it starts. Immutable.
 *
 * @param listen addresses and ports
 * @param dataDir for the embedded ClickHouse, the spool and the lock
 * @param definitions files and folders
 * @param clickHouse a server's JDBC URL and account, or null for the embedded engine
 * @param tokens who may do what; none means loopback only
 * @param baseUrl how people reach the pages, for links in messages; empty derives it
 * @param judgingDelay how long after its end a slice waits for signals under way (engine time)
 * @param catalogEvery how often the catalogue is counted (engine time)
 * @param incidents when incidents end and come back (engine time)
 * @param cluster how servers on one ClickHouse find each other, or null for a single server
 * @param watchdog whom to tell regularly that Tidemark lives, or null for nobody
 * @param notice a line shown on every page, or empty
 */
public record ServerConfig(
    Listen listen,
    Path dataDir,
    List<Path> definitions,
    @Nullable ClickHouse clickHouse,
    List<Token> tokens,
    String baseUrl,
    Duration judgingDelay,
    Duration catalogEvery,
    IncidentSettings incidents,
    @Nullable ClusterSettings cluster,
    @Nullable WatchdogSettings watchdog,
    String notice) {

  /** Copies the lists. */
  public ServerConfig {
    definitions = List.copyOf(definitions);
    tokens = List.copyOf(tokens);
  }

  /**
   * Where the server listens. Port 0 takes a free one, -1 leaves a port out.
   *
   * @param host to bind to; without tokens only a loopback address is taken
   * @param port for pages, API and OTLP/HTTP
   * @param otlpHttpPort the usual OTLP/HTTP port beside it
   * @param otlpGrpcPort OTLP/gRPC
   */
  public record Listen(String host, int port, int otlpHttpPort, int otlpGrpcPort) {}

  /**
   * A ClickHouse server or cluster. The password never shows.
   *
   * @param jdbcUrl {@code jdbc:clickhouse://…}
   * @param user account
   * @param password may be empty
   * @param cluster name for Replicated and Distributed tables, or empty
   */
  public record ClickHouse(String jdbcUrl, String user, String password, String cluster) {
    @Override
    public String toString() {
      return "ClickHouse[" + jdbcUrl.replaceAll("(?i)password=[^&]*", "password=…") + "]";
    }
  }

  /** Starts from the defaults of {@code tidemark serve}. */
  public static Builder builder(Path dataDir) {
    return new Builder(dataDir);
  }

  /**
   * Collects settings from defaults, file, environment and command line, the later ones winning.
   */
  public static final class Builder {
    private String host = "127.0.0.1";
    private int port = 8080;
    private int otlpHttpPort = 4318;
    private int otlpGrpcPort = 4317;
    private Path dataDir;
    private List<Path> definitions = List.of();
    private @Nullable ClickHouse clickHouse;
    private List<Token> tokens = List.of();
    private String baseUrl = "";
    private Duration judgingDelay = Duration.ofSeconds(5);
    private Duration catalogEvery = Duration.ofHours(1);
    private IncidentSettings incidents = IncidentSettings.DEFAULT;
    private @Nullable ClusterSettings cluster;
    private @Nullable WatchdogSettings watchdog;
    private String notice = "";

    private Builder(Path dataDir) {
      this.dataDir = dataDir;
    }

    /** See {@link Listen#host()}. */
    @CanIgnoreReturnValue
    public Builder host(String host) {
      this.host = host;
      return this;
    }

    /** See {@link Listen#port()}. */
    @CanIgnoreReturnValue
    public Builder port(int port) {
      this.port = port;
      return this;
    }

    /** See {@link Listen#otlpHttpPort()} and {@link Listen#otlpGrpcPort()}. */
    @CanIgnoreReturnValue
    public Builder otlpPorts(int http, int grpc) {
      this.otlpHttpPort = http;
      this.otlpGrpcPort = grpc;
      return this;
    }

    /** See {@link ServerConfig#dataDir()}. */
    @CanIgnoreReturnValue
    public Builder dataDir(Path dataDir) {
      this.dataDir = dataDir;
      return this;
    }

    /** See {@link ServerConfig#definitions()}. */
    @CanIgnoreReturnValue
    public Builder definitions(List<Path> definitions) {
      this.definitions = List.copyOf(definitions);
      return this;
    }

    /** See {@link ServerConfig#clickHouse()}. */
    @CanIgnoreReturnValue
    public Builder clickHouse(@Nullable ClickHouse clickHouse) {
      this.clickHouse = clickHouse;
      return this;
    }

    /** See {@link ServerConfig#tokens()}. */
    @CanIgnoreReturnValue
    public Builder tokens(List<Token> tokens) {
      this.tokens = List.copyOf(tokens);
      return this;
    }

    /** See {@link ServerConfig#baseUrl()}. */
    @CanIgnoreReturnValue
    public Builder baseUrl(String baseUrl) {
      this.baseUrl = baseUrl;
      return this;
    }

    /** See {@link ServerConfig#judgingDelay()}. */
    @CanIgnoreReturnValue
    public Builder judgingDelay(Duration judgingDelay) {
      this.judgingDelay = judgingDelay;
      return this;
    }

    /** See {@link ServerConfig#catalogEvery()}. */
    @CanIgnoreReturnValue
    public Builder catalogEvery(Duration catalogEvery) {
      this.catalogEvery = catalogEvery;
      return this;
    }

    /** See {@link ServerConfig#incidents()}. */
    @CanIgnoreReturnValue
    public Builder incidents(IncidentSettings incidents) {
      this.incidents = incidents;
      return this;
    }

    /** See {@link ServerConfig#cluster()}. */
    @CanIgnoreReturnValue
    public Builder cluster(ClusterSettings cluster) {
      this.cluster = cluster;
      return this;
    }

    /** See {@link ServerConfig#watchdog()}. */
    @CanIgnoreReturnValue
    public Builder watchdog(WatchdogSettings watchdog) {
      this.watchdog = watchdog;
      return this;
    }

    /** See {@link ServerConfig#notice()}. */
    @CanIgnoreReturnValue
    public Builder notice(String notice) {
      this.notice = notice;
      return this;
    }

    /** Returns the settings as they stand. */
    public ServerConfig build() {
      return new ServerConfig(
          new Listen(host, port, otlpHttpPort, otlpGrpcPort),
          dataDir,
          definitions,
          clickHouse,
          tokens,
          baseUrl,
          judgingDelay,
          catalogEvery,
          incidents,
          cluster,
          watchdog,
          notice);
    }
  }
}
