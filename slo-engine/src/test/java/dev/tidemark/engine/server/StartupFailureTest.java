package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be wrong at the start is said in one sentence, with the way out, and exit code 2. */
class StartupFailureTest {
  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  private record Outcome(int exitCode, List<String> said) {
    /** The last line; earlier ones show progress. */
    String last() {
      return said.get(said.size() - 1);
    }
  }

  private static List<String> java(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.tidemark.engine.cli.Main"));
    command.addAll(List.of(arguments));
    return command;
  }

  /** A server on free ports with an own data folder, unless the settings say otherwise. */
  private List<String> serve(String... settings) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("--port", "0");
    options.put("--otlp-http-port", "-1");
    options.put("--otlp-grpc-port", "0");
    options.put("--data-dir", folder.resolve("data").toString());
    for (int i = 0; i < settings.length; i += 2) {
      options.put(settings[i], settings[i + 1]);
    }
    List<String> command = java("serve");
    options.forEach((option, value) -> command.addAll(List.of(option, value)));
    return command;
  }

  private Outcome run(List<String> command, Map<String, String> environment) throws Exception {
    Path output = folder.resolve("output.txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(90, TimeUnit.SECONDS)).as("it ends by itself").isTrue();
      assertThat(process.descendants()).isEmpty();
    } finally {
      process.destroyForcibly();
    }
    List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
    assertThat(lines).noneMatch(line -> line.startsWith("\tat ")).isNotEmpty();
    return new Outcome(process.exitValue(), lines);
  }

  private Outcome run(List<String> command) throws Exception {
    return run(command, Map.of());
  }

  @Test
  void a_busy_port_is_named_with_the_option_that_chooses_another() throws Exception {
    try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(busy.getLocalPort());
      for (String option : List.of("--port", "--otlp-http-port", "--otlp-grpc-port")) {
        Outcome outcome = run(serve(option, port));
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.last())
            .isEqualTo(
                "tidemark: port %s cannot be had (Address already in use); stop who holds it, or choose another with %s"
                    .formatted(port, option));
      }
    }
  }

  @Test
  void a_full_disk_is_said() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    List<String> command =
        new ArrayList<>(
            List.of(
                "unshare",
                "--map-root-user",
                "--mount",
                "bash",
                "-c",
                "mount -t tmpfs -o size=1m tmpfs \"$0\" && exec \"$@\"",
                disk.toString()));
    command.addAll(serve("--data-dir", disk.resolve("data").toString()));
    Outcome outcome = run(command);
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.last())
        .isEqualTo(
            "tidemark: the disk of "
                + disk.resolve("data")
                + " is full; make room, or choose another folder with --data-dir");
  }

  @Test
  void without_a_network_the_engine_cannot_be_fetched() throws Exception {
    Path home = Files.createDirectory(folder.resolve("home"));
    List<String> command = serve();
    command.add(1, "-Duser.home=" + home);
    Outcome outcome =
        run(
            command,
            Map.of(
                "HOME", home.toString(),
                "XDG_CACHE_HOME", home.toString(),
                "npm_config_registry", "http://127.0.0.1:9/"));
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.last())
        .startsWith("tidemark: npm could not fetch ClickHouse's engine")
        .contains("check the network and try again");
  }

  @Test
  void a_data_folder_that_cannot_be_used_is_said() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    Outcome outcome = run(serve("--data-dir", file.resolve("data").toString()));
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.last())
        .isEqualTo(
            "tidemark: cannot use the data folder %1$s/data: %1$s/data: Not a directory"
                .formatted(file));
  }

  @Test
  void a_data_folder_that_another_server_uses_is_left_alone() throws Exception {
    Path data = folder.resolve("shared");
    try (ServerProcess first = ServerProcess.start(data)) {
      Outcome outcome = run(serve("--data-dir", data.toString()));
      assertThat(outcome.exitCode()).isEqualTo(2);
      assertThat(outcome.last()).contains("another process uses " + data).contains("--data-dir");
      assertThat(first.handle().isAlive()).isTrue();
    }
  }

  @Test
  void a_clickhouse_that_does_not_answer_is_named_without_its_secrets() throws Exception {
    Outcome outcome =
        run(
            serve(),
            Map.of(
                "TIDEMARK_CLICKHOUSE_URL",
                "jdbc:clickhouse://127.0.0.1:9/tidemark?password=hunter2"));
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.last())
        .isEqualTo(
            "tidemark: no ClickHouse answers at jdbc:clickhouse://127.0.0.1:9/tidemark; start it, or mend the address");
    assertThat(outcome.said()).noneMatch(line -> line.contains("hunter2"));
  }

  @Test
  void mistakes_in_the_settings_are_named_at_their_place() throws Exception {
    Path config = folder.resolve("tidemark.yaml");
    Files.writeString(config, "listen: {port: 8080\ntokens: []\n");
    assertThat(run(java("serve", "--config", config.toString())).last())
        .startsWith("tidemark: " + config + ":2:7 is not YAML: ");
    Files.writeString(config, "listn: {port: 8080}\n");
    assertThat(run(java("serve", "--config", config.toString())).last())
        .isEqualTo(
            "tidemark: "
                + config
                + ": listn is not a setting; known are baseUrl, catalogEvery, clickhouse, cluster, dataDir, definitions, incidents, listen, tokens, watchdog");
    assertThat(settingsRefused("incidents: {resolveHold: soon}\n"))
        .endsWith("incidents.resolveHold has to be a duration below 24h, such as 2m");
    assertThat(run(java("serve", "--config", folder + "/none.yaml")).last())
        .isEqualTo("tidemark: " + folder + "/none.yaml does not exist");
    assertThat(run(java("serve", "--port", "99999")).said())
        .contains(
            "tidemark: Invalid value for option '--port': '99999' is no port; write a number from 0 to 65535");
    assertThat(run(java("serve", "--prot", "1")).exitCode()).isEqualTo(2);
  }

  private String settingsRefused(String yaml) throws Exception {
    Path config = Files.writeString(folder.resolve("refused.yaml"), yaml);
    Outcome outcome = run(java("serve", "--config", config.toString()));
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.last()).startsWith("tidemark: ");
    return outcome.last().substring("tidemark: ".length()).replace(config + ": ", "");
  }

  @Test
  void a_cluster_wants_peers_a_secret_off_loopback_and_a_clickhouse_of_all() throws Exception {
    assertThat(settingsRefused("cluster: {listen: here, peers: [\"127.0.0.1:1\"]}"))
        .isEqualTo(
            "cluster.listen has to be a host and a port from 1 to 65535, such as 10.0.0.1:7800");
    assertThat(
            settingsRefused("cluster: {listen: \"127.0.0.1:7800\", peers: [\"127.0.0.1:7800\"]}"))
        .startsWith("cluster.peers has to name at least one other server");
    assertThat(settingsRefused("cluster: {listen: \"10.0.0.1:7800\", peers: [\"10.0.0.2:7800\"]}"))
        .startsWith("cluster.secret has to be set where others can reach 10.0.0.1:7800");
    assertThat(
            settingsRefused("cluster: {listen: \"127.0.0.1:7800\", peers: [\"127.0.0.1:7801\"]}"))
        .isEqualTo("cluster wants a ClickHouse that all servers use; name it by clickhouse.url");
  }

  @Test
  void a_watchdog_address_that_is_none_is_refused_without_being_shown() throws Exception {
    assertThat(settingsRefused("watchdog: {url: \"ftp://example.org/hunter2\"}"))
        .isEqualTo("watchdog.url has to be an address that begins with https:// or http://");
    assertThat(settingsRefused("watchdog: {url: \"http://example.org/\", every: often}"))
        .isEqualTo("watchdog.every has to be a duration from 1s to 24h, such as 1m");
  }

  @Test
  void without_tokens_only_loopback_is_listened_on() throws Exception {
    assertThat(run(serve("--host", "0.0.0.0")).last())
        .startsWith("tidemark: without tokens Tidemark listens on loopback only, not on 0.0.0.0");
  }

  @Test
  void a_folder_without_definitions_is_named() throws Exception {
    assertThat(run(serve("--definitions", folder + "/none")).last())
        .isEqualTo("tidemark: cannot read the definitions: " + folder + "/none does not exist");
  }
}
