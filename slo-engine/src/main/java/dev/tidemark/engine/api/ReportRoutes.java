package dev.tidemark.engine.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.dashboards.Formats;
import dev.tidemark.dashboards.ReportRenderer;
import dev.tidemark.dashboards.view.ReportView;
import dev.tidemark.engine.report.FollowUp;
import dev.tidemark.engine.report.Review;
import dev.tidemark.engine.report.Reviewer;
import dev.tidemark.engine.store.clickhouse.ClickHouseSignalReader;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * {@code /api/v1/reports/week} and {@code /month}: the review for leadership, as JSON or with
 * {@code ?format=html} or {@code md} for people. Thread-safe.
 */
public final class ReportRoutes {
  private static final int INCIDENTS_AT_MOST = 5_000;

  private final Vertx vertx;
  private final EngineState state;
  private final ReportRenderer renderer = new ReportRenderer();

  /** Reviews this state. */
  public ReportRoutes(Vertx vertx, EngineState state) {
    this.vertx = vertx;
    this.state = state;
  }

  private record Answer(String type, String text) {}

  /** Adds the route. */
  public void mount(Router router) {
    router.get("/api/v1/reports/:period").handler(this::report);
  }

  private void report(RoutingContext context) {
    String period = context.pathParam("period");
    String format = context.request().getParam("format", "json");
    if (!List.of("week", "month").contains(period)) {
      throw new HttpException(
          404,
          "there is no report '"
              + period
              + "'; there are /api/v1/reports/week and /api/v1/reports/month");
    }
    if (!List.of("json", "html", "md").contains(format)) {
      throw new HttpException(400, "format is json, html or md, not '" + format + "'");
    }
    vertx
        .executeBlocking(() -> answer(review(period), format), false)
        .onSuccess(
            answer ->
                context
                    .response()
                    .putHeader("Content-Type", answer.type())
                    .putHeader(
                        "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
                    .putHeader("X-Content-Type-Options", "nosniff")
                    .end(answer.text()))
        .onFailure(context::fail);
  }

  private Review review(String period) {
    return new Reviewer(
            state.buckets(),
            new ClickHouseSignalReader(state.clickHouse()),
            state.records().plans().get())
        .review(
            period,
            state
                .judge()
                .ask(judge -> judge.definitions())
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join(),
            state.alerting().recent(INCIDENTS_AT_MOST),
            state.clock().instant());
  }

  private Answer answer(Review review, String format) {
    List<FollowUp> actions = state.records().followUps().all(true);
    ReportView view = view(review, actions);
    return switch (format) {
      case "html" -> new Answer("text/html; charset=utf-8", renderer.html(view));
      case "md" -> new Answer("text/markdown; charset=utf-8", renderer.markdown(view));
      default ->
          new Answer(
              "application/json",
              json(review).set("actions", FollowUpRoutes.array(actions)).toString());
    };
  }

  private static ReportView.Row row(FollowUp action) {
    return new ReportView.Row(
        action.text(),
        List.of(
            action.owner(),
            action.due() == null ? "–" : action.due().toString(),
            orNone(action.ticket()),
            action.incident()));
  }

  private static ObjectNode json(Review review) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("period", review.period())
        .put("from", review.from().toString())
        .put("to", review.to().toString());
    ObjectNode verdicts = json.putObject("promises");
    for (Review.Verdict verdict : Review.Verdict.values()) {
      verdicts.put(word(verdict), review.count(verdict));
    }
    ArrayNode objectives = json.putArray("objectives");
    for (Review.Promise promise : review.promises()) {
      ObjectNode row =
          objectives
              .addObject()
              .put("name", promise.objective())
              .put("domain", promise.domain())
              .put("tier", promise.tier())
              .put("owner", promise.owner())
              .put("target", promise.target())
              .put("verdict", word(promise.verdict()))
              .put("coverageRatio", promise.coverageRatio());
      row.put("noData", promise.silence());
      put(row, "sliRatio", promise.measured());
      if (!promise.counts().equals(promise.rawCounts())) {
        put(row, "rawSliRatio", promise.rawMeasured());
      }
      put(row, "budgetSpentRatio", promise.spentRatio());
    }
    Review.Incidents incidents = review.incidents();
    ObjectNode times =
        json.putObject("incidents").put("count", incidents.count()).put("pages", incidents.pages());
    put(times, "medianSecondsToDetect", incidents.detect());
    put(times, "medianSecondsToAcknowledge", incidents.acknowledge());
    put(times, "medianSecondsToRecover", incidents.recover());
    ObjectNode costs = json.putObject("costs");
    review.costs().forEach(costs::put);
    ArrayNode spending = json.putArray("spending");
    for (Review.Spend spend : review.spending()) {
      ObjectNode row =
          spending
              .addObject()
              .put("dataset", spend.dataset())
              .put("pipeline", spend.pipeline())
              .put("owner", spend.owner())
              .put("cost", spend.cost())
              .put("terabytes", spend.terabytes());
      put(row, "costPerTerabyte", spend.costPerTerabyte());
    }
    return json;
  }

