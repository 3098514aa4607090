package dev.tidemark.engine.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One embedded ClickHouse for all tests of this JVM. */
public final class SharedClickHouse {
  private static final AtomicInteger DATABASES = new AtomicInteger();
  private static @Nullable EmbeddedClickHouse instance;

  private SharedClickHouse() {}

  /** Starts it on first use. */
  public static synchronized EmbeddedClickHouse get() {
    if (instance == null) {
      try {
        Path target = Files.createDirectories(Path.of("target"));
        EmbeddedClickHouse started =
            EmbeddedClickHouse.start(
                Files.createTempDirectory(target, "clickhouse"),
                NpmPackage.userCache(),
                line -> {});
        Runtime.getRuntime().addShutdownHook(new Thread(started::close));
        instance = started;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (NpmPackage.UnavailableException e) {
        throw new IllegalStateException(e);
      }
    }
    return instance;
  }

  /** Makes an empty database and returns its JDBC URL. */
  public static String freshDatabase() {
    EmbeddedClickHouse clickHouse = get();
    String name = "test_" + DATABASES.incrementAndGet();
    try (Connection connection =
            DriverManager.getConnection(
                clickHouse.jdbcUrl("default"), clickHouse.user(), clickHouse.password());
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
      return clickHouse.jdbcUrl(name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
