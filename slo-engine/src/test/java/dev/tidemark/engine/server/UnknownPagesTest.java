package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One good run and then silence: what the served pages say of it. */
class UnknownPagesTest {
  private static final String DEFINITIONS =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: nightly}
      spec:
        domain: payments
        objectives:
          - runs: {pipeline: by-hand, name: nightly-runs, target: 99%, window: 7d, timeSlice: 1s}
      """;

  @Test
  void after_one_good_run_and_silence_pages_say_unknown_instead_of_green(@TempDir Path folder)
      throws Exception {
    Path definitions = Files.writeString(folder.resolve("nightly.yaml"), DEFINITIONS);
    try (ServerProcess server =
            ServerProcess.start(folder.resolve("data"), "--definitions", definitions.toString());
        SignalSender sender = new SignalSender(server.base(), -1)) {
      sender.counter(
          "tidemark.runs", 1, Map.of("pipeline", "nightly", "outcome", "success"), Instant.now());
      String slo = "/api/v1/slos/nightly-runs";
      Instant deadline = Instant.now().plusSeconds(90);
      while (!sender.get(slo).body().contains("\"total\":1.0")) {
        assertThat(Instant.now()).as(sender.get(slo).body()).isBefore(deadline);
      }
      while (!sender.get(slo).body().contains("\"state\":\"unknown\"")) {
        assertThat(Instant.now()).as(sender.get(slo).body()).isBefore(deadline);
      }
      // By number all of the budget is left.
      assertThat(sender.get(slo).body())
          .contains("\"budgetLeftRatio\":1.0", "\"budgetKnown\":false", "\"noData\":\"ignored\"");
      String executive = sender.get("/dashboards/executive").body();
      assertThat(executive)
          .contains(
              "Nothing, or too little, has been measured to say.",
              "unknown: too little measured",
              "enough is known of 0 of 1 promises about runs",
              "silence says nothing in 1")
          .doesNotContain("100&nbsp;%", "100\u00a0%");
      for (String page : new String[] {"/slos", "/dashboards/oncall", "/slos/nightly-runs"}) {
        assertThat(sender.get(page).body())
            .as(page)
            .contains("unknown: too little measured", "silence ignored");
      }
    }
  }
}
