package dev.tidemark.engine.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as somebody meets it who has never seen Tidemark. */
class DemoTest {
  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  private Process start(Path output, String... more) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Djava.io.tmpdir=" + Files.createDirectories(folder.resolve("tmp")),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.tidemark.engine.cli.Main",
                "demo",
                "--port",
                "0"));
    command.addAll(List.of(more));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }

  @Test
  void one_connector_dies_and_one_page_comes_with_everything_that_helps() throws Exception {
    Path output = folder.resolve("output.txt");
    Process demo = start(output, "--exit-after", "75s");
    List<ProcessHandle> children = List.of();
    try {
      await("the page", demo, () -> text(output).contains("[PAGE]"));
      children = demo.descendants().toList();
      // While it runs, what the page links to is there.
      Matcher links = Pattern.compile("http://127\\.0\\.0\\.1:\\d+/\\S+").matcher(text(output));
      int linked = 0;
      while (links.find()) {
        linked++;
        assertThat(status(links.group())).as(links.group()).isEqualTo(200);
      }
      assertThat(linked).isGreaterThanOrEqualTo(5);
      assertThat(demo.waitFor(120, TimeUnit.SECONDS)).isTrue();
    } finally {
      demo.destroyForcibly();
    }
    String said = text(output);
    assertThat(demo.exitValue()).as(said).isZero();
    assertThat(said.split(Pattern.quote("[PAGE]"), -1)).as(said).hasSize(2);
    assertThat(said)
        .contains("connector flights-cdc (certain)")
        .contains("flights-cdc has been silent since")
        .contains("ops-board")
        .contains("executive-report")
        .contains("delay-predictor")
        .contains("Silent connector death")
        .contains("one cause, one page; 3 datasets are stale");
    assertThat(children).isNotEmpty().noneMatch(ProcessHandle::isAlive);
    // Its own folder went with it.
    try (var left = Files.list(folder.resolve("tmp"))) {
      assertThat(left.filter(path -> path.toString().contains("tidemark-demo"))).isEmpty();
    }
  }

  @Test
  void nothing_stays_when_the_demo_itself_is_killed() throws Exception {
    Path output = folder.resolve("output.txt");
    Process demo = start(output);
    List<ProcessHandle> children = List.of();
    try {
      // ClickHouse and three pipelines.
      await("all of it runs", demo, () -> demo.descendants().count() == 4);
      children = demo.descendants().toList();
    } finally {
      demo.destroyForcibly();
    }
    for (ProcessHandle child : children) {
      child.onExit().get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void a_second_demo_finds_the_port_taken_and_says_so() throws Exception {
    try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Path output = folder.resolve("output.txt");
      String port = Integer.toString(busy.getLocalPort());
      ProcessBuilder second =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  "dev.tidemark.engine.cli.Main",
                  "demo",
                  "--port",
                  port)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      Process process = second.start();
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(2);
      assertThat(text(output).strip().lines().toList())
          .last()
          .asString()
          .startsWith("tidemark: port " + port + " cannot be had (Address already in use)");
    }
  }

  private static String text(Path file) throws Exception {
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  private static int status(String url) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(10)).build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private static void await(String what, Process demo, Callable<Boolean> condition)
      throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(150).toNanos();
    while (!condition.call()) {
      assertThat(demo.isAlive()).as("the demo lives until %s", what).isTrue();
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      Thread.onSpinWait();
    }
  }
}
