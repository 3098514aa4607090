package dev.tidemark.engine.cli;

/** Entry point of the {@code tidemark} command. */
public final class Main {
  private Main() {}

  /** Runs one command and exits with its status. */
  public static void main(String[] args) {
    System.exit(0);
  }
}
