package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The catalogue from outside, when owners say no more than they must: usual targets, slices,
 * windows and conditions. Signals come over OTLP and OpenLineage with the event times of a story;
 * each row has a dataset of its own, all is well for eight hours until midnight, then everything
 * goes wrong at once, and every row tells its receiver about its own cause.
 *
 * <p>The factors are 14.4 (1 h and 5 min), 6 (6 h and 30 min), 3 (1 d and 2 h), 1 (3 d and 6 h) for
 * 30 days; where single events count, of n bad ones out of n the one-sided 95 % Clopper-Pearson
 * interval begins at 0.05^(1/n).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UsualPromisesOverTheWireTest {
  /** A Monday; trouble begins at the midnight that follows. */
  private static final String BEGIN = "2026-03-02T16:00:00Z";

  private static final Duration WELL = Duration.ofHours(8);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  /** Until then what is due every minute comes every minute. */
  private static final Duration CLOSELY = Duration.ofHours(2);

  /**
   * One promise.
   *
   * @param row of the catalogue, also the name of its dataset
   * @param line the objective
   * @param every how often a signal comes
   * @param good what comes while all is well, in words of {@link SignalBatch}
   * @param bad what comes then; {@code -} is silence
   * @param severity that is told
   * @param cause kind and name
   * @param earliest how long after midnight it may be told first
   * @param latest how long after midnight it has to be told
   */
  private record Row(
      String row,
      String line,
      Duration every,
      String good,
      String bad,
      String severity,
      String cause,
      Duration earliest,
      Duration latest) {
    @Override
    public String toString() {
      return row + " " + line;
    }
  }

  private static Row row(
      String row,
      String line,
      Duration every,
      String good,
      String bad,
      String severity,
      int earliestMinutes,
      int latestMinutes) {
    String cause =
        switch (row) {
          case "m1" -> "pipeline m1_job";
          case "m12" -> "connector m12-cdc";
          default -> "dataset " + row;
        };
    return new Row(
        row,
        line,
        every,
        good,
        bad,
        severity,
        cause,
        Duration.ofMinutes(earliestMinutes),
        Duration.ofMinutes(latestMinutes));
  }

  static List<Row> rows() {
    return List.of(
        // Of twelve runs an hour the second failure proves that more than 1.44 % fail.
        row("m1", "runs: {}", Duration.ofMinutes(5), "COMPLETE", "FAIL", "page", 5, 12),
        // The last watermark is of midnight: too old after 5 min. 14.4 times 0.5 % of an hour are
        // 4.3 min.
        row("m2", "freshness: {within: 5m}", MINUTE, "watermark", "-", "page", 6, 11),
        // 14.4 times 5 % are 72 %: 43.2 min of the last hour. Of 880 of 1,200 after 44 min the
        // interval begins at 71.2 %, of 900 after 45 at 72.9 %.
        row(
            "m3",
            "lag: {below: 2m}",
            MINUTE,
            "20 processing.lag 10",
            "20 processing.lag 300",
            "page",
            45,
            46),
        // Of a day, which is judged when it is over.
        row(
            "m4",
            "completeness: {atLeast: 99.95%}",
            HOUR,
            "1000 records 1000",
            "1000 records 990",
            "page",
            1_440,
            1_450),
        // All of ten a minute fail, 1.44 % of an hour may. Of 10 of 600 the interval begins at 0.9
        // %,
        // of 20 at 2.2 %.
        row(
            "m5",
            "queries: {}",
            MINUTE,
            "10 check query success",
            "10 check query failure",
            "page",
            2,
            3),
        // Nothing at all may be incompatible; a ticket is enough.
        row(
            "m6",
            "schema: {}",
            HOUR,
            "1 check schema success",
            "1 check schema failure",
            "ticket",
            1,
            2),
        row("m7", "cost: {below: 5}", HOUR, "2 cost", "20 cost", "page", 1_440, 1_450),
        // The second bad one of three: the interval begins at 13.5 %, 10 % may be late.
        row(
            "m8",
            "backfill: {within: 4h}",
            DAY,
            "1 run.duration 3600",
            "1 run.duration 18000",
            "ticket",
            1_440,
            1_500),
        // 100 of 900, and of what Tidemark finds itself, which is all well: 16 entries at a time,
        // at
        // most once a minute that it looks at. Of 100 of 1,100 the interval begins at 7.7 %; 5 %
        // may
        // lack.
        row(
            "m9",
            "catalog: {}",
            HOUR,
            "100 check catalog success",
            "100 check catalog failure",
            "ticket",
            1,
            2),
        // Twenty of twenty.
        row("m10", "access: {}", DAY, "-", "20 check access failure", "page", 1, 2),
        // As above, but of 4,400 of 6,000 after 44 min the interval begins at 72.4 %.
        row(
            "m11",
            "reads: {below: 50ms}",
            MINUTE,
            "100 read.latency 0.01",
            "100 read.latency 0.2",
            "page",
            44,
            45),
        // The last beat was at 23:59 and is too old two minutes later.
        row("m12", "heartbeat: {connector: m12-cdc, every: 1m}", MINUTE, "beat", "-", "page", 2, 4),
        // One slice of one in the hour is bad.
        row(
            "m13",
            "drift: {feature: amount, below: 0.25}",
            DAY,
            "drift 0.1",
            "drift 0.4",
            "page",
            1,
            2),
        // 20 % fail where 1 % may: 14.4 % of an hour once 72 % of it are so. Of 8,800 of
        // 60,000 after 44 min the interval begins at 14.43 %.
        row(
            "m14",
            "'ratio: {good: {metric: tidemark.check, where: {dataset: m14, outcome: success}}, total:"
                + " {metric: tidemark.check, where: {dataset: m14}}}'",
            MINUTE,
            "1000 check a success",
            "800 check a success + 200 check a failure",
            "page",
            44,
            45),
        // As above, but of 225 of 300 after 45 min the interval begins at 70.6 %, of 230 at 72.3 %.
        row(
            "m15",
            "queue: {below: 10m}",
            MINUTE,
            "5 queue.age 60",
            "5 queue.age 1200",
            "page",
            46,
            47));
  }

  /** What a receiver was told of a dataset first. */
  private final Map<String, JsonNode> first = new LinkedHashMap<>();

  private final WebhookReceiver pager;
  private final WebhookReceiver desk;
  private final Instant midnight;

  @SuppressWarnings("NullAway.Init") // started before all
  private StoryWorld world;

  UsualPromisesOverTheWireTest() throws Exception {
    pager = new WebhookReceiver();
    desk = new WebhookReceiver();
    midnight = StoryWorld.recently(BEGIN).plus(WELL);
  }

  private String definitions() {
    StringBuilder text = new StringBuilder();
    for (Row row : rows()) {
      text.append(
          """
          apiVersion: tidemark/v1
          kind: Dataset
          metadata: {name: %s}
          spec:
            owner: team-%s
            producedBy: %s_job
            objectives:
              - %s
          ---
          """
              .formatted(row.row(), row.row(), row.row(), row.line().replace("'", "")));
    }
    return text
        + """
          apiVersion: tidemark/v1
          kind: Receiver
          metadata: {name: pager}
          spec: {webhook: {url: "%s"}, digestAbove: 0}
          ---
          apiVersion: tidemark/v1
          kind: Receiver
          metadata: {name: desk}
          spec: {webhook: {url: "%s"}, digestAbove: 0}
          ---
          apiVersion: tidemark/v1
          kind: Route
          metadata: {name: everything}
          spec:
            receiver: desk
            groupWait: 0s
            groupInterval: 7d
            repeatInterval: 7d
            routes: [{matchers: ['severity="page"'], receiver: pager}]
          """
            .formatted(pager.uri(), desk.uri());
  }

  @BeforeAll
  void everything_is_well_for_eight_hours_and_then_goes_wrong(@TempDir Path folder)
      throws Exception {
    world = new StoryWorld(folder, BEGIN, definitions());
    for (Row row : rows()) {
      // With its schema a dataset is in the catalogue.
      world
          .sender()
          .lineage(
              "COMPLETE",
              world.now(),
              UUID.randomUUID().toString(),
              "scan",
              "",
              """
              {"namespace": "lake", "name": "%s", "facets": {"schema": {"fields":
                [{"name": "id", "type": "bigint"}]}}}"""
                  .formatted(row.row()));
    }
    pass(WELL, WELL);
    assertThat(pager.messages()).isEmpty();
    assertThat(desk.messages()).isEmpty();
    // Minute by minute only where somebody is to be told.
    pass(Duration.ofMinutes(12), MINUTE);
    pass(Duration.ofMinutes(30), Duration.ofMinutes(30));
    pass(Duration.ofMinutes(4), MINUTE);
    pass(Duration.ofMinutes(74), Duration.ofMinutes(74));
    pass(Duration.ofHours(22), Duration.ofHours(22));
    pass(Duration.ofMinutes(5), Duration.ofMinutes(5));
  }

  /** Lets time pass in steps; everything that was due in one is sent before its end. */
  private void pass(Duration length, Duration step) throws Exception {
    Instant end = world.now().plus(length);
    while (world.now().isBefore(end)) {
      Instant from = world.now();
      Instant to = from.plus(step);
      SignalBatch batch = new SignalBatch();
      for (Row row : rows()) {
        for (Instant at : moments(row, from, to)) {
          send(batch, row.row(), at.isBefore(midnight) ? row.good() : row.bad(), at);
        }
      }
      batch.send(world.address());
      world.pass(to, step, at -> {});
      note("pager", pager);
      note("desk", desk);
    }
  }

  /** What is due once a day comes when the story begins, and then every midnight. */
  private List<Instant> moments(Row row, Instant from, Instant to) {
    List<Instant> moments = new ArrayList<>();
    Instant begin = midnight.minus(WELL);
    if (row.every().equals(DAY) && from.equals(begin)) {
      moments.add(begin);
    }
    boolean often = row.every().compareTo(HOUR) < 0;
    Instant until = often && to.isAfter(midnight.plus(CLOSELY)) ? midnight.plus(CLOSELY) : to;
    for (Instant at = row.every().equals(DAY) ? midnight : begin;
        at.isBefore(until);
        at = at.plus(row.every())) {
      if (!at.isBefore(from)) {
        moments.add(at);
      }
    }
    return moments;
  }

  private void send(SignalBatch batch, String dataset, String words, Instant at) throws Exception {
    if (words.equals("COMPLETE") || words.equals("FAIL")) {
      String run = UUID.randomUUID().toString();
      world.sender().lineage("START", at.minusSeconds(30), run, dataset + "_job", "", "");
      world.sender().lineage(words, at, run, dataset + "_job", "", "");
      return;
    }
    for (String signal : words.split(" \\+ ", -1)) {
      batch.add(dataset, signal, at);
    }
  }

  private void note(String receiver, WebhookReceiver hook) {
    for (JsonNode message : new ArrayList<>(hook.messages())) {
      String dataset = message.path("dataset").asText();
      first.putIfAbsent(receiver + " " + dataset, message);
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void is_told_in_time_as_what_it_is_to_whom_it_concerns(Row row) {
    // Where it burns more slowly at first, a ticket comes before the page.
    String receiver = row.severity().equals("page") ? "pager" : "desk";
    assertThat(first.keySet()).contains(receiver + " " + row.row());
    JsonNode message = Objects.requireNonNull(first.get(receiver + " " + row.row()));
    JsonNode cause = message.path("cause");
    assertThat(message.path("incident").path("severity").asText()).isEqualTo(row.severity());
    assertThat(cause.path("type").asText() + " " + cause.path("name").asText())
        .isEqualTo(row.cause());
    Instant told = Instant.parse(message.path("at").asText());
    assertThat(Duration.between(midnight, told)).isBetween(row.earliest(), row.latest());
  }

  @Test
  void a_ticket_pages_nobody() {
    assertThat(first.keySet()).doesNotContain("pager m6", "pager m8", "pager m9");
  }

  @AfterAll
  void stop() {
    world.close();
    pager.close();
    desk.close();
  }
}
