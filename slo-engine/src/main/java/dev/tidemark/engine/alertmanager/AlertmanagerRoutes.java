package dev.tidemark.engine.alertmanager;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tidemark.alerting.Alert;
import dev.tidemark.alerting.Alerting;
import dev.tidemark.alerting.Incident;
import dev.tidemark.alerting.Silence;
import dev.tidemark.alerting.route.Matcher;
import dev.tidemark.engine.alertmanager.AlertmanagerJson.Writing;
import dev.tidemark.engine.store.OverloadException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.HttpException;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * {@code /api/v2}: Alertmanager's API, so that Prometheus can send its alerts here and amtool can
 * ask and silence. Follows the OpenAPI description of Alertmanager 0.25; errors are a JSON string,
 * as its clients expect. Thread-safe.
 */
public final class AlertmanagerRoutes {
  private static final int BODY_BYTES = 64 << 20;

  /** Notes who changed what. */
  public interface Audit {
    void note(String actor, String action, String subject, String reason);
  }

  private final Vertx vertx;
  private final Clock clock;
  private final Alerting alerting;
  private final ExternalAlerts external;
  private final AlertListing listing;
  private final Audit audit;
  private final Instant startedAt;

  /**
   * Answers from these.
   *
   * @param firing everything that fires, as it was decided last
   */
  public AlertmanagerRoutes(
      Vertx vertx,
      Clock clock,
      Alerting alerting,
      ExternalAlerts external,
      Supplier<List<Alert>> firing,
      Audit audit) {
    this.vertx = vertx;
    this.clock = clock;
    this.alerting = alerting;
    this.external = external;
    this.listing = new AlertListing(firing, external, alerting);
    this.audit = audit;
    this.startedAt = clock.instant();
  }

  /** Adds the routes. */
  public void mount(Router router) {
    router
        .post("/api/v2/alerts")
        .handler(BodyHandler.create(false).setBodyLimit(BODY_BYTES))
        .handler(context -> answer(context, () -> take(context)));
    router.get("/api/v2/alerts").handler(context -> answer(context, () -> json(alerts(context))));
    router
        .get("/api/v2/alerts/groups")
        .handler(context -> answer(context, () -> json(groups(context))));
    router
        .get("/api/v2/silences")
        .handler(context -> answer(context, () -> json(silences(context))));
    router
        .post("/api/v2/silences")
        .handler(BodyHandler.create(false).setBodyLimit(64 * 1024))
        .handler(context -> answer(context, () -> json(silence(context))));
    router
        .get("/api/v2/silence/:id")
        .handler(
            context ->
                answer(
                    context,
                    () -> {
                      Silence silence = find(context.pathParam("id"));
                      Instant now = clock.instant();
                      return json(json -> AlertmanagerJson.silence(json, silence, now));
                    }));
    router.delete("/api/v2/silence/:id").handler(context -> answer(context, () -> expire(context)));
    router.get("/api/v2/status").handler(context -> answer(context, () -> json(this::status)));
    router
        .get("/api/v2/receivers")
        .handler(context -> answer(context, () -> json(this::receivers)));
    router
        .route("/api/v2/*")
        .failureHandler(
            context ->
                fail(
                    context,
                    context.failure() == null
                        ? new HttpException(context.statusCode())
                        : context.failure()));
  }

  private void answer(RoutingContext context, Callable<byte[]> work) {
    vertx
        .executeBlocking(work, false)
        .onSuccess(
            body -> {
              if (body.length > 0) {
                context.response().putHeader("Content-Type", "application/json");
              }
              context.response().end(Buffer.buffer(body));
            })
        .onFailure(failure -> fail(context, failure));
  }

  private static byte[] json(Writing writing) {
    return AlertmanagerJson.bytes(writing);
  }