  private static void put(ObjectNode json, String name, OptionalDouble value) {
    if (value.isPresent()) {
      json.put(name, value.getAsDouble());
    } else {
      json.putNull(name);
    }
  }

  private static void put(ObjectNode json, String name, Optional<Duration> value) {
    put(json, name, value.stream().mapToDouble(d -> d.toMillis() / 1e3).findFirst());
  }

  private static String word(Review.Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT);
  }

  private static ReportView view(Review review, List<FollowUp> actions) {
    Map<String, long[]> groups = new TreeMap<>();
    List<ReportView.Row> rows = new ArrayList<>();
    for (Review.Promise promise : review.promises()) {
      String group =
          (promise.domain().isEmpty() ? "no domain" : promise.domain())
              + (promise.tier().isEmpty() ? "" : " · " + promise.tier());
      int column =
          switch (promise.verdict()) {
            case KEPT -> 0;
            case BROKEN -> 1;
            case UNKNOWN -> 2;
          };
      groups.computeIfAbsent(group, name -> new long[3])[column]++;
      rows.add(
          new ReportView.Row(
              promise.displayName(),
              List.of(
                  orNone(promise.owner()),
                  promise.target(),
                  percent(promise.measured())
                      + (promise.counts().equals(promise.rawCounts())
                          ? ""
                          : " (" + percent(promise.rawMeasured()) + " without planned work)"),
                  percent(promise.spentRatio()),
                  Formats.percent(promise.coverageRatio()) + ", silence " + promise.silence(),
                  word(promise.verdict()))));
    }
    List<ReportView.Row> domains = new ArrayList<>();
    groups.forEach(
        (name, counts) ->
            domains.add(
                new ReportView.Row(
                    name,
                    List.of(
                        Long.toString(counts[0]),
                        Long.toString(counts[1]),
                        Long.toString(counts[2])))));
    List<ReportView.Row> costs = new ArrayList<>();
    for (Review.Spend spend : review.spending()) {
      costs.add(
          new ReportView.Row(
              orNone(spend.dataset()),
              List.of(
                  orNone(spend.pipeline()),
                  orNone(spend.owner()),
                  money(spend.cost()),
                  spend.bytes() > 0
                      ? String.format(Locale.ROOT, "%.2f", spend.terabytes())
                      : "unknown",
                  spend.costPerTerabyte().isPresent()
                      ? money(spend.costPerTerabyte().getAsDouble())
                      : "unknown")));
    }
    Review.Incidents incidents = review.incidents();
    return new ReportView(
        "Data reliability, the last " + (review.period().equals("week") ? "7" : "30") + " days",
        Formats.minute(review.from()) + " to " + Formats.minute(review.to()) + " UTC",
        review.count(Review.Verdict.KEPT)
            + " promises kept, "
            + review.count(Review.Verdict.BROKEN)
            + " broken, "
            + review.count(Review.Verdict.UNKNOWN)
            + " unknown because less than half of the time was measured.",
        List.of(
            new ReportView.Row("Incidents", List.of(Integer.toString(incidents.count()))),
            new ReportView.Row("Pages", List.of(Integer.toString(incidents.pages()))),
            new ReportView.Row("Median time to detect", List.of(time(incidents.detect()))),
            new ReportView.Row(
                "Median time to acknowledge", List.of(time(incidents.acknowledge()))),
            new ReportView.Row("Median time to recover", List.of(time(incidents.recover())))),
        domains,
        rows,
        costs,
        actions.stream().map(ReportRoutes::row).toList());
  }

  private static String orNone(String name) {
    return name.isEmpty() ? "–" : name;
  }

  private static String money(double amount) {
    return String.format(Locale.ROOT, "%.2f", amount);
  }

  private static String time(Optional<Duration> time) {
    return time.map(Formats::duration).orElse("none yet");
  }

  private static String percent(OptionalDouble ratio) {
    return Formats.percent(ratio.isPresent() ? ratio.getAsDouble() : null);
  }
}
