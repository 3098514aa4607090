package dev.tidemark.engine.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.engine.ingest.openlineage.LineageFacts;
import dev.tidemark.engine.ingest.openlineage.LineageReader;
import dev.tidemark.engine.ingest.openlineage.RunTracker;
import dev.tidemark.engine.ingest.openlineage.UnusableEventException;
import dev.tidemark.engine.model.LineageEvent;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.SignalBatch;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * OpenLineage over HTTP. Overload is said with 503: its clients try again after that, not after
 * 429. Runs on event loops.
 */
final class LineageHttp {
  private static final String PROTOCOL = "openlineage";

  private final Intake intake;
  private final RunTracker runs;
  private final LineageReader reader;

  LineageHttp(Intake intake, RunTracker runs, InstantSource clock) {
    this.intake = intake;
    this.runs = runs;
    this.reader = new LineageReader(clock);
  }

  /** One request, read: the good events, and why the others are not. */
  private record Batch(List<LineageFacts> good, List<JsonObject> failed, int received) {}

  void one(RoutingContext context) {
    take(context, false)
        .onSuccess(
            batch -> {
              if (batch.failed.isEmpty()) {
                context.response().setStatusCode(201).end();
              } else {
                answer(context, batch);
              }
            })
        .onFailure(failure -> refuse(context, failure));
  }

  void many(RoutingContext context) {
    take(context, true)
        .onSuccess(batch -> answer(context, batch))
        .onFailure(failure -> refuse(context, failure));
  }

  private static void answer(RoutingContext context, Batch batch) {
    context.response().putHeader("Content-Type", "application/json").end(summary(batch).toBuffer());
  }

  private static JsonObject summary(Batch batch) {
    return new JsonObject()
        .put("status", batch.failed.isEmpty() ? "success" : "partial_success")
        .put(
            "summary",
            new JsonObject()
                .put("received", batch.received)
                .put("successful", batch.good.size())
                .put("failed", batch.failed.size())
                .put("retriable", 0)
                .put("non_retriable", batch.failed.size()))
        .put("failed_events", new JsonArray(batch.failed));
  }

  private void refuse(RoutingContext context, Throwable failure) {
    Refusal refusal = intake.refusal(PROTOCOL, failure);
    int status = refusal.kind().http == 429 ? 503 : refusal.kind().http;
    Answers.refuse(context, refusal, "POST", status);
  }

  private Future<Batch> take(RoutingContext context, boolean many) {
    String sender = Senders.of(context);
    boolean gzip;
    try {
      gzip = RequestBody.isGzip(context.request().getHeader("Content-Encoding"));
      intake.checkRate(sender);
    } catch (Refusal refusal) {
      return Future.failedFuture(refusal);
    }
    return RequestBody.read(context, intake.limits().lineageBodyBytes())
        .compose(
            body ->
                intake.decode(
                    RequestBody.expected(body.length(), gzip), () -> read(body, gzip, many)))
        .compose(batch -> store(batch, sender));
  }

  private Batch read(Buffer body, boolean gzip, boolean many) throws Refusal {
    byte[] json =
        gzip
            ? RequestBody.gunzip(body.getBytes(), intake.limits().decompressedBytes())
            : body.getBytes();
    try {
      JsonNode node = reader.parse(json);
      if (!node.isArray()) {
        return new Batch(List.of(reader.read(node, List.of())), List.of(), 1);
      }
      List<String> odd = many ? List.of() : List.of(LineageReader.LIST_OF_EVENTS);
      List<LineageFacts> good = new ArrayList<>();
      List<JsonObject> failed = new ArrayList<>();
      for (int i = 0; i < node.size(); i++) {
        try {
          good.add(reader.read(node.get(i), odd));
        } catch (UnusableEventException e) {
          failed.add(
              new JsonObject()
                  .put("index", i)
                  .put("reason", e.getMessage())
                  .put("retriable", false));
        }
      }
      if (!many && good.isEmpty() && !failed.isEmpty()) {
        throw new UnusableEventException("event 0: " + failed.get(0).getString("reason"));
      }
      return new Batch(good, failed, node.size());
    } catch (UnusableEventException e) {
      throw new Refusal(Refusal.Kind.MALFORMED, String.valueOf(e.getMessage()));
    }
  }

  private Future<Batch> store(Batch batch, String sender) {
    List<RunTracker.Step> steps = new ArrayList<>();
    List<MetricPoint> points = new ArrayList<>();
    List<LineageEvent> events = new ArrayList<>();
    for (LineageFacts facts : batch.good) {
      RunTracker.Step step = runs.apply(facts);
      steps.add(step);
      points.addAll(step.points());
      events.add(marked(facts.event(), step.remarks()));
    }
    return intake
        .append(PROTOCOL, sender, new SignalBatch(points, List.of(), List.of(), events, List.of()))
        .onFailure(
            failure -> {
              for (int i = steps.size() - 1; i >= 0; i--) {
                runs.withdraw(steps.get(i));
              }
            })
        .map(
            durable -> {
              for (LineageEvent event : events) {
                event.remarks().forEach(remark -> intake.metrics().remarked(PROTOCOL, remark));
              }
              if (!batch.failed.isEmpty()) {
                intake.metrics().rejected(PROTOCOL, "unusable", batch.failed.size());
              }
              return batch;
            });
  }

  private static LineageEvent marked(LineageEvent event, List<String> remarks) {
    if (remarks.isEmpty()) {
      return event;
    }
    List<String> all = new ArrayList<>(event.remarks());
    all.addAll(remarks);
    return new LineageEvent(
        event.kind(),
        event.eventType(),
        event.eventTimeNanos(),
        event.runId(),
        event.job(),
        event.parentRunId(),
        event.inputs(),
        event.outputs(),
        all,
        event.json());
  }
}
