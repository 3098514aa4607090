package dev.tidemark.alerting.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.alerting.notify.FakeEndpoint.Reply;
import dev.tidemark.alerting.notify.FakeEndpoint.Request;
import dev.tidemark.alerting.route.Receiver;
import dev.tidemark.alerting.route.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Those that take messages. */
final class FakeMessageVendors {
  private FakeMessageVendors() {}

  /** A webhook that takes Alertmanager's payload. */
  static final class AlertmanagerWebhook extends FakeVendor {
    AlertmanagerWebhook() {
      super("webhook in Alertmanager's payload", "alertmanager");
    }

    @Override
    Receiver.Channel channel(String root, Duration timeout) {
      return new Receiver.Webhook(
          Secret.of(root + "/hook/" + SECRET),
          Map.of(),
          Receiver.WebhookFormat.ALERTMANAGER,
          Secret.of(SECRET),
          timeout);
    }

    @Override
    Reply reply(Request request) {
      return checked(request, "webhook", Reply.json(200, ""));
    }
  }

  /** A webhook that takes Tidemark's own payload. */
  static final class TidemarkWebhook extends FakeVendor {
    TidemarkWebhook() {
      super("webhook", "tidemark");
    }

    @Override
    Receiver.Channel channel(String root, Duration timeout) {
      return new Receiver.Webhook(
          Secret.of(root + "/hook/" + SECRET),
          Map.of("X-Token", Secret.of(SECRET)),
          Receiver.WebhookFormat.TIDEMARK,
          Secret.of(SECRET),
          timeout);
    }

    @Override
    Reply reply(Request request) {
      header(request, "x-token", SECRET);
      header(request, "idempotency-key", request.json().path("id").asText());
      return checked(request, "webhook", Reply.json(200, ""));
    }
  }

  static final class PagerDuty extends FakeVendor {
    private String state = "";

    PagerDuty() {
      super("PagerDuty", "pagerduty");
    }

    @Override
    Receiver.Channel channel(String root, Duration timeout) {
      return new Receiver.PagerDuty(
          Secret.of(SECRET),
          root + "/v2/enqueue",
          "https://pictures.example.org/{{dataset}}.png?incident={{incidentId}}",
          timeout);
    }

    @Override
    Reply reply(Request request) {
      state = request.json().path("event_action").asText();
      return checked(
          request,
          "event",
          Reply.json(
              202, "{\"status\":\"success\",\"message\":\"Event processed\",\"dedup_key\":\"x\"}"));
    }

    @Override
    String stands() {
      return state;
    }
  }

  static final class Opsgenie extends FakeVendor {
    private static final String RESULTS = "/v2/alerts/requests/";
    private final Map<String, String> stateByAlias = new TreeMap<>();
    private final Map<String, String> resultById = new ConcurrentHashMap<>();
    private final AtomicInteger requests = new AtomicInteger();

    /** How often it has to be asked for a result before there is one. */
    final AtomicInteger unprocessed = new AtomicInteger();

    /** How often it was asked for a result. */
    final AtomicInteger asked = new AtomicInteger();

    /** Why what it accepts next fails afterwards; null when it does not. */
    volatile @Nullable String failure;

    Opsgenie() {
      super("Opsgenie", "opsgenie");
    }

    @Override
    Receiver.Channel channel(String root, Duration timeout) {
      return new Receiver.Opsgenie(
          Secret.of(SECRET),
          root,
          List.of(
              new Receiver.Responder("team", "data"),
              new Receiver.Responder("user", "anna@example.org")),
          null,
          timeout);
    }

    @Override
    Reply reply(Request request) {
      header(request, "authorization", "GenieKey " + SECRET);
      String path = path(request);
      if (request.method().equals("GET") && path.startsWith(RESULTS)) {
        return result(path.substring(RESULTS.length()));
      }
      String id = "43a29c5c-3dbf-4fa4-9c26-" + requests.incrementAndGet();
      Reply taken =
          Reply.json(
              202,
              "{\"result\":\"Request will be processed\",\"took\":0.302,\"requestId\":\"%s\"}"
                  .formatted(id));
      String why = failure;
      resultById.put(id, why == null ? "" : why);
      if (request.method().equals("POST") && path.equals("/v2/alerts")) {
        stateByAlias.put(request.json().path("alias").asText(), "open");
        return checked(request, "create", taken);
      }
      String[] parts = path.split("/", -1);
      String alias = java.net.URLDecoder.decode(parts[3], java.nio.charset.StandardCharsets.UTF_8);
      if (parts.length != 5
          || !query(request).equals(Map.of("identifierType", "alias"))
          || !stateByAlias.containsKey(alias)) {
        return refuse(request, "no such alert");
      }
      String call = request.method() + " " + parts[4];
      switch (call) {
        case "POST acknowledge" -> stateByAlias.put(alias, "acked");
        case "POST close" -> stateByAlias.put(alias, "closed");
        case "POST notes", "PUT priority" -> {}
        default -> {
          return refuse(request, "no such action");
        }
      }
      return checked(
          request,
          parts[4].equals("notes") || parts[4].equals("priority") ? parts[4] : "action",
          taken);
    }

