package dev.tidemark.dashboards;

import dev.tidemark.dashboards.view.Badge;
import dev.tidemark.dashboards.view.Chart;
import dev.tidemark.dashboards.view.DatasetView;
import dev.tidemark.dashboards.view.ExecutiveView;
import dev.tidemark.dashboards.view.Figure;
import dev.tidemark.dashboards.view.Frame;
import dev.tidemark.dashboards.view.IncidentRow;
import dev.tidemark.dashboards.view.IncidentView;
import dev.tidemark.dashboards.view.LineageNode;
import dev.tidemark.dashboards.view.Link;
import dev.tidemark.dashboards.view.Meter;
import dev.tidemark.dashboards.view.ObjectiveRow;
import dev.tidemark.dashboards.view.OncallView;
import dev.tidemark.dashboards.view.SafeHtml;
import dev.tidemark.dashboards.view.Slice;
import dev.tidemark.dashboards.view.SloView;
import dev.tidemark.dashboards.view.StepsView;
import dev.tidemark.dashboards.view.Tone;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A night in which the flights connector died without a word. */
final class Samples {
  static final Instant NOW = Instant.parse("2026-11-20T03:12:40Z");
  static final Badge BURNING = new Badge(Tone.BAD, "burning");
  static final Badge HEALTHY = new Badge(Tone.GOOD, "healthy");
  static final Badge UNKNOWN = new Badge(Tone.UNKNOWN, "unknown");
  static final Badge PAGE = new Badge(Tone.BAD, "page");
  static final Badge TICKET = new Badge(Tone.WARN, "ticket");

  private Samples() {}

  static Frame frame() {
    return new Frame(
        NOW,
        "Demo: the clock runs 60× fast, it is now 2026-11-20 03:12 UTC. Real US flights of 2015.",
        "alice (operate)",
        2,
        true);
  }

  static Instant ago(String duration) {
    return NOW.minus(Duration.parse("PT" + duration));
  }

  static IncidentRow openIncident() {
    return new IncidentRow(
        Link.incident("INC-17", "Connector flights-cdc is silent; flights and 2 more go stale"),
        PAGE,
        new Badge(Tone.BAD, "open"),
        ago("23M"),
        ago("21M"),
        null,
        "No heartbeat of flights-cdc since 02:49 UTC; no run failed",
        "flights, flights_hourly, delay_features; read by revenue-dashboard, eta-model, ops-wall",
        Link.runbookFor("silent-connector-death", "Silent connector death", "INC-17"));
  }

  static IncidentRow ticket() {
    return new IncidentRow(
        Link.incident("INC-16", "Column carrier of raw_carriers changed its type"),
        TICKET,
        new Badge(Tone.WARN, "acknowledged by bob"),
        ago("5H"),
        ago("4H"),
        null,
        "int → string in the run of 22:10 UTC",
        "carriers; nobody reads it yet",
        Link.runbookFor("metadata-drift", "Metadata drift", "INC-16"));
  }

  static IncidentRow resolved() {
    return new IncidentRow(
        Link.incident("INC-12", "orders incomplete"),
        PAGE,
        new Badge(Tone.GOOD, "resolved"),
        ago("80H"),
        ago("79H"),
        ago("77H"),
        "orders-cdc lost 1 204 records",
        "billing",
        null);
  }