  private static void fail(RoutingContext context, Throwable failure) {
    int status;
    String reason;
    if (failure instanceof IllegalArgumentException) {
      status = 400;
      reason = String.valueOf(failure.getMessage());
    } else if (failure instanceof HttpException http) {
      status = http.getStatusCode();
      reason = http.getPayload() == null ? "status " + status : http.getPayload();
    } else if (failure instanceof OverloadException overload) {
      status = 503;
      reason = String.valueOf(overload.getMessage());
      context.response().putHeader("Retry-After", Long.toString(overload.retryAfter().toSeconds()));
    } else {
      context.fail(failure);
      return;
    }
    context
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(Buffer.buffer(json(out -> out.writeString(reason))));
  }

  private byte[] take(RoutingContext context) {
    Instant now = clock.instant();
    Buffer body = context.body().buffer();
    PostedAlerts posted = PostedAlerts.read(body == null ? new byte[0] : body.getBytes(), now);
    external.accept(posted.alerts(), now);
    if (!posted.problems().isEmpty()) {
      throw new IllegalArgumentException(
          String.join("; ", posted.problems().stream().limit(20).toList())
              + (posted.alerts().isEmpty()
                  ? ""
                  : "; the other " + posted.alerts().size() + " were taken"));
    }
    return new byte[0];
  }

  private static boolean flag(RoutingContext context, String name) {
    String value = context.request().getParam(name, "true");
    if (!value.equals("true") && !value.equals("false")) {
      throw new IllegalArgumentException(name + " is true or false, not '" + value + "'");
    }
    return value.equals("true");
  }

  private List<ListedAlert> wanted(RoutingContext context) {
    List<Matcher> filters = SilenceRequests.filters(context.queryParam("filter"));
    Pattern receiver = SilenceRequests.receiver(context.request().getParam("receiver", ""));
    boolean active = flag(context, "active");
    boolean silenced = flag(context, "silenced");
    boolean inhibited = flag(context, "inhibited");
    return listing.all(clock.instant()).stream()
        .filter(one -> active || one.suppressed())
        .filter(one -> silenced || one.silencedBy().isEmpty())
        .filter(one -> inhibited || one.inhibitedBy().isEmpty())
        .filter(one -> filters.stream().allMatch(filter -> filter.matches(one.labels())))
        .filter(one -> one.receivers().stream().anyMatch(name -> receiver.matcher(name).matches()))
        .toList();
  }

  private Writing alerts(RoutingContext context) {
    List<ListedAlert> wanted = wanted(context);
    return json -> {
      json.writeStartArray();
      for (ListedAlert alert : wanted) {
        AlertmanagerJson.alert(json, alert);
      }
      json.writeEndArray();
    };
  }

  /** A group is what one receiver hears of one incident. */
  private Writing groups(RoutingContext context) {
    Map<String, Incident> incidents = new LinkedHashMap<>();
    for (Incident incident : alerting.openIncidents()) {
      incident.alerts().forEach(alert -> incidents.put(alert.fingerprint(), incident));
    }
    record Group(String cause, String receiver) {}
    Map<Group, List<ListedAlert>> groups = new LinkedHashMap<>();
    for (ListedAlert alert : wanted(context)) {
      Incident incident = incidents.get(alert.alert().fingerprint());
      String cause = incident == null ? alert.alert().causeKey() : incident.causeKey();
      for (String receiver : alert.receivers()) {
        groups.computeIfAbsent(new Group(cause, receiver), each -> new ArrayList<>()).add(alert);
      }
    }
    return json -> {
      json.writeStartArray();
      for (Map.Entry<Group, List<ListedAlert>> group : groups.entrySet()) {
        json.writeStartObject();
        json.writeObjectFieldStart("labels");
        json.writeStringField("cause", group.getKey().cause());
        json.writeEndObject();
        json.writeObjectFieldStart("receiver");
        json.writeStringField("name", group.getKey().receiver());
        json.writeEndObject();
        json.writeArrayFieldStart("alerts");
        for (ListedAlert alert : group.getValue()) {
          AlertmanagerJson.alert(json, alert);
        }
        json.writeEndArray();
        json.writeEndObject();
      }
      json.writeEndArray();
    };
  }

