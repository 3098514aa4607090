package dev.tidemark.engine.cli;

import dev.tidemark.engine.server.ClusteredServer;
import dev.tidemark.engine.server.ConfigFile;
import dev.tidemark.engine.server.ServerConfig;
import dev.tidemark.engine.server.ServerConfig.ClickHouse;
import dev.tidemark.engine.server.StartupException;
import dev.tidemark.engine.server.TidemarkServer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidemark serve}: the server, until it is told to stop. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = {
      "Takes signals, judges objectives, tells people, shows pages.",
      "Prints 'ready http://…' once it takes signals. Ctrl-C stops it; nothing acknowledged is lost."
    })
public final class ServeCommand implements Callable<Integer> {
  @Option(names = "--config", paramLabel = "FILE", description = "tidemark.yaml")
  private @Nullable Path config;

  @Option(names = "--host", description = "Address to bind to (default 127.0.0.1).")
  private @Nullable String host;

  @Option(
      names = "--port",
      converter = PortConverter.class,
      description = "Pages, API and OTLP/HTTP (default 8080; 0 takes a free one).")
  private @Nullable Integer port;

  @Option(
      names = "--otlp-http-port",
      converter = PortConverter.class,
      description = "OTLP/HTTP beside it (default 4318; -1 for none).")
  private @Nullable Integer otlpHttpPort;

  @Option(
      names = "--otlp-grpc-port",
      converter = PortConverter.class,
      description = "OTLP/gRPC (default 4317; -1 for none).")
  private @Nullable Integer otlpGrpcPort;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Data of the embedded ClickHouse and the spool (default .tidemark).")
  private @Nullable Path dataDir;

  @Option(
      names = "--definitions",
      paramLabel = "PATH",
      description =
          "File or folder of definitions; may be given again. Read again when it changes.")
  private List<Path> definitions = new ArrayList<>();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before call()
  private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    CountDownLatch stopped = new CountDownLatch(1);
    try {
      ServerConfig settings = settings(System.getenv());
      Consumer<String> progress =
          line -> {
            err.println("tidemark: " + line);
            err.flush();
          };
      Consumer<String> announce =
          line -> {
            out.println(line);
            out.flush();
          };
      if (settings.cluster() != null) {
        return serveWithOthers(settings, progress, announce);
      }
      TidemarkServer server = TidemarkServer.start(settings, Clock.systemUTC(), progress);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    server.close();
                    stopped.countDown();
                  },
                  "tidemark-shutdown"));
      announce.accept("ready " + server.baseUrl());
      stopped.await();
      return 0;
    } catch (StartupException e) {
      err.println("tidemark: " + e.getMessage());
      err.flush();
      return 2;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 2;
    }
  }

  private static int serveWithOthers(
      ServerConfig settings, Consumer<String> progress, Consumer<String> announce)
      throws StartupException, InterruptedException {
    ClusteredServer server = ClusteredServer.start(settings, Clock.systemUTC(), progress, announce);
    Runtime.getRuntime().addShutdownHook(new Thread(server::close, "tidemark-shutdown"));
    server.awaitEnd();
    return 0;
  }

  private ServerConfig settings(Map<String, String> environment) throws StartupException {
    ServerConfig.Builder builder = ServerConfig.builder(Path.of(".tidemark"));
    String url = environment.get("TIDEMARK_CLICKHOUSE_URL");
    if (config != null) {
      new ConfigFile(config, environment).applyTo(builder);
    }
    if (url != null && !url.isBlank()) {
      builder.clickHouse(clickHouse(url, environment));
    }
    if (host != null) {
      builder.host(host);
    }
    if (port != null) {
      builder.port(port);
    }
    if (otlpHttpPort != null || otlpGrpcPort != null) {
      builder.otlpPorts(
          otlpHttpPort == null ? 4318 : otlpHttpPort, otlpGrpcPort == null ? 4317 : otlpGrpcPort);
    }
    if (dataDir != null) {
      builder.dataDir(dataDir);
    }
    if (!definitions.isEmpty()) {
      builder.definitions(definitions);
    }
    return builder.build();
  }

  /** Reads the account for a ClickHouse server from the environment. */
  static ClickHouse clickHouse(String url, Map<String, String> environment)
      throws StartupException {
    if (!url.startsWith("jdbc:clickhouse:") && !url.startsWith("jdbc:ch:")) {
      throw new StartupException(
          "TIDEMARK_CLICKHOUSE_URL has to start with jdbc:clickhouse://, such as jdbc:clickhouse://localhost:8123/tidemark");
    }
    return new ClickHouse(
        url,
        environment.getOrDefault("TIDEMARK_CLICKHOUSE_USER", "default"),
        environment.getOrDefault("TIDEMARK_CLICKHOUSE_PASSWORD", ""),
        environment.getOrDefault("TIDEMARK_CLICKHOUSE_CLUSTER", ""));
  }
}
