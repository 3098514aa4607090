package dev.tidemark.dashboards;

import dev.tidemark.dashboards.view.Badge;
import dev.tidemark.dashboards.view.DebugView;
import dev.tidemark.dashboards.view.DutyView;
import dev.tidemark.dashboards.view.ErrorView;
import dev.tidemark.dashboards.view.IndexView;
import dev.tidemark.dashboards.view.Link;
import dev.tidemark.dashboards.view.LinkView;
import dev.tidemark.dashboards.view.Meter;
import dev.tidemark.dashboards.view.PostmortemView;
import dev.tidemark.dashboards.view.RunbookView;
import dev.tidemark.dashboards.view.SafeHtml;
import dev.tidemark.dashboards.view.Section;
import dev.tidemark.dashboards.view.SignInView;
import dev.tidemark.dashboards.view.Tone;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The rest of {@link Samples}. */
final class MoreSamples {
  private MoreSamples() {}

  static DebugView debug() {
    return new DebugView(
        "carriers_nightly",
        new Badge(Tone.BAD, "failing"),
        "team-flights",
        List.of(Link.dataset("carriers"), Link.dataset("carriers_history")),
        List.of(Link.pipeline("flights_ingest"), Link.pipeline("flights_hourly")),
        List.of(
            new DebugView.Run(
                Link.run("carriers_nightly", "0f8e2c1a-77d0-4b57"),
                new Badge(Tone.BAD, "failure"),
                Samples.ago("2H"),
                "4 min 12 s",
                "0 records",
                "ERROR: column \"carrier\" is of type integer but expression is of type text",
                true),
            new DebugView.Run(
                Link.run("carriers_nightly", "9c31aa02-1f4e-4e11"),
                new Badge(Tone.GOOD, "success"),
                Samples.ago("26H"),
                "3 min 58 s",
                "1.2 M records",
                "",
                false),
            new DebugView.Run(
                Link.run("carriers_nightly", "51d0b7c4-0a11-4c20"),
                new Badge(Tone.UNKNOWN, "never ended"),
                Samples.ago("50H"),
                "",
                "",
                "",
                false)),
        new DebugView.SelectedRun(
            "0f8e2c1a-77d0-4b57",
            "4bf92f3577b34da6a3ce929d0e0e4736",
            List.of(
                new DebugView.LogLine(
                    Samples.ago("2H"),
                    "INFO",
                    Tone.NEUTRAL,
                    "reading s3://raw/carriers/2026-11-19 (12 files)"),
                new DebugView.LogLine(
                    Samples.ago("1H58M"),
                    "WARN",
                    Tone.WARN,
                    "column carrier: 14 values are not numbers"),
                new DebugView.LogLine(
                    Samples.ago("1H56M"),
                    "ERROR",
                    Tone.BAD,
                    "org.postgresql.util.PSQLException: ERROR: column \"carrier\" is of type"
                        + " integer but expression is of type text\n  at org.postgresql.core.v3"
                        + ".QueryExecutorImpl.receiveErrorResponse(QueryExecutorImpl.java:2733)")),
            true,
            List.of(
                new DebugView.Span("carriers_nightly", "airflow", 0, 0, 1, "4 min 12 s", Tone.BAD),
                new DebugView.Span("extract", "loader", 1, 0.01, 0.35, "1 min 28 s", Tone.NEUTRAL),
                new DebugView.Span(
                    "GET s3://raw/carriers", "loader", 2, 0.02, 0.3, "1 min 16 s", Tone.NEUTRAL),
                new DebugView.Span("transform", "spark", 1, 0.36, 0.45, "1 min 53 s", Tone.NEUTRAL),
                new DebugView.Span("INSERT carriers", "loader", 1, 0.99, 0.001, "80 ms", Tone.BAD)),
            "4 min 12 s"),
        IntStream.range(0, 5)
            .mapToObj(
                i ->
                    new DebugView.Partition(
                        "carriers-" + i,
                        new Meter(
                            i == 3 ? "14 min" : (3 + i) + " s",
                            i == 3 ? 1.0 : 0.02 * i,
                            i == 3 ? Tone.BAD : Tone.GOOD),
                        Samples.ago(i == 3 ? "14M" : "5S"),
                        (10 + i) + " 204 records"))
            .toList(),
        new DebugView.Heatmap(
            "Records per partition in 10 min; darker is more",
            List.of("02:10", "02:20", "02:30", "02:40", "02:50", "03:00"),
            IntStream.range(0, 5)
                .mapToObj(
                    i ->
                        new DebugView.Heatmap.Row(
                            "carriers-" + i,
                            IntStream.range(0, 6)
                                .mapToObj(
                                    j ->
                                        new DebugView.Heatmap.Cell(
                                            i == 3 ? j : (i + j) % 3,
                                            i == 3 ? j * 9 + " k" : (i + j) % 3 + " k"))
                                .toList()))
                .toList()),
        List.of(
            new DebugView.SchemaChange(
                Samples.ago("5H"),
                Link.dataset("raw_carriers"),
                "column carrier: int → string",
                new Badge(Tone.BAD, "breaking")),
            new DebugView.SchemaChange(
                Samples.ago("90H"),
                Link.dataset("raw_carriers"),
                "column country added, nullable",
                new Badge(Tone.GOOD, "compatible"))));
  }

