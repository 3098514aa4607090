package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Debian's amtool, asked about a server. Thread-safe. */
public final class Amtool {
  private final URI server;
  private final Path folder;

  /**
   * Asks this server.
   *
   * @param folder for what it writes
   */
  public Amtool(URI server, Path folder) {
    this.server = server;
    this.folder = folder;
  }

  /** How a call ended. */
  public record Said(int exit, String output, String errors) {}

  /** Calls it. */
  public Said said(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("amtool"));
    command.addAll(List.of(arguments));
    command.add("--alertmanager.url=" + server);
    // On standard error amtool also says that we are of another version than it is.
    Path errors = Files.createTempFile(folder, "amtool", ".err");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().put("HOME", folder.toString());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Said(process.exitValue(), output, Files.readString(errors));
  }

  /** Calls it, which has to end well, and returns what it printed. */
  @CanIgnoreReturnValue
  public String done(String... arguments) throws Exception {
    Said said = said(arguments);
    assertThat(said.exit()).as(said.errors()).isZero();
    return said.output();
  }
}