  static List<Slice> slices(int count, int badFrom, int unknownAt) {
    List<Slice> slices = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Tone tone = i >= badFrom ? Tone.BAD : i / 3 == unknownAt ? Tone.UNKNOWN : Tone.GOOD;
      Instant from = NOW.minus(Duration.ofMinutes(10L * (count - i)));
      slices.add(new Slice(tone, i == 9 || i == 10, Formats.minute(from) + " UTC: " + tone.word()));
    }
    return slices;
  }

  static Chart chart(String title, String unit, int points, boolean falling) {
    List<Instant> times = new ArrayList<>();
    List<@Nullable Double> values = new ArrayList<>();
    List<@Nullable Double> second = new ArrayList<>();
    for (int i = 0; i < points; i++) {
      times.add(NOW.minus(Duration.ofHours(24L * (points - i))));
      values.add(i == 7 ? null : falling ? 100 - i * i * 0.11 : 99.2 + Math.sin(i) * 0.6);
      second.add(falling ? 100 - i * 100.0 / points : 98.7 + Math.cos(i / 3.0));
    }
    return new Chart(
        title,
        unit,
        times,
        List.of(
            new Chart.Series(falling ? "Budget left" : "All data", values, Tone.NEUTRAL),
            new Chart.Series(falling ? "Even spending" : "Critical tier", second, Tone.UNKNOWN)),
        falling ? 0.0 : 99.0,
        falling ? "exhausted" : "target");
  }

  static ExecutiveView executive() {
    return new ExecutiveView(
        "November 2026, so far",
        "Data kept 98.7 % of what it promised, a little less than in October; one connector causes"
            + " most of the damage.",
        new Figure("Pipeline success rate", "99.42 %", Tone.WARN, "target 99.9 % a week", null),
        new Figure("Cost this month", "no cost signals yet", Tone.UNKNOWN, null, null),
        new Figure(
            "Catalog coverage",
            "72 %",
            Tone.BAD,
            "18 of 25 datasets seen; target 95 %",
            "/datasets"),
        new Figure(
            "Objectives within budget", "21 of 25", Tone.WARN, "2 exhausted, 2 unknown", "/slos"),
        List.of(
            new Figure("Incidents", "3", Tone.NEUTRAL, "2 of them paged", "/incidents"),
            Figure.of("Median time to detect", "4 min", Tone.NEUTRAL),
            Figure.of("Median time to acknowledge", "none yet", Tone.UNKNOWN)),
        List.of(
            new ExecutiveView.FailingDataset(
                Link.dataset("flights"),
                "operations",
                "team-flights",
                "3 h 12 min",
                new Meter("−12 %", -0.12, Tone.BAD),
                3),
            new ExecutiveView.FailingDataset(
                Link.dataset("orders"),
                "payments",
                "team-payments",
                "1 h 5 min",
                new Meter("18 %", 0.18, Tone.WARN),
                1),
            new ExecutiveView.FailingDataset(
                Link.dataset("carriers"),
                "operations",
                "",
                "22 min",
                new Meter("81 %", 0.81, Tone.GOOD),
                1)),
        List.of(
            new ExecutiveView.DomainBudget(
                "operations", new Meter("9 %", 0.09, Tone.BAD), 12, 2, 0),
            new ExecutiveView.DomainBudget("partners", Meter.unknown("unknown"), 2, 0, 2),
            new ExecutiveView.DomainBudget(
                "payments", new Meter("64 %", 0.64, Tone.GOOD), 11, 0, 0)),
        chart("Share of good time per day", "%", 30, false));
  }

  static OncallView oncall() {
    return new OncallView(
        List.of(openIncident(), ticket()),
        List.of(
            new OncallView.FailingPipeline(
                Link.pipeline("carriers_nightly"),
                "3 of the last 5 runs failed",
                ago("2H"),
                "ERROR: column \"carrier\" is of type integer but expression is of type text",
                Link.run("carriers_nightly", "0f8e2c1a-77d0"))),
        List.of("5 min", "1 h", "6 h", "3 d"),
        List.of(
            burn("flights-freshness", "flights", BURNING, 0.41, "100×", "38.3×", "6.4×", "0.9×"),
            burn(
                "flights_hourly-freshness",
                "flights_hourly",
                BURNING,
                0.62,
                "100×",
                "12×",
                "2×",
                "0.2×"),
            burn(
                "delay_features-drift",
                "delay_features",
                UNKNOWN,
                null,
                "unknown",
                "unknown",
                "0.4×",
                "0.3×"),
            burn("orders-completeness", "orders", HEALTHY, 0.93, "0×", "0×", "0.2×", "0.1×")),
        List.of(
            new OncallView.Connector(
                "flights-cdc",
                Link.dataset("flights"),
                new Badge(Tone.BAD, "silent"),
                ago("23M"),
                "every 1 min",
                slices(60, 37, 2)),
            new OncallView.Connector(
                "orders-cdc",
                Link.dataset("orders"),
                new Badge(Tone.GOOD, "alive"),
                ago("12S"),
                "every 1 min",
                slices(60, 99, 5)),
            new OncallView.Connector(
                "partner-sftp",
                Link.dataset("partner_prices"),
                new Badge(Tone.UNKNOWN, "unknown"),
                null,
                "every 15 min",
                slices(60, 99, 99))),
        List.of(
            new OncallView.SilenceRow(
                "dataset=\"partner_prices\"",
                "dana",
                "the partner moves house (OPS-17)",
                ago("-2H"),
                new Badge(Tone.WARN, "in force"))),
        MoreSamples.duty(),
        List.of(
            Figure.of("Queue age, p95", "42 s", Tone.GOOD),
            new Figure("Undelivered notifications", "1", Tone.WARN, "oldest 40 s", null),
            Figure.of("Dead letters", "0", Tone.GOOD)),
        List.of(
            Figure.of("Ingest lag", "0.8 s", Tone.GOOD),
            new Figure("Spool on disk", "empty", Tone.GOOD, "ClickHouse answers", null),
            Figure.of("Last evaluation", "2 s ago", Tone.GOOD),
            Figure.of("Rejected signals, last hour", "3", Tone.WARN)));
  }

  private static OncallView.BurnRow burn(
      String slo, String dataset, Badge state, @Nullable Double left, String... rates) {
    return new OncallView.BurnRow(
        Link.slo(slo),
        Link.dataset(dataset),
        state,
        new Meter(
            Formats.percent(left),
            left,
            left == null ? Tone.UNKNOWN : left < 0.5 ? Tone.WARN : Tone.GOOD),
        List.of(rates).stream().map(Samples::rate).toList());
  }

  private static Badge rate(String text) {
    if (text.equals("unknown")) {
      return new Badge(Tone.UNKNOWN, text);
    }
    double rate = Double.parseDouble(text.replace("×", ""));
    return new Badge(rate >= 6 ? Tone.BAD : rate > 1 ? Tone.WARN : Tone.GOOD, text);
  }

  static SloView slo() {
    return new SloView(
        "flights-freshness",
        "Flights are fresh",
        BURNING,
        Link.dataset("flights"),
        "team-flights",
        "The newest record is at most 5 min old",
        "99.5 %",
        "rolling 30 days",
        "timeslices of 1 min",
        new Figure("Measured", "99.705 %", Tone.WARN, "of the judged time was good", null),
        new Meter("41 % left", 0.41, Tone.WARN),
        "2 h 7 min of 3 h 36 min spent; at this speed it is gone in 1 h 29 min",
        List.of(
            new SloView.Window(
                "30d",
                "99.705 %",
                new Meter("41 % left", 0.41, Tone.WARN),
                "89 bad minutes left",
                null),
            new SloView.Window(
                "month (Europe/Warsaw)",
                "99.6 %",
                new Meter("12 % left", 0.12, Tone.BAD),
                "26 bad minutes left",
                "3 % left")),
        List.of(
            new SloView.Fact("Silence", "counts as bad"),
            new SloView.Fact(
                "If it goes on like this", "used up between 1 h 29 min and 4 d from now")),
        new Figure("Known", "96.1 %", Tone.WARN, "1 d 4 h unknown: Tidemark was down", null),
        List.of(
            new SloView.Burn("5 min", new Badge(Tone.BAD, "200×"), "5 of 5 slices bad"),
            new SloView.Burn("1 h", new Badge(Tone.BAD, "76.7×"), "23 of 60 slices bad"),
            new SloView.Burn("6 h", new Badge(Tone.BAD, "12.8×"), "23 of 360 slices bad"),
            new SloView.Burn("3 d", new Badge(Tone.GOOD, "0.9×"), "23 of 4 320 slices bad")),
        chart("Budget left", "%", 30, true),
        slices(144, 141, 20),
        "Last 24 h, 10 min each, oldest first",
        List.of(
            new SloView.Condition(
                PAGE,
                "14.4× over 1 h and 5 min",
                "76.7× and 200×",
                new Badge(Tone.BAD, "firing"),
                ago("21M")),
            new SloView.Condition(
                PAGE,
                "6× over 6 h and 30 min",
                "12.8× and 153×",
                new Badge(Tone.BAD, "firing"),
                ago("12M")),
            new SloView.Condition(
                TICKET,
                "1× over 3 d and 6 h",
                "0.9× and 12.8×",
                new Badge(Tone.GOOD, "quiet"),
                null)),
        List.of(
            new SloView.Restatement(
                ago("6H"),
                "2026-11-19 20:40–21:00 UTC",
                "bad → good",
                "1 240 records came 14 min late")),
        List.of(openIncident(), resolved()),
        "definitions/flights.yaml:14:7",
        Link.runbook("stale-dataset", "Stale dataset"));
  }

  static DatasetView dataset() {
    return new DatasetView(
        "flights",
        "Flights",
        "Every US domestic flight, as the airlines report it.",
        BURNING,
        "team-flights",
        "operations",
        "critical",
        Link.pipeline("flights_ingest"),
        ago("24M"),
        List.of("revenue-dashboard", "eta-model", "ops-wall"),
        List.of(new LineageNode(Link.dataset("raw_flights"), "dataset", HEALTHY, "1 step")),
        List.of(
            new LineageNode(Link.dataset("flights_hourly"), "dataset", BURNING, "1 step"),
            new LineageNode(Link.dataset("delay_features"), "dataset", UNKNOWN, "2 steps"),
            new LineageNode(Link.none("eta-model"), "consumer", UNKNOWN, "team-ml")),
        List.of(
            new ObjectiveRow(
                Link.slo("flights-freshness"),
                Link.dataset("flights"),
                "newest record at most 5 min old",
                "99.5 % over 30 d",
                "99.705 %",
                new Meter("41 %", 0.41, Tone.WARN),
                new Badge(Tone.BAD, "76.7×"),
                BURNING),
            new ObjectiveRow(
                Link.slo("flights-completeness"),
                Link.dataset("flights"),
                "99.95 % of the expected records per day",
                "99 % over 30 d",
                "100 %",
                new Meter("100 %", 1.0, Tone.GOOD),
                new Badge(Tone.GOOD, "0×"),
                HEALTHY)),
        new Chart(
            "Records per hour",
            "records",
            List.of(ago("3H"), ago("2H"), ago("1H")),
            List.of(
                new Chart.Series("observed", List.of(812.0, 790.0, 402.0), Tone.GOOD),
                new Chart.Series("expected", List.of(812.0, 791.0, 803.0), Tone.NEUTRAL)),
            null,
            null),
        List.of(
            new DatasetView.Period(ago("1H"), true, "402", "803", "50.1 %", "2 late"),
            new DatasetView.Period(ago("2H"), false, "790", "791", "99.873 %", "1 rejected"),
            new DatasetView.Period(ago("3H"), false, "812", "812", "100 %", "none")),
        List.of("flight_date date", "carrier string", "dep_delay int", "arr_delay int"),
        List.of(openIncident()),
        Link.runbook("stale-dataset", "Stale dataset"),
        "definitions/flights.yaml:1:1");
  }

  static StepsView steps(String from) {
    return new StepsView(
        "/incidents/INC-17/steps",
        from,
        List.of(
            new StepsView.Step(
                1,
                "Ask the connector:",
                List.of("curl -s http://CONNECT/connectors | jq '.[]'"),
                true,
                "done 02:58:00 by anna"),
            new StepsView.Step(2, "Restart it", List.of(), false, "")));
  }

  static IncidentView incident() {
    return new IncidentView(
        "INC-17",
        "Connector flights-cdc is silent; flights and 2 more go stale",
        PAGE,
        new Badge(Tone.BAD, "open"),
        ago("23M"),
        ago("21M"),
        null,
        null,
        "23 min so far",
        null,
        null,
        "platform-oncall",
        new IncidentView.Cause(
            "The connector flights-cdc stopped without an error",
            Link.pipeline("flights_ingest"),
            true,
            List.of(
                "Last heartbeat of flights-cdc: 02:49:31 UTC, promised every 1 min",
                "Watermark of flights stands at 02:48:00 UTC",
                "No failed run of flights_ingest in 24 h",
                "raw_flights, upstream of it, is healthy")),
        List.of(
            new IncidentView.Affected(
                Link.slo("flights-freshness"),
                Link.dataset("flights"),
                ago("21M"),
                new Badge(Tone.BAD, "76.7×"),
                new Meter("41 %", 0.41, Tone.WARN),
                new Badge(Tone.BAD, "firing"),
                "when told 38 %, as known now 41 %: 31 slices were restated"),
            new IncidentView.Affected(
                Link.slo("flights_hourly-freshness"),
                Link.dataset("flights_hourly"),
                ago("12M"),
                new Badge(Tone.BAD, "12×"),
                new Meter("62 %", 0.62, Tone.GOOD),
                new Badge(Tone.BAD, "firing"),
                null)),
        dataset().downstream(),
        List.of(
            new IncidentView.Event(ago("23M"), "Last heartbeat", "of flights-cdc.", Tone.NEUTRAL),
            new IncidentView.Event(
                ago("21M"), "Opened", "flights-heartbeat fires: page.", Tone.BAD),
            new IncidentView.Event(
                ago("20M"), "Sent", "to platform-oncall (pagerduty).", Tone.GOOD),
            new IncidentView.Event(
                ago("12M"),
                "Joined",
                "flights_hourly-freshness fires; same cause, no second page.",
                Tone.WARN)),
        List.of(
            new IncidentView.Delivery(
                ago("21M"),
                "platform-oncall (pagerduty)",
                "page",
                new Badge(Tone.GOOD, "delivered"),
                ""),
            new IncidentView.Delivery(
                ago("21M"),
                "team-flights (slack)",
                "page",
                new Badge(Tone.WARN, "waiting"),
                "after 3 attempts: HTTP 503; next in 40 s")),
        Link.runbookFor("silent-connector-death", "Silent connector death", "INC-17"),
        new SafeHtml(
            "<h2>How to look</h2><ol><li>Ask the connector: <pre><code>curl -s"
                + " http://connect:8083/connectors/flights-cdc/status | jq</code></pre></li></ol>"
                + "<h2>How to mend</h2><ol><li>Restart it.</li><li>Rotate its"
                + " credentials.</li></ol>"),
        steps("incident"),
        true,
        new IncidentView.Actions(
            "flights, flights_hourly",
            "flights, flights_hourly, delay_features",
            List.of("flights", "flights_hourly"),
            "2026-03-01T08:00",
            new IncidentView.Regrouping(
                List.of(
                    new IncidentView.Choice("flights-freshness", "Freshness of flights"),
                    new IncidentView.Choice(
                        "flights_hourly-freshness", "Freshness of flights_hourly")),
                List.of(new IncidentView.Choice("INC-16", "INC-16 · Schema of prices has changed")),
                false)),
        "c5rf");
  }
}
