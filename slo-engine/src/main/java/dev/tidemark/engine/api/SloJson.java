package dev.tidemark.engine.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.engine.budget.BudgetSnapshot;
import dev.tidemark.engine.budget.ErrorBudget;
import dev.tidemark.engine.condition.Firing;
import dev.tidemark.engine.condition.Judge;
import dev.tidemark.engine.condition.Remark;
import dev.tidemark.engine.definition.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/** Objectives as programs see them. Stateless; runs on the judge's thread. */
public final class SloJson {
  private SloJson() {}

  /** The state of an objective in one word. */
  public enum State {
    /** On budget. */
    OK,
    /** A condition holds. */
    BURNING,
    /** The budget is used up. */
    BREACHED,
    /** Nothing was measured yet, or too little to say. */
    UNKNOWN;

    /** Returns the word. */
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** Returns the state of an objective. */
  public static State state(Judge judge, Objective objective, Instant at) {
    if (judge.firing(objective.id()).isPresent()) {
      return State.BURNING;
    }
    BudgetSnapshot snapshot = judge.snapshot(objective.id(), at).orElseThrow();
    if (!snapshot.isKnown()) {
      return State.UNKNOWN;
    }
    return snapshot.leftRatio().orElse(1) <= 0 ? State.BREACHED : State.OK;
  }

  /** Returns one objective. */
  public static ObjectNode of(Judge judge, Objective objective, Instant at) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    BudgetSnapshot snapshot = judge.snapshot(objective.id(), at).orElseThrow();
    json.put("name", objective.id().value());
    json.put("displayName", objective.displayName());
    json.putObject("subject")
        .put("type", objective.subject().type().name().toLowerCase(java.util.Locale.ROOT))
        .put("name", objective.subject().name());
    json.put("owner", objective.owner());
    json.put("domain", objective.domain());
    json.put("sli", objective.sli().kind());
    json.put("state", state(judge, objective, at).word());
    json.put("target", objective.target().text());
    json.put("targetRatio", objective.target().ratio());
    json.put("window", objective.window().text());
    put(json, "sliRatio", snapshot.sliRatio());
    put(json, "budgetLeftRatio", snapshot.leftRatio());
    json.put("budgetLeftText", snapshot.leftText());
    json.put("budgetLeftSeconds", snapshot.budget().leftTime().toSeconds());
    json.put("budgetKnown", snapshot.isKnown());
    json.put("coverageRatio", snapshot.coverageRatio());
    json.put("watchedRatio", snapshot.coverage().watchedRatio());
    json.put("budgetVolume", volume(snapshot.budget()));
    json.put("noData", silence(objective));
    snapshot.lastData().ifPresent(seen -> json.put("lastData", seen.toString()));
    snapshot.frozenSince().ifPresent(since -> json.put("frozenSince", since.toString()));
    ArrayNode windows = json.putArray("windows");
    windows.add(window(snapshot.budget()));
    snapshot.others().forEach(other -> windows.add(window(other)));
    snapshot
        .forecast()
        .ifPresent(
            forecast -> {
              ObjectNode node = json.putObject("budgetExhausted");
              node.put("earliest", at.plus(forecast.earliest()).toString());
              forecast.latest().ifPresent(last -> node.put("latest", at.plus(last).toString()));
            });
    json.put("good", snapshot.counts().good());
    json.put("total", snapshot.counts().total());
    ObjectNode rates = json.putObject("burnRates");
    snapshot.burnRates().forEach((window, rate) -> rates.put(words(window), rate.toString()));
    json.put("currentlyBad", judge.currentlyBad(objective.id()));
    judge.badSince(objective.id()).ifPresent(since -> json.put("badSince", since.toString()));
    Optional<Firing> firing = judge.firing(objective.id());
    firing.ifPresent(
        f ->
            json.putObject("firing")
                .put("severity", f.condition().severity().name().toLowerCase(java.util.Locale.ROOT))
                .put("factor", f.condition().factor())
                .put("since", f.since().toString()));
    ArrayNode remarks = json.putArray("remarks");
    for (Remark remark : judge.remarks(objective.id())) {
      remarks.addObject().put("kind", remark.kind().text()).put("text", remark.text());
    }
    ObjectNode labels = json.putObject("labels");
    objective.labels().forEach(labels::put);
    json.put("runbook", objective.runbook());
    json.put("place", objective.place());
    return json;
  }

  /** What silence means for an objective, in one word. */
  public static String silence(Objective objective) {
    return objective.silence().text();
  }

  /** Says of what a budget is a share: of the window's time, of expected or of seen events. */
  public static String volume(ErrorBudget budget) {
    return budget.isSliced() ? "time" : budget.expectedEvents() > 0 ? "expected" : "seen";
  }

  private static ObjectNode window(ErrorBudget budget) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", budget.name());
    json.put("start", budget.start().toString());
    json.put("end", budget.end().toString());
    json.put("good", budget.counts().good());
    json.put("total", budget.counts().total());
    put(json, "sliRatio", budget.sliRatio());
    put(json, "budgetLeftRatio", budget.leftRatio());
    json.put("budgetLeftText", budget.leftText());
    if (budget.isCorrected()) {
      put(json, "rawSliRatio", budget.rawSliRatio());
      put(json, "rawBudgetLeftRatio", budget.rawLeftRatio());
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

  /** Returns a window in words, such as {@code 5m}, {@code 1h} or {@code 30d}. */
  public static String words(Duration window) {
    if (window.toDays() > 0 && window.toHoursPart() == 0) {
      return window.toDays() + "d";
    }
    if (window.toHours() > 0 && window.toMinutesPart() == 0) {
      return window.toHours() + "h";
    }
    return window.toSecondsPart() == 0 ? window.toMinutes() + "m" : window.toSeconds() + "s";
  }
}
