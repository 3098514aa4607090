package dev.tidemark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A script in JavaScript with its packages from npm, for clients that nobody here wrote. Its files
 * are resources of the tests; it is installed once under {@code target}.
 */
public final class NodeProject {
  private final Path home;
  private final String script;

  private NodeProject(Path home, String script) {
    this.home = home;
    this.script = script;
  }

  /** Installs the packages unless they are there. */
  public static NodeProject install(String name, String script)
      throws IOException, InterruptedException {
    Path home = Files.createDirectories(Path.of("target", name).toAbsolutePath());
    for (String file : List.of("package.json", "package-lock.json", script)) {
      String resource = "/" + name + "/" + file;
      try (InputStream in =
          Objects.requireNonNull(NodeProject.class.getResourceAsStream(resource), resource)) {
        Files.copy(in, home.resolve(file), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    NodeProject project = new NodeProject(home, script);
    if (!Files.exists(home.resolve("node_modules/.package-lock.json"))) {
      assertThat(project.run(240, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"))
          .contains("added");
    }
    return project;
  }

  /** Runs the script and returns what it printed; fails when it does not end well in a minute. */
  public String run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("node", script));
    command.addAll(List.of(arguments));
    return run(60, command.toArray(String[]::new));
  }

  private String run(int seconds, String... command) throws IOException, InterruptedException {
    Path log = Files.createTempFile(home, "run", ".log");
    Process process =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly().waitFor();
    }
    String output = Files.readString(log, StandardCharsets.UTF_8);
    assertThat(ended).as("ended in time: %s", output).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }
}
