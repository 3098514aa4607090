package dev.tidemark.engine.store.local;

import dev.tidemark.engine.store.Documents;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Documents in one SQLite file (write-ahead log, fsync with every commit), of one process at a
 * time. Thread-safe. What several threads put at the same time shares one commit, so that the
 * disk's latency is paid once for all of them.
 *
 * <p>Changes are numbered in their order, so that one number says what was copied elsewhere, see
 * {@link #uncopied}.
 */
public final class LocalDocuments implements Documents, AutoCloseable {
  private static final String[] SCHEMA = {
    "CREATE TABLE IF NOT EXISTS documents (kind TEXT NOT NULL, id TEXT NOT NULL, state TEXT NOT"
        + " NULL, at INTEGER NOT NULL, version INTEGER NOT NULL, json TEXT NOT NULL,"
        + " change INTEGER NOT NULL, UNIQUE (kind, id))",
    "CREATE INDEX IF NOT EXISTS documents_by_state ON documents (kind, state, at)",
    "CREATE INDEX IF NOT EXISTS documents_by_change ON documents (change)",
    "CREATE TABLE IF NOT EXISTS copied (up_to INTEGER NOT NULL)"
  };

  /** The first layout had a mark in every document, which cost a write of the whole of it. */
  private static final String[] FROM_FIRST_LAYOUT = {
    "DROP INDEX documents_uncopied",
    "UPDATE documents SET change = 0 WHERE copied = 1",
    "ALTER TABLE documents DROP COLUMN copied"
  };

  /** Number of what came from elsewhere, and so need not be copied. */
  private static final long ADOPTED = 0;

  private static final String COLUMNS = "SELECT kind, id, state, at, json, version FROM documents ";

  private final Connection connection;
  private final ReentrantLock lock = new ReentrantLock(true);
  private final List<Waiting> waiting = new ArrayList<>();
  private long change;
  private long copiedUpTo;

  private record Waiting(
      Collection<Document> documents, boolean adopted, CompletableFuture<Void> committed) {}

  /**
   * A document that was not copied yet.
   *
   * @param document as it is now
   * @param change number of its last change, to be given to {@link #copiedUpTo}
   */
  public record Uncopied(Document document, long change) {}

  /**
   * Opens the file, which is made when missing.
   *
   * @throws LocalStoreException when it cannot be opened, or another process has it open
   */
  public LocalDocuments(Path file) {
    // The driver unpacks its native library; next to the documents it is allowed to and tidied up.
    if (System.getProperty("org.sqlite.tmpdir") == null) {
      System.setProperty("org.sqlite.tmpdir", String.valueOf(file.toAbsolutePath().getParent()));
    }
    Connection opened = null;
    try {
      opened = DriverManager.getConnection("jdbc:sqlite:" + file);
      try (Statement statement = opened.createStatement()) {
        statement.execute("PRAGMA locking_mode = EXCLUSIVE");
        statement.execute("PRAGMA journal_mode = WAL");
        statement.execute("PRAGMA synchronous = FULL");
        // Moving the log into the file costs two more fsyncs: every 64 MiB, not every 4.
        statement.execute("PRAGMA wal_autocheckpoint = 16384");
        statement.execute("PRAGMA busy_timeout = 1000");
        if (number(
                statement,
                "SELECT count(*) FROM pragma_table_info('documents') WHERE name = 'copied'")
            > 0) {
          for (String sql : FROM_FIRST_LAYOUT) {
            statement.execute(sql);
          }
        }
        for (String sql : SCHEMA) {
          statement.execute(sql);
        }
        copiedUpTo = number(statement, "SELECT coalesce(max(up_to), 0) FROM copied");
        change =
            Math.max(
                copiedUpTo, number(statement, "SELECT coalesce(max(change), 0) FROM documents"));
      }
      opened.setAutoCommit(false);
    } catch (SQLException e) {
      close(opened, e);
      throw new LocalStoreException("the documents in " + file + " cannot be opened", e);
    }
    this.connection = opened;
  }

  private static long number(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  private static void close(@Nullable Connection connection, SQLException cause) {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  @Override
  public void putAll(Collection<Document> documents) {
    put(documents, false);
  }

  private void put(Collection<Document> documents, boolean adopted) {
    if (documents.isEmpty()) {
      return;
    }
    Waiting mine = new Waiting(documents, adopted, new CompletableFuture<>());
    synchronized (waiting) {
      waiting.add(mine);
    }
    lock.lock();
    try {
      // Somebody who had the lock before may have committed this along with their own.
      if (!mine.committed().isDone()) {
        commitWaiting();
      }
    } finally {
      lock.unlock();
    }
    try {
      mine.committed().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof SQLException sql) {
        throw new LocalStoreException("documents cannot be written to the own disk", sql);
      }
      throw e;
    }
  }

  private void commitWaiting() {
    List<Waiting> batch;
    synchronized (waiting) {
      batch = List.copyOf(waiting);
      waiting.clear();
    }
    try (PreparedStatement upsert =
        connection.prepareStatement(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (kind, id) DO UPDATE"
                + " SET state = excluded.state, at = excluded.at, version = excluded.version,"
                + " json = excluded.json, change = excluded.change"
                + " WHERE excluded.version >= documents.version")) {
      for (Waiting one : batch) {
        for (Document document : one.documents()) {
          upsert.setString(1, document.kind());
          upsert.setString(2, document.id());
          upsert.setString(3, document.state());
          upsert.setLong(4, document.at().toEpochMilli());
          upsert.setLong(5, document.version());
          upsert.setString(6, document.json());
          upsert.setLong(7, one.adopted() ? ADOPTED : ++change);
          upsert.addBatch();
        }
      }
      upsert.executeBatch();
      connection.commit();
      batch.forEach(one -> one.committed().complete(null));
    } catch (SQLException e) {
      rollback(e);
      batch.forEach(one -> one.committed().completeExceptionally(e));
    }
  }

  private void rollback(SQLException cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  @Override
  public Optional<Document> get(String kind, String id) {
    return query(COLUMNS + "WHERE kind = ? AND id = ?", List.of(kind, id)).stream().findFirst();
  }

  /** Whether nothing was ever put. */
  public boolean isEmpty() {
    return query(COLUMNS + "LIMIT 1", List.of()).isEmpty();
  }

  @Override
  public List<Document> list(String kind, Collection<String> states, Instant since, int limit) {
    List<Object> values = new ArrayList<>(List.of(kind));
    String wanted = "";
    if (!states.isEmpty()) {
      wanted = " AND state IN (" + String.join(", ", states.stream().map(s -> "?").toList()) + ")";
      values.addAll(states);
    }
    values.add(Math.max(0, since.getEpochSecond()) * 1000);
    values.add(limit);
    return query(
        COLUMNS + "WHERE kind = ?" + wanted + " AND at >= ? ORDER BY at DESC, id LIMIT ?", values);
  }

  @Override
  public long count(String kind, String state) {
    return locked(
        "read",
        () -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT count(*) FROM documents WHERE kind = ? AND state = ?")) {
            select.setString(1, kind);
            select.setString(2, state);
            try (ResultSet rows = select.executeQuery()) {
              return rows.next() ? rows.getLong(1) : 0L;
            }
          }
        });
  }

  @Override
  public List<Document> startingWith(String kind, String prefix, int limit) {
    // With an end, so that the index answers and nothing after it is read.
    String end = prefix + Character.toString(Character.MAX_CODE_POINT);
    return query(
        COLUMNS + "WHERE kind = ? AND id >= ? AND id < ? ORDER BY id LIMIT ?",
        List.of(kind, prefix, end, limit));
  }

  /** Returns the version of every document of a kind, by its id. */
  public Map<String, Long> versions(String kind) {
    return locked(
        "read",
        () -> {
          Map<String, Long> found = new HashMap<>();
          try (PreparedStatement select =
              connection.prepareStatement("SELECT id, version FROM documents WHERE kind = ?")) {
            select.setString(1, kind);
            try (ResultSet rows = select.executeQuery()) {
              while (rows.next()) {
                found.put(rows.getString(1), rows.getLong(2));
              }
            }
          }
          return found;
        });
  }

  /** Returns what changed since it was copied last, the oldest change first. */
  public List<Uncopied> uncopied(int limit) {
    return locked(
        "read",
        () -> {
          List<Uncopied> found = new ArrayList<>();
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT kind, id, state, at, json, version, change FROM documents"
                      + " WHERE change > ? ORDER BY change LIMIT ?")) {
            select.setLong(1, copiedUpTo);
            select.setInt(2, limit);
            try (ResultSet rows = select.executeQuery()) {
              while (rows.next()) {
                found.add(new Uncopied(document(rows), rows.getLong(7)));
              }
            }
          }
          return found;
        });
  }

  /** Returns how many documents wait to be copied. */
  public long uncopied() {
    return locked(
        "read",
        () -> {
          try (Statement count = connection.createStatement()) {
            return number(count, "SELECT count(*) FROM documents WHERE change > " + copiedUpTo);
          }
        });
  }

  /** Notes that every change up to the one with this number was copied. */
  public void copiedUpTo(long number) {
    change(
        () -> {
          try (Statement note = connection.createStatement()) {
            note.execute("DELETE FROM copied");
            note.execute("INSERT INTO copied VALUES (" + number + ")");
          }
        });
    lock.lock();
    try {
      copiedUpTo = Math.max(copiedUpTo, number);
    } finally {
      lock.unlock();
    }
  }

  /** Takes documents that came from elsewhere; those that are newer here stay. */
  public void adopt(Collection<Document> documents) {
    put(documents, true);
  }

  /** Forgets what was copied, is in this state and has not changed since {@code before}. */
  public void forget(String kind, String state, Instant before) {
    change(
        () -> {
          try (PreparedStatement delete =
              connection.prepareStatement(
                  "DELETE FROM documents"
                      + " WHERE kind = ? AND state = ? AND at < ? AND change <= ?")) {
            delete.setString(1, kind);
            delete.setString(2, state);
            delete.setLong(3, before.toEpochMilli());
            delete.setLong(4, copiedUpTo);
            delete.executeUpdate();
          }
        });
  }

  private List<Document> query(String sql, List<?> values) {
    return locked(
        "read",
        () -> {
          List<Document> found = new ArrayList<>();
          try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.size(); i++) {
              select.setObject(i + 1, values.get(i));
            }
            try (ResultSet rows = select.executeQuery()) {
              while (rows.next()) {
                found.add(document(rows));
              }
            }
          }
          return found;
        });
  }

  private static Document document(ResultSet rows) throws SQLException {
    return new Document(
        rows.getString(1),
        rows.getString(2),
        rows.getString(3),
        Instant.ofEpochMilli(rows.getLong(4)),
        rows.getString(5),
        rows.getLong(6));
  }

  private interface Work<T> {
    T run() throws SQLException;
  }

  private interface Change {
    void run() throws SQLException;
  }

  private <T> T locked(String verb, Work<T> work) {
    lock.lock();
    try {
      return work.run();
    } catch (SQLException e) {
      throw new LocalStoreException("documents on the own disk cannot be " + verb, e);
    } finally {
      lock.unlock();
    }
  }

  private void change(Change work) {
    Boolean done =
        locked(
            "changed",
            () -> {
              try {
                work.run();
                connection.commit();
                return true;
              } catch (SQLException e) {
                rollback(e);
                throw e;
              }
            });
    assert done;
  }

  /** Closes the file; what was put is in it. */
  @Override
  public void close() {
    lock.lock();
    try {
      connection.close();
    } catch (SQLException e) {
      throw new LocalStoreException("the documents cannot be closed", e);
    } finally {
      lock.unlock();
    }
  }
}