  private Writing silences(RoutingContext context) {
    List<Matcher> filters = SilenceRequests.filters(context.queryParam("filter"));
    Instant now = clock.instant();
    List<Silence> found =
        alerting.silences().list(now).stream()
            .filter(silence -> SilenceRequests.concerns(silence, filters))
            .toList();
    return json -> {
      json.writeStartArray();
      for (Silence silence : found) {
        AlertmanagerJson.silence(json, silence, now);
      }
      json.writeEndArray();
    };
  }

  private Writing silence(RoutingContext context) {
    Instant now = clock.instant();
    SilenceRequests.Wanted wanted =
        SilenceRequests.read(context.body().asString(), UUID.randomUUID().toString(), now);
    Silence silence = wanted.silence();
    if (!wanted.id().isEmpty()) {
      Silence before = find(wanted.id());
      if (before.active(now) && before.matchers().equals(silence.matchers())) {
        silence =
            new Silence(
                before.id(),
                silence.matchers(),
                silence.author(),
                silence.reason(),
                before.startsAt(),
                silence.endsAt());
      } else {
        // As in Alertmanager: another silence takes the place of one that cannot be changed.
        Optional<Silence> ended = alerting.silences().expire(before.id(), now);
        ended.ifPresent(one -> note(context, "silence expired", one));
        silence =
            new Silence(
                UUID.randomUUID().toString(),
                silence.matchers(),
                silence.author(),
                silence.reason(),
                silence.startsAt(),
                silence.endsAt());
      }
    }
    alerting.silences().put(silence);
    note(context, "silence created", silence);
    String id = silence.id();
    return json -> {
      json.writeStartObject();
      json.writeStringField("silenceID", id);
      json.writeEndObject();
    };
  }

  private byte[] expire(RoutingContext context) {
    Silence silence = find(context.pathParam("id"));
    Silence ended =
        alerting
            .silences()
            .expire(silence.id(), clock.instant())
            .orElseThrow(
                () -> new IllegalArgumentException("silence " + silence.id() + " is over already"));
    note(context, "silence expired", ended);
    return new byte[0];
  }

  private void note(RoutingContext context, String action, Silence silence) {
    audit.note(
        String.valueOf(context.<Object>get("tidemark.actor")),
        action,
        silence.id(),
        silence.matchers()
            + " until "
            + silence.endsAt()
            + ", wanted by "
            + silence.author()
            + ": "
            + silence.reason());
  }

  private Silence find(String id) {
    return alerting
        .silences()
        .find(id)
        .orElseThrow(() -> new HttpException(404, "there is no silence '" + id + "'"));
  }

  private void status(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart("cluster");
    json.writeStringField("status", "disabled");
    json.writeArrayFieldStart("peers");
    json.writeEndArray();
    json.writeEndObject();
    json.writeObjectFieldStart("versionInfo");
    String version = AlertmanagerRoutes.class.getPackage().getImplementationVersion();
    json.writeStringField("version", "Tidemark " + (version == null ? "dev" : version));
    for (String unknown : List.of("revision", "branch", "buildUser", "buildDate", "goVersion")) {
      json.writeStringField(unknown, "");
    }
    json.writeEndObject();
    json.writeObjectFieldStart("config");
    json.writeStringField("original", AlertmanagerYaml.of(alerting.routes()));
    json.writeEndObject();
    json.writeStringField("uptime", startedAt.toString());
    json.writeEndObject();
  }

  private void receivers(JsonGenerator json) throws IOException {
    json.writeStartArray();
    for (String name : new TreeSet<>(alerting.routes().receivers().keySet())) {
      json.writeStartObject();
      json.writeStringField("name", name);
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
