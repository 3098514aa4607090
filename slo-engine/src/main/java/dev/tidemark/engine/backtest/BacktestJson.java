package dev.tidemark.engine.backtest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.alerting.Severity;
import dev.tidemark.engine.backtest.BacktestResult.IncidentOutcome;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Backtests for programs. Stateless. */
public final class BacktestJson {
  private BacktestJson() {}

  /** Returns everything about a replay. */
  public static ObjectNode of(BacktestResult result) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("summary", BacktestText.summary(result));
    json.put("from", result.from().toString());
    json.put("to", result.to().toString());
    json.put("signals", result.points());
    json.put("pages", result.count(Severity.PAGE));
    json.put("tickets", result.count(Severity.TICKET));
    json.set("incidents", incidents(result.incidents(), result.to()));
    ArrayNode objectives = json.putArray("objectives");
    result
        .objectives()
        .forEach(
            outcome -> {
              ObjectNode node = objectives.addObject();
              node.put("name", outcome.name());
              node.put("target", outcome.target());
              node.put("window", outcome.budget().name());
              put(node, "sliRatio", outcome.budget().sliRatio());
              put(node, "budgetLeftRatio", outcome.budget().leftRatio());
              put(node, "lowestBudgetLeftRatio", outcome.lowestLeft());
              node.put("budgetLeftText", outcome.budget().leftText());
              node.put("good", outcome.budget().counts().good());
              node.put("total", outcome.budget().counts().total());
              ArrayNode alerts = node.putArray("alerts");
              outcome
                  .alerts()
                  .forEach(
                      alert -> {
                        ObjectNode one = alerts.addObject();
                        one.put("severity", word(alert.severity()));
                        one.put("from", alert.from().toString());
                        alert.until().ifPresent(until -> one.put("until", until.toString()));
                        one.put("condition", alert.condition());
                      });
              ArrayNode history = node.putArray("budgetLeft");
              outcome
                  .history()
                  .forEach(
                      left ->
                          history
                              .addObject()
                              .put("at", left.at().toString())
                              .put("ratio", left.ratio()));
            });
    return json;
  }

  /** Returns everything about a change. */
  public static ObjectNode of(BacktestDiff diff) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("summary", BacktestText.summary(diff));
    json.put("morePages", diff.more(Severity.PAGE));
    json.put("moreTickets", diff.more(Severity.TICKET));
    json.set("onlyBefore", incidents(diff.onlyBefore(), diff.after().to()));
    json.set("onlyAfter", incidents(diff.onlyAfter(), diff.after().to()));
    json.set("before", of(diff.before()));
    json.set("after", of(diff.after()));
    return json;
  }

  private static ArrayNode incidents(List<IncidentOutcome> incidents, Instant end) {
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    for (IncidentOutcome incident : incidents) {
      ObjectNode node = json.addObject();
      node.put("severity", word(incident.severity()));
      node.put("at", incident.at().toString());
      incident.until().ifPresent(until -> node.put("until", until.toString()));
      node.put("seconds", incident.lasted(end).toSeconds());
      node.put("title", incident.title());
      node.put("cause", incident.cause());
      incident.objectives().forEach(node.putArray("objectives")::add);
      incident.receivers().forEach(node.putArray("receivers")::add);
    }
    return json;
  }

  private static String word(Severity severity) {
    return severity.name().toLowerCase(Locale.ROOT);
  }

  private static void put(ObjectNode node, String name, OptionalDouble value) {
    if (value.isPresent()) {
      node.put(name, value.getAsDouble());
    } else {
      node.putNull(name);
    }
  }
}
