package dev.tidemark.engine.backtest;

/** A backtest cannot be run; the message says what to do, for the person who asked for it. */
public final class BacktestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says why. */
  public BacktestException(String message) {
    super(message);
  }

  /** Says why, and what came before. */
  public BacktestException(String message, Throwable cause) {
    super(message, cause);
  }
}