  static RunbookView runbook() {
    return new RunbookView(
        "stale-dataset",
        "Stale dataset",
        "F2",
        "page",
        "platform-oncall",
        "2026-11-01",
        "90 days",
        true,
        List.of("M2", "M3"),
        new SafeHtml(
            "<h2>What it means</h2><p>The newest record is older than promised.</p><table><thead>"
                + "<tr><th>Sign</th><th>Cause</th></tr></thead><tbody><tr><td>lag grows</td><td>too"
                + " slow</td></tr></tbody></table><h2>How to look</h2><pre><code>./tidemark slo"
                + " flights-freshness</code></pre>"),
        Link.incident("INC-17", "Connector flights-cdc is silent"),
        Samples.steps("runbook"),
        List.of(
            Link.runbook("data-loss", "Data loss"),
            Link.runbook("hot-partitions", "Hot partitions")));
  }

  static ErrorView error() {
    return new ErrorView(
        404,
        "No such dataset",
        "There is no dataset \"ordres\".",
        "Did you mean \"orders\"? Names are those of metadata.name in the definitions.",
        new Link("All datasets", "/datasets"));
  }

  static DutyView duty() {
    return new DutyView(
        List.of(
            new DutyView.OnCall(
                "primary",
                "anna",
                new Badge(Tone.GOOD, "on call"),
                Samples.frame().now().plusSeconds(86_400),
                "bo",
                "cHJpbWFyeQ.c2lnbmVk.ics"),
            new DutyView.OnCall(
                "holidays",
                "",
                new Badge(Tone.BAD, "nobody"),
                null,
                "",
                "aG9saWRheXM.c2lnbmVk.ics")),
        List.of(
            new DutyView.FailingReceiver(
                "team-flights", Samples.frame().now().minusSeconds(900), "3 notifications")),
        List.of(
            new DutyView.DeadLetter(
                "INC-12/1/pager/triggered",
                Samples.frame().now().minusSeconds(7_200),
                "pager",
                Link.incident("INC-12", "orders: Freshness of orders"),
                "rejected: HTTP 400: no such routing key; check routingKey")),
        2);
  }

  static PostmortemView postmortem() {
    return new PostmortemView(
        "INC-17",
        "Connector flights-cdc is silent; flights and 2 more go stale",
        new Badge(Tone.GOOD, "resolved"),
        new Badge(Tone.BAD, "page"),
        "platform-oncall",
        "connector flights-cdc",
        List.of("connector flights-cdc has been silent since 02:49:31"),
        List.of(
            new PostmortemView.Measure(
                "Time to detect", "2 min", "02:49:31 (the data went bad) to 02:51:31 (opened)")),
        List.of(
            new PostmortemView.Episode("02:51:31", "2 min", "4 min by anna", "12 min", "03:03:31")),
        List.of(Link.dataset("flights"), Link.dataset("flights_hourly")),
        List.of("delay-model"),
        List.of(new PostmortemView.Event("02:51:31", "opened", "flights-heartbeat fires")),
        List.of(
            new PostmortemView.Delivery("02:51:32", "platform-oncall", "triggered", "delivered")),
        Link.runbookFor("silent-connector-death", "Silent connector death", "INC-17"),
        Samples.steps("incident").steps(),
        List.of(
            new PostmortemView.Action(
                "/incidents/INC-17/actions/1",
                "Alert on connector restarts",
                "platform",
                "2026-04-01",
                "OPS-31",
                new Badge(Tone.WARN, "open"),
                false)));
  }

  static LinkView link() {
    return new LinkView(
        "Acknowledge INC-17?",
        "Connector flights-cdc is silent; flights and 2 more go stale",
        "INC-17",
        "This link was sent to platform-oncall and is good until 2026-03-02 03:12:00 UTC.",
        "/a/eyJh.c2ln",
        "Acknowledge",
        null,
        Link.incident("INC-17", "To the incident"));
  }

  static SignInView signIn() {
    return new SignInView("/sign-in", "/dashboards/oncall", "This token is not known.", "c5rf");
  }

  static IndexView index() {
    return new IndexView(
        Section.SLOS,
        "Objectives",
        "Every promise, fastest burning first.",
        List.of("Promise", "Dataset"),
        Stream.concat(
                Samples.oncall().burns().stream()
                    .map(
                        row ->
                            new IndexView.Row(
                                row.slo(),
                                row.state(),
                                row.budget(),
                                List.of("newest record at most 5 min old", row.dataset().text()))),
                Stream.of(new IndexView.Row(Link.slo("plain"), null, null, List.of("ratio", "–"))))
            .toList(),
        "No objectives are defined yet.");
  }
}
