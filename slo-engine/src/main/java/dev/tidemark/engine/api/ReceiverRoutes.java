package dev.tidemark.engine.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.alerting.Delivery;
import dev.tidemark.alerting.DispatcherStats;
import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.NotificationKind;
import dev.tidemark.alerting.Notifier;
import dev.tidemark.alerting.Severity;
import dev.tidemark.alerting.notify.Notifiers;
import dev.tidemark.alerting.notify.text.SampleNotification;
import dev.tidemark.alerting.route.Receiver;
import dev.tidemark.alerting.route.Suggestion;
import dev.tidemark.engine.store.clickhouse.AuditTrail;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code /api/v1/receivers}: who can be told, what they would be sent, and a test that is sent for
 * real. Thread-safe.
 */
public final class ReceiverRoutes {
  private final Vertx vertx;
  private final EngineState state;
  private final Notifiers notifiers;

  /** Tells by these notifiers. */
  public ReceiverRoutes(Vertx vertx, EngineState state, Notifiers notifiers) {
    this.vertx = vertx;
    this.state = state;
    this.notifiers = notifiers;
  }

  /** Adds the routes. */
  public void mount(Router router) {
    router.get("/api/v1/receivers").handler(c -> Answers.json(vertx, c, this::list));
    router
        .get("/api/v1/receivers/:name/preview")
        .handler(c -> Answers.text(vertx, c, "text/plain; charset=utf-8", () -> preview(c)));
    router.post("/api/v1/receivers/:name/test").handler(c -> Answers.json(vertx, c, () -> test(c)));
  }

  private JsonNode list() {
    DispatcherStats stats = state.dispatch().get();
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode receivers = answer.putArray("receivers");
    new TreeMap<>(state.alerting().routes().receivers())
        .forEach(
            (name, receiver) -> {
              Instant failing = stats.failingSince().get(name);
              receivers
                  .addObject()
                  .put("name", name)
                  .put("channel", channel(receiver))
                  .put("sendResolved", receiver.sendResolved())
                  .put("failingSince", failing == null ? null : failing.toString())
                  .put("delivered", stats.delivered().getOrDefault(name, 0L))
                  .put("failed", stats.failed().getOrDefault(name, 0L))
                  .put("dead", stats.dead().getOrDefault(name, 0L));
            });
    return answer;
  }

  private static String channel(Receiver receiver) {
    return receiver.channel().getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  private String preview(RoutingContext context) {
    Receiver receiver = find(context);
    return notifiers
            .preview(receiver, SampleNotification.of(receiver.name(), state.clock().instant()))
            .stripTrailing()
        + "\n";
  }

  /** What was opened by the test is ended by it, so that nothing stays open over there. */
  private JsonNode test(RoutingContext context) {
    Receiver receiver = find(context);
    Instant now = state.clock().instant();
    Notifier notifier = notifiers.of(receiver);
    ObjectNode answer =
        JsonNodeFactory.instance
            .objectNode()
            .put("receiver", receiver.name())
            .put("channel", channel(receiver));
    ArrayNode sent = answer.putArray("sent");
    boolean delivered = send(notifier, receiver, NotificationKind.TRIGGERED, now, sent);
    if (delivered && receiver.sendResolved()) {
      delivered = send(notifier, receiver, NotificationKind.RESOLVED, now, sent);
    }
    answer.put("delivered", delivered);
    state
        .records()
        .audit()
        .write(
            new AuditTrail.Entry(
                now,
                Answers.actor(context),
                "receiver tested",
                receiver.name(),
                delivered ? "delivered" : "not delivered"));
    return answer;
  }

  private static boolean send(
      Notifier notifier, Receiver receiver, NotificationKind kind, Instant now, ArrayNode sent) {
    Notification test = SampleNotification.of(receiver.name(), kind, Severity.TICKET, now);
    Delivery outcome = notifier.deliver(test);
    ObjectNode said = sent.addObject().put("kind", kind.name().toLowerCase(Locale.ROOT));
    if (outcome instanceof Delivery.Delivered) {
      said.put("outcome", "delivered");
      return true;
    }
    if (outcome instanceof Delivery.Retry retry) {
      said.put("outcome", "would be tried again").put("reason", retry.reason());
    } else if (outcome instanceof Delivery.Rejected rejected) {
      said.put("outcome", "rejected").put("reason", rejected.reason());
    }
    return false;
  }

  private Receiver find(RoutingContext context) {
    String name = context.pathParam("name");
    Map<String, Receiver> known = state.alerting().routes().receivers();
    Receiver receiver = known.get(name);
    if (receiver == null) {
      throw new HttpException(
          404, "there is no receiver '" + name + "'" + Suggestion.of(name, known.keySet()));
    }
    return receiver;
  }
}