    /**
     * As "Get Request Status" of https://docs.opsgenie.com/docs/alert-api has it; that a request is
     * not processed yet is said as Opsgenie's own Go client (opsgenie-go-sdk-v2) expects it.
     */
    private Reply result(String id) {
      asked.incrementAndGet();
      String why = resultById.get(id);
      if (why == null || unprocessed.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        return new Reply(
            404,
            "{\"message\":\"Request not found. It might not be processed, yet.\",\"took\":0.01,"
                + "\"requestId\":\"a\"}",
            Map.of("X-Opsgenie-Errortype", "RequestNotProcessed"));
      }
      boolean good = why.isEmpty();
      return Reply.json(
          200,
          """
          {"data": {"success": %s, "action": "Create", "processedAt": "2017-05-24T14:24:20.844Z",
           "integrationId": "c9cec2cb-e782-4ebb-bc1d-1b2fa703cf03", "isSuccess": %s,
           "status": "%s", "alertId": "", "alias": ""}, "took": 0.022, "requestId": "b"}
          """
              .formatted(good, good, good ? "Created alert" : why));
    }

    @Override
    String stands() {
      return String.join(",", stateByAlias.values());
    }
  }

  static final class SlackWebhook extends FakeVendor {
    SlackWebhook() {
      super("Slack webhook", "slack");
    }

    @Override
    Receiver.Channel channel(String root, Duration timeout) {
      return new Receiver.Slack(Secret.of(root + "/services/T0/B0/" + SECRET), timeout);
    }

    @Override
    Reply reply(Request request) {
      return checked(request, "webhook", new Reply(200, "ok", Map.of()));
    }
  }

  static final class SlackBot extends FakeVendor {
    /** By their ts; replies have a thread_ts. */
    final Map<String, ObjectNode> messages = new TreeMap<>();

    SlackBot() {
      super("Slack bot", "slack");
    }

    @Override
    Receiver.Channel channel(String root, Duration timeout) {
      return new Receiver.SlackBot(Secret.of(SECRET), "C0123456789", root + "/api", timeout);
    }

    @Override
    boolean isAsked() {
      return true;
    }

    @Override
    Reply reply(Request request) {
      header(request, "authorization", "Bearer " + SECRET);
      switch (request.method() + " " + path(request)) {
        case "POST /api/chat.postMessage" -> {
          String ts = String.format("17723664%02d.000100", messages.size());
          ObjectNode message = request.json().deepCopy();
          message.put("ts", ts);
          messages.put(ts, message);
          return checked(request, "post", Reply.json(200, "{\"ok\":true,\"ts\":\"" + ts + "\"}"));
        }
        case "POST /api/chat.update" -> {
          String ts = request.json().path("ts").asText();
          if (!messages.containsKey(ts)) {
            return Reply.json(200, "{\"ok\":false,\"error\":\"message_not_found\"}");
          }
          messages.put(ts, request.json().deepCopy());
          return checked(request, "update", Reply.json(200, "{\"ok\":true,\"ts\":\"" + ts + "\"}"));
        }
        case "GET /api/conversations.history" -> {
          return history(query(request));
        }
        default -> {
          return refuse(request, "unknown_method");
        }
      }
    }

    /** Newest first, one message to a page, without replies, metadata only when asked for. */
    private Reply history(Map<String, String> query) {
      List<ObjectNode> own =
          messages.values().stream().filter(message -> !message.has("thread_ts")).toList();
      int from = Integer.parseInt(query.getOrDefault("cursor", "0"));
      ObjectNode answer = JSON.createObjectNode().put("ok", true);
      ArrayNode page = answer.putArray("messages");
      if (from < own.size()) {
        ObjectNode message = own.get(own.size() - 1 - from).deepCopy();
        if (!"true".equals(query.get("include_all_metadata"))) {
          message.remove("metadata");
        }
        page.add(message);
      }
      boolean more = from + 1 < own.size();
      answer
          .putObject("response_metadata")
          .put("next_cursor", more ? String.valueOf(from + 1) : "");
      return Reply.json(200, answer.toString());
    }

    @Override
    String stands() {
      long own = messages.values().stream().filter(message -> !message.has("thread_ts")).count();
      String text =
          messages.values().stream()
              .filter(message -> !message.has("thread_ts"))
              .map(message -> message.path("text").asText())
              .findFirst()
              .orElse("");
      return own + " message " + text.replaceAll("].*", "]");
    }
  }

  static final class Teams extends FakeVendor {
    Teams() {
      super("Teams", "teams");
    }

    @Override
    Receiver.Channel channel(String root, Duration timeout) {
      return new Receiver.Teams(
          Secret.of(root + "/workflows/1/triggers/manual/paths/invoke?sig=" + SECRET), timeout);
    }

    @Override
    Reply reply(Request request) {
      if (request.text().length() > 28_000) {
        return refuse(request, "longer than 28 KB");
      }
      return checked(request, "message", new Reply(202, "", Map.of()));
    }
  }

  static final class Alertmanager extends FakeVendor {
    /** The labels of an alert are its identity; the value is its endsAt. */
    final Map<String, JsonNode> alerts = new TreeMap<>();

    Alertmanager() {
      super("Alertmanager", "alertmanager");
    }

    @Override
    Receiver.Channel channel(String root, Duration timeout) {
      return new Receiver.Alertmanager(
          List.of(root + "/"), Map.of("Authorization", Secret.of("Bearer " + SECRET)), timeout);
    }

    @Override
    Reply reply(Request request) {
      header(request, "authorization", "Bearer " + SECRET);
      if (!(request.method() + " " + request.path()).equals("POST /api/v2/alerts")) {
        return refuse(request, "no such path");
      }
      request.json().forEach(alert -> alerts.put(alert.path("labels").toString(), alert));
      return checked(request, "postableAlerts", new Reply(200, "", Map.of()));
    }
  }
}
