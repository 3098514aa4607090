package dev.tidemark.engine.server;

import dev.tidemark.engine.embedded.EmbeddedClickHouse;
import dev.tidemark.engine.embedded.NpmPackage;
import dev.tidemark.engine.server.ServerConfig.ClickHouse;
import dev.tidemark.engine.store.clickhouse.ClickHouseConnections;
import dev.tidemark.engine.store.clickhouse.Migrations;
import dev.tidemark.engine.store.clickhouse.StoreException;
import dev.tidemark.engine.store.local.LocalDocuments;
import dev.tidemark.engine.store.local.LocalStoreException;
import dev.tidemark.engine.store.spool.Spool;
import java.io.IOException;
import java.nio.file.Files;
import java.util.function.Consumer;

/** Opens the stores; what is in the way is said in one sentence, with the way out. */
final class StoreOpening {
  private static final long SPOOL_BYTES = 4L << 30;
  private static final int SIGNAL_DAYS = 30;
  private static final int OBJECTIVE_DAYS = 400;

  private StoreOpening() {}

  /** Starts a ClickHouse of this process in its data folder. */
  static EmbeddedClickHouse startEmbedded(ServerConfig config, Consumer<String> progress)
      throws StartupException {
    try {
      makeFolder(config);
      return EmbeddedClickHouse.start(
          config.dataDir().resolve("clickhouse"), NpmPackage.userCache(), progress);
    } catch (IOException e) {
      throw unusable(config, e);
    } catch (NpmPackage.UnavailableException | IllegalArgumentException | IllegalStateException e) {
      throw new StartupException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Opens the way to a ClickHouse and brings its layout up to date. */
  static ClickHouseConnections connect(ServerConfig config, ClickHouse server)
      throws StartupException {
    ClickHouseConnections connections;
    try {
      makeFolder(config);
      connections = new ClickHouseConnections(server.jdbcUrl(), server.user(), server.password());
    } catch (IOException e) {
      throw unusable(config, e);
    } catch (IllegalArgumentException e) {
      throw new StartupException(String.valueOf(e.getMessage()), e);
    }
    try {
      connections.ensureDatabase(server.cluster());
      new Migrations(server.cluster(), SIGNAL_DAYS, OBJECTIVE_DAYS).apply(connections);
      return connections;
    } catch (StoreException e) {
      connections.close();
      throw new StartupException(sentence(e, config), e);
    } catch (IllegalArgumentException | IllegalStateException e) {
      connections.close();
      throw new StartupException(String.valueOf(e.getMessage()), e);
    }
  }

  private static void makeFolder(ServerConfig config) throws IOException {
    Files.createDirectories(config.dataDir());
  }

  private static StartupException unusable(ServerConfig config, IOException e) {
    return new StartupException(
        "cannot use the data folder " + config.dataDir() + ": " + e.getMessage(), e);
  }

  private static String sentence(StoreException e, ServerConfig config) {
    ClickHouse server = config.clickHouse();
    if (e.diskFull()) {
      return (server == null ? "the disk of " + config.dataDir() : "ClickHouse's disk")
          + " is full; make room, or choose another folder with --data-dir";
    }
    if (server != null && e.unreachable()) {
      return "no ClickHouse answers at " + address(server) + "; start it, or mend the address";
    }
    if (server != null && e.unauthenticated()) {
      return "ClickHouse at "
          + address(server)
          + " does not know the user '"
          + server.user()
          + "' with this password";
    }
    return "ClickHouse does not take the schema: " + e.getMessage();
  }

  /** Without what may be secret: an account before the host, parameters behind the path. */
  private static String address(ClickHouse server) {
    return server.jdbcUrl().replaceFirst("//[^/@]*@", "//").replaceFirst("\\?.*", "");
  }

  static LocalDocuments documents(ServerConfig config) throws StartupException {
    try {
      return new LocalDocuments(config.dataDir().resolve("documents.sqlite"));
    } catch (LocalStoreException e) {
      if (e.inUse()) {
        throw new StartupException(
            "the data folder "
                + config.dataDir()
                + " is used by another Tidemark; stop it, or choose another folder with --data-dir",
            e);
      }
      if (e.diskFull()) {
        throw new StartupException(
            "the disk of "
                + config.dataDir()
                + " is full; make room, or choose another folder with --data-dir",
            e);
      }
      throw new StartupException(String.valueOf(e.getMessage()), e);
    }
  }

  static Spool spool(ServerConfig config) throws StartupException {
    try {
      return new Spool(config.dataDir().resolve("spool"), SPOOL_BYTES);
    } catch (IOException e) {
      throw new StartupException(
          "cannot open the spool in " + config.dataDir() + ": " + e.getMessage(), e);
    }
  }
}
