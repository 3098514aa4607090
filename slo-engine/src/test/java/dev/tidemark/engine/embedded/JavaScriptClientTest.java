package dev.tidemark.engine.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.engine.NodeProject;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * ClickHouse's official JavaScript client, which nobody here wrote, uses the embedded engine
 * through our HTTP interface. Needs node and npm.
 */
class JavaScriptClientTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, JsonNode> GOT = new HashMap<>();

  @BeforeAll
  static void run() throws Exception {
    EmbeddedClickHouse clickHouse = SharedClickHouse.get();
    String url =
        clickHouse
            .jdbcUrl("default")
            .replaceFirst("^jdbc:clickhouse:", "http:")
            .replaceFirst("/default.*", "");
    String output = NodeProject.install("js-clickhouse", "use.js").run(url, clickHouse.password());
    // The client itself prints what went wrong between our lines.
    for (String line : output.lines().filter(text -> text.startsWith("{\"step")).toList()) {
      JsonNode step = JSON.readTree(line);
      GOT.put(step.path("step").asText(), step.path("got"));
    }
  }

  private static JsonNode got(String step) {
    return Objects.requireNonNull(GOT.get(step), step);
  }

  @Test
  void it_connects_creates_and_inserts_from_lists_streams_and_text() {
    assertThat(got("ping").path("success").asBoolean()).isTrue();
    assertThat(got("ddl").asText()).isEqualTo("done");
    assertThat(got("insert").asBoolean()).isTrue();
    assertThat(got("insert stream").asBoolean()).isTrue();
    assertThat(got("insert csv").asBoolean()).isTrue();
    // 2 + 100,000 + 2 rows.
    assertThat(got("count").toString()).isEqualTo("[{\"n\":100004,\"newest\":200002}]");
    assertThat(got("summary").asText()).isEqualTo("2");
  }

  @Test
  void text_survives_whatever_is_in_it() {
    assertThat(got("awkward comes back").asBoolean()).isTrue();
    assertThat(got("parameters").get(0).path("id").asText()).isEqualTo("2");
  }

  @Test
  void answers_are_streamed_typed_and_zipped() {
    // 0 + 1 + … + 999,999.
    assertThat(got("stream").toString()).isEqualTo("{\"n\":1000000,\"sum\":499999500000}");
    assertThat(got("json format").toString())
        .isEqualTo(
            "{\"meta\":[{\"name\":\"one\",\"type\":\"UInt8\"},{\"name\":\"x\",\"type\":\"String\"}],"
                + "\"data\":[{\"one\":1,\"x\":\"x\"}],\"rows\":1}");
    assertThat(got("gzip").toString()).isEqualTo("[{\"s\":\"zipped\"}]");
  }

  @Test
  void settings_hold_for_one_request() {
    assertThat(got("settings").get(0).path("threads").asInt()).isEqualTo(1);
    assertThat(got("settings do not stay").asText()).isEqualTo("0");
  }

  /** Names and numbers of ClickHouse's ErrorCodes.cpp, as the client reads them. */
  @Test
  void mistakes_come_back_as_clickhouse_names_them() {
    assertThat(got("unknown column").path("error").asText()).isEqualTo("UNKNOWN_IDENTIFIER");
    assertThat(got("unknown column").path("code").asText()).isEqualTo("47");
    assertThat(got("unknown table").path("error").asText()).isEqualTo("UNKNOWN_TABLE");
    assertThat(got("syntax").path("error").asText()).isEqualTo("SYNTAX_ERROR");
    assertThat(got("bad rows").path("code").asText()).isIn("27", "72", "117");
    assertThat(got("no such database").path("error").asText()).isEqualTo("UNKNOWN_DATABASE");
    assertThat(got("no such path").asInt()).isEqualTo(404);
  }

  @Test
  void strangers_stay_outside() {
    assertThat(got("wrong password").path("code").asText()).isEqualTo("516");
    assertThat(got("wrong user").path("code").asText()).isEqualTo("516");
  }

  /** The refused rows left nothing behind. */
  @Test
  void what_was_refused_is_not_there() {
    assertThat(got("still there").asText()).isEqualTo("100007");
  }
}
