package dev.tidemark.engine.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How long it is to be quiet, who wants that, and why. Options of a command that asks for it. */
final class QuietOptions {
  @Option(
      names = "--duration",
      required = true,
      converter = DurationConverter.class,
      description = "Such as 30m, 4h or 1d.")
  private Duration duration = Duration.ZERO;

  @Option(names = "--author", description = "Who wants it (default: the token's name).")
  private String author = "";

  @Option(names = "--reason", required = true, description = "Why.")
  private String reason = "";

  /** Puts them into what the server is asked. */
  void into(ObjectNode body) {
    body.put("duration", duration.toString()).put("author", author).put("reason", reason);
  }
}
