package dev.tidemark.engine.store.clickhouse;

import com.clickhouse.client.api.ServerException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** ClickHouse did not do what it was asked to. */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Numbers of ClickHouse's ErrorCodes.cpp. */
  private static final int NOT_ENOUGH_SPACE = 243;

  private static final int AUTHENTICATION_FAILED = 516;
  private static final int UNKNOWN_DATABASE = 81;

  private final boolean refused;

  StoreException(String message, boolean refused, Throwable cause) {
    super(message, cause);
    this.refused = refused;
  }

  /** Returns whether the data themselves were refused, so that trying again cannot help. */
  public boolean refused() {
    return refused;
  }

  /** Returns whether ClickHouse's disk is full. */
  public boolean diskFull() {
    return code() == NOT_ENOUGH_SPACE;
  }

  /** Returns whether there is no database of this name. */
  boolean unknownDatabase() {
    return code() == UNKNOWN_DATABASE;
  }

  /** Returns whether user or password are wrong. */
  public boolean unauthenticated() {
    return code() == AUTHENTICATION_FAILED;
  }

  /** Returns whether nobody listened at ClickHouse's address. */
  public boolean unreachable() {
    return find(ConnectException.class) != null || find(UnknownHostException.class) != null;
  }

  private int code() {
    ServerException server = find(ServerException.class);
    return server == null ? 0 : server.getCode();
  }

  private <T extends Throwable> @Nullable T find(Class<T> type) {
    for (Throwable at = getCause(); at != null; at = at.getCause()) {
      if (type.isInstance(at)) {
        return type.cast(at);
      }
    }
    return null;
  }
}
