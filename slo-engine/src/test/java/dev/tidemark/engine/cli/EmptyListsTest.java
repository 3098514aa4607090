package dev.tidemark.engine.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a terminal shows of a server that has nothing to show. */
class EmptyListsTest {
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body =
              "{\"actions\":[],\"incidents\":[],\"silences\":[],\"backfills\":[],\"receivers\":[],"
                  .concat("\"schedules\":[],\"slos\":[]}")
                  .getBytes(UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "actions | No actions are open. | tidemark actions add INCIDENT",
        "actions --all | No actions were ever | tidemark actions add INCIDENT",
        "incidents | No incident is open. | tidemark incidents --all",
        "incidents --all | There were no incidents. | tidemark status",
        "silence list | Nothing is silenced. | tidemark silence add",
        "silence list --all | There were no silences. | tidemark silence add",
        "backfill list | No work is planned | tidemark backfill declare",
        "backfill list --all | No work was ever planned. | tidemark backfill declare",
        "receivers list | There are no receivers. | kind: Receiver",
        "schedule | There are no schedules | kind: Schedule",
        "status | Nothing is promised yet. | --definitions",
      })
  void a_list_of_nothing_says_so_and_what_to_do(String command, String none, String what) {
    StringWriter out = new StringWriter();

    int exitCode =
        Main.commandLine()
            .setOut(new PrintWriter(out))
            .execute(
                (command + " --url http://127.0.0.1:" + server.getAddress().getPort()).split(" "));

    assertThat(exitCode).isZero();
    assertThat(out.toString().lines()).singleElement().asString().startsWith(none).contains(what);
  }
}
