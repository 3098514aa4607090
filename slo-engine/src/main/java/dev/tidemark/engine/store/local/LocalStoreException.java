package dev.tidemark.engine.store.local;

import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** The documents on the own disk could not be read or changed. Nothing of the change was done. */
public final class LocalStoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean diskFull;
  private final boolean inUse;

  LocalStoreException(String message, SQLException cause) {
    super(message + ": " + cause.getMessage(), cause);
    SQLiteErrorCode code =
        cause instanceof SQLiteException sqlite
            ? sqlite.getResultCode()
            : SQLiteErrorCode.UNKNOWN_ERROR;
    this.diskFull = code == SQLiteErrorCode.SQLITE_FULL || code.name().startsWith("SQLITE_IOERR");
    this.inUse = code.name().startsWith("SQLITE_BUSY") || code.name().startsWith("SQLITE_LOCKED");
  }

  /** Returns whether there is no room left, or the disk refuses to write. */
  public boolean diskFull() {
    return diskFull;
  }

  /** Returns whether another process holds the file. */
  public boolean inUse() {
    return inUse;
  }
}
