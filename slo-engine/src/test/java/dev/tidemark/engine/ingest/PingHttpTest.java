package dev.tidemark.engine.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.model.PingRecord;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PingHttpTest {
  private static final byte[] NOTHING = {};

  /** A clock that is moved by hand. */
  private static final class HandClock extends Clock {
    private volatile Instant now = IngestServer.NOW;

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @Test
  void every_kind_of_ping_is_a_beat_and_an_end_is_a_run() throws Exception {
    HandClock clock = new HandClock();
    try (IngestServer server = new IngestServer(IngestLimits.DEFAULT, clock)) {
      assertThat(server.send("GET", "/ping/nightly/start?rid=a1", NOTHING, null).statusCode())
          .isEqualTo(200);
      clock.now = IngestServer.NOW.plus(Duration.ofSeconds(90));
      HttpResponse<byte[]> done =
          server.post(
              "/ping/nightly/3?rid=a1",
              "x=1".getBytes(StandardCharsets.UTF_8),
              "application/x-www-form-urlencoded");
      assertThat(done.statusCode()).isEqualTo(200);
      assertThat(new String(done.body(), StandardCharsets.UTF_8)).isEqualTo("OK");
      assertThat(done.headers().firstValue("Ping-Body-Limit")).contains("10000");
      clock.now = IngestServer.NOW.plus(Duration.ofSeconds(91));
      assertThat(server.send("HEAD", "/ping/nightly", NOTHING, null).statusCode()).isEqualTo(200);
      clock.now = IngestServer.NOW.plus(Duration.ofSeconds(92));
      assertThat(server.post("/ping/nightly/fail", NOTHING, null).statusCode()).isEqualTo(200);

      assertThat(server.sink.pings().stream().map(PingRecord::kind))
          .containsExactly("START", "FAIL", "SUCCESS", "FAIL");
      assertThat(server.sink.pings().get(1).exitCode()).isEqualTo(3);
      assertThat(server.sink.pings().get(1).body()).isEqualTo("x=1");
      assertThat(server.sink.points("tidemark.heartbeat")).hasSize(4);
      assertThat(
              server.sink.points("tidemark.runs").stream()
                  .map(point -> point.series().attribute("outcome")))
          .containsExactly("failure", "success", "failure");
      assertThat(server.sink.points("tidemark.run.duration")).hasSize(1);
      assertThat(server.sink.points("tidemark.run.duration").get(0).value()).isEqualTo(90d);
    }
  }

  @Test
  void a_long_body_is_cut() throws Exception {
    try (IngestServer server = IngestServer.start()) {
      assertThat(
              server
                  .post("/ping/k", "a".repeat(300_000).getBytes(StandardCharsets.UTF_8), null)
                  .statusCode())
          .isEqualTo(200);
      assertThat(server.sink.pings().get(0).body()).hasSize(10_000);
    }
  }

  @Test
  void what_is_no_ping_is_refused_with_a_reason() throws Exception {
    try (IngestServer server = IngestServer.start()) {
      for (String path :
          List.of(
              "/ping/",
              "/ping/k/256",
              "/ping/k/stop",
              "/ping/k/start/x",
              "/ping/a%20b",
              "/ping/" + "k".repeat(201),
              "/ping/k?rid=a%20b")) {
        HttpResponse<byte[]> answer = server.send("GET", path, NOTHING, null);
        assertThat(answer.statusCode()).as(path).isEqualTo(400);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("\"error\"");
      }
      assertThat(server.send("DELETE", "/ping/k", NOTHING, null).statusCode()).isEqualTo(405);
      assertThat(server.sink.pings()).isEmpty();
    }
  }
}
