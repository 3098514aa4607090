package dev.tidemark.engine.cli;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options by which a command that needs no server is told to ask one all the same. */
final class OptionalServer {
  @Option(
      names = {"--url", "--server"},
      paramLabel = "URL",
      description = "A running server whose stored signals are compared with.")
  private @Nullable URI url;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description = "Its bearer token; better given as TIDEMARK_TOKEN.",
      defaultValue = "${env:TIDEMARK_TOKEN:-}")
  private String token = "";

  /** Whether one was named. */
  boolean isNamed() {
    return url != null;
  }

  /**
   * Returns access to it.
   *
   * @throws IllegalStateException when none was named
   */
  ServerClient client() {
    URI named = url;
    if (named == null) {
      throw new IllegalStateException("no server was named");
    }
    return new ServerClient(named, token);
  }
}
