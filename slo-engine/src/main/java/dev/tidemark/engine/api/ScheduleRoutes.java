package dev.tidemark.engine.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.alerting.route.Suggestion;
import dev.tidemark.alerting.schedule.Schedule;
import dev.tidemark.alerting.schedule.ScheduleCalendar;
import dev.tidemark.alerting.schedule.Shift;
import dev.tidemark.engine.links.LinkSigner;
import dev.tidemark.engine.links.RefusedLinkException;
import dev.tidemark.engine.links.RefusedLinks;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/schedules}: who is on call, as JSON and as iCalendar. Thread-safe. */
public final class ScheduleRoutes {
  private static final String CALENDAR = "text/calendar; charset=utf-8";
  private static final Duration SHOWN = Duration.ofDays(14);

  /** A calendar is subscribed to, so it looks back and further ahead. */
  private static final Duration CALENDAR_BACK = Duration.ofDays(30);

  private static final Duration CALENDAR_AHEAD = Duration.ofDays(180);

  private final Vertx vertx;
  private final EngineState state;
  private final LinkSigner signer;
  private final RefusedLinks refused;

  /** Answers from this state. */
  public ScheduleRoutes(Vertx vertx, EngineState state, LinkSigner signer, RefusedLinks refused) {
    this.vertx = vertx;
    this.state = state;
    this.signer = signer;
    this.refused = refused;
  }

  /** Adds the routes. */
  public void mount(Router router) {
    router.get("/api/v1/schedules").handler(c -> Answers.json(vertx, c, this::list));
    router
        .getWithRegex("/api/v1/schedules/(?<name>[^/]+)\\.ics")
        .handler(c -> Answers.text(vertx, c, CALENDAR, () -> calendar(c)));
    router.getWithRegex("/calendars/(?<token>[^/]+)\\.ics").handler(this::subscribed);
    router.get("/api/v1/schedules/:name").handler(c -> Answers.json(vertx, c, () -> one(c)));
  }

  private JsonNode list() {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode schedules = answer.putArray("schedules");
    Instant now = state.clock().instant();
    new TreeMap<>(state.alerting().routes().schedules())
        .values()
        .forEach(schedule -> schedules.add(json(OnCallNow.of(schedule, now))));
    return answer;
  }

  private JsonNode one(RoutingContext context) {
    Schedule schedule = find(context);
    Instant now = state.clock().instant();
    Instant from = moment(context, "from", now);
    ObjectNode answer = json(OnCallNow.of(schedule, now));
    ArrayNode shifts = answer.putArray("shifts");
    for (Shift shift : shifts(schedule, from, moment(context, "to", from.plus(SHOWN)))) {
      ObjectNode one =
          shifts.addObject().put("from", shift.from().toString()).put("to", shift.to().toString());
      shift.members().forEach(one.putArray("members")::add);
    }
    return answer;
  }

  /** For calendar programs, which can send no token: the address is the permission. */
  private void subscribed(RoutingContext context) {
    String token = context.pathParam("token");
    try {
      String name = signer.readCalendar(token);
      context
          .response()
          .putHeader("Cache-Control", "private, max-age=300")
          .putHeader("X-Content-Type-Options", "nosniff");
      Answers.text(vertx, context, CALENDAR, () -> calendar(subscribed(name)));
    } catch (RefusedLinkException e) {
      refused.refused(e, token, String.valueOf(context.request().remoteAddress().hostAddress()));
      throw new HttpException(
          403, e.getMessage() + " 'tidemark schedule' shows the one that is good now.", e);
    }
  }

  /** Whoever holds the address of one schedule is told of no other one. */
  private Schedule subscribed(String name) {
    Schedule schedule = state.alerting().routes().schedules().get(name);
    if (schedule == null) {
      throw new HttpException(404, "there is no schedule '" + name + "' any more");
    }
    return schedule;
  }

  private String calendar(Schedule schedule) {
    Instant now = state.clock().instant();
    return ScheduleCalendar.write(
        schedule, now.minus(CALENDAR_BACK), now.plus(CALENDAR_AHEAD), now);
  }

  private String calendar(RoutingContext context) {
    Schedule schedule = find(context);
    Instant now = state.clock().instant();
    Instant from = moment(context, "from", now.minus(CALENDAR_BACK));
    Instant to = moment(context, "to", now.plus(CALENDAR_AHEAD));
    List<Shift> unused = shifts(schedule, from, to);
    return ScheduleCalendar.write(schedule, from, to, now);
  }

  private static List<Shift> shifts(Schedule schedule, Instant from, Instant to) {
    if (!to.isAfter(from)) {
      throw new HttpException(400, "to has to be after from");
    }
    return schedule.shifts(from, to);
  }

  private static Instant moment(RoutingContext context, String name, Instant otherwise) {
    @Nullable String text = context.request().getParam(name);
    return text == null ? otherwise : Times.instant(name, text);
  }

  private Schedule find(RoutingContext context) {
    String name = context.pathParam("name");
    Map<String, Schedule> known = state.alerting().routes().schedules();
    Schedule schedule = known.get(name);
    if (schedule == null) {
      throw new HttpException(
          404, "there is no schedule '" + name + "'" + Suggestion.of(name, known.keySet()));
    }
    return schedule;
  }

  private ObjectNode json(OnCallNow now) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("name", now.schedule().name())
            .put("timezone", now.schedule().zone().getId());
    now.members().forEach(json.putArray("onCall")::add);
    Instant until = now.until();
    json.put("until", until == null ? null : until.toString());
    now.next().forEach(json.putArray("next")::add);
    return json.put("calendarUrl", signer.calendarUrl(now.schedule().name()));
  }
}
