package dev.tidemark.engine.store.clickhouse;

/** ClickHouse did not do what it was asked to. */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean refused;

  StoreException(String message, boolean refused, Throwable cause) {
    super(message, cause);
    this.refused = refused;
  }

  /** Returns whether the data themselves were refused, so that trying again cannot help. */
  public boolean refused() {
    return refused;
  }
}
