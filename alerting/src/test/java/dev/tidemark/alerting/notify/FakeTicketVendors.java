package dev.tidemark.alerting.notify;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.alerting.notify.FakeEndpoint.Reply;
import dev.tidemark.alerting.notify.FakeEndpoint.Request;
import dev.tidemark.alerting.route.Receiver;
import dev.tidemark.alerting.route.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Those that keep tickets. */
final class FakeTicketVendors {
  private FakeTicketVendors() {}

  /** One ticket: what it was created with, whether it is open, what was said under it. */
  static final class Entry {
    final ObjectNode created;
    final List<String> comments = new ArrayList<>();
    boolean open = true;

    Entry(ObjectNode created) {
      this.created = created;
    }
  }

  /** What the three have in common. */
  abstract static class Tickets extends FakeVendor {
    final List<Entry> tickets = new ArrayList<>();

    Tickets(String name, String schemaName) {
      super(name, schemaName);
    }

    @Override
    boolean isAsked() {
      return true;
    }

    @Override
    String stands() {
      List<String> all = new ArrayList<>();
      tickets.forEach(
          ticket -> all.add((ticket.open ? "open" : "closed") + " with " + ticket.comments.size()));
      return String.join(", ", all);
    }
  }

  static final class Jira extends Tickets {
    private final boolean cloud;

    Jira(boolean cloud) {
      super(cloud ? "Jira Cloud" : "Jira Data Center", "jira");
      this.cloud = cloud;
    }

    @Override
    Receiver.Channel channel(String root, Duration timeout) {
      return new Receiver.Jira(
          root,
          cloud,
          cloud ? "anna@example.org" : null,
          Secret.of(SECRET),
          "DATA",
          "Task",
          "High",
          List.of("pipelines"),
          null,
          null,
          timeout);
    }

    @Override
    Reply reply(Request request) {
      header(
          request,
          "authorization",
          cloud
              // echo -n anna@example.org:$SECRET | base64 -w0
              ? "Basic YW5uYUBleGFtcGxlLm9yZzpzM2NyZXQwczNjcmV0MXMzY3JldDJzM2NyZXQzczNjcg=="
              : "Bearer " + SECRET);
      String path = path(request);
      if (request.method().equals("GET") && path.startsWith("/rest/api/2/search")) {
        // CHANGE-2046: Jira Cloud has removed /search, Data Center has no /search/jql.
        if (path.equals("/rest/api/2/search/jql") != cloud) {
          return Reply.json(410, "{\"errorMessages\":[\"The requested API has been removed\"]}");
        }
        return search(query(request));
      }
      if (request.method().equals("POST") && path.equals("/rest/api/2/issue")) {
        tickets.add(new Entry(request.json().deepCopy()));
        String key = "DATA-" + tickets.size();
        return checked(
            request,
            "create",
            Reply.json(
                201, "{\"id\":\"1\",\"key\":\"" + key + "\",\"self\":\"https://x/" + key + "\"}"));
      }
      String[] parts = path.split("/", -1);
      if (parts.length != 7 || !parts[5].matches("DATA-\\d+")) {
        return refuse(request, "no such resource");
      }
      Entry issue = tickets.get(Integer.parseInt(parts[5].substring(5)) - 1);
      return switch (request.method() + " " + parts[6]) {
        case "POST comment" -> {
          issue.comments.add(request.json().path("body").asText());
          yield checked(request, "comment", Reply.json(201, "{\"id\":\"1\"}"));
        }
        case "GET transitions" -> Reply.json(200, transitions(issue));
        case "POST transitions" -> {
          issue.open = request.json().path("transition").path("id").asText().equals("11");
          yield checked(request, "transition", new Reply(204, "", Map.of()));
        }
        default -> refuse(request, "no such resource");
      };
    }

    private static String transitions(Entry issue) {
      String open =
          "{\"id\":\"11\",\"name\":\"To Do\",\"to\":{\"statusCategory\":{\"key\":\"new\"}}}";
      String done =
          "{\"id\":\"31\",\"name\":\"Done\",\"to\":{\"statusCategory\":{\"key\":\"done\"}}}";
      return "{\"transitions\":[" + (issue.open ? open + "," + done : done + "," + open) + "]}";
    }

    private Reply search(Map<String, String> query) {
      String jql = query.getOrDefault("jql", "");
      ObjectNode answer = JSON.createObjectNode();
      ArrayNode issues = answer.putArray("issues");
      for (int i = tickets.size() - 1; i >= 0; i--) {
        Entry issue = tickets.get(i);
        for (var label : issue.created.at("/fields/labels")) {
          if (jql.equals(
              "project = \"DATA\" AND labels = \"" + label.asText() + "\" ORDER BY created DESC")) {
            ObjectNode found = issues.addObject().put("key", "DATA-" + (i + 1));
            // Jira Cloud's new search returns ids only, unless fields are asked for.
            if (query.getOrDefault("fields", "").contains("status")) {
              found
                  .putObject("fields")
                  .putObject("status")
                  .putObject("statusCategory")
                  .put("key", issue.open ? "new" : "done");
            }
          }
        }
      }
      return Reply.json(200, answer.toString());
    }
  }

  static final class Github extends Tickets {
    Github() {
      super("GitHub", "github");
    }

    @Override
    Receiver.Channel channel(String root, Duration timeout) {
      return new Receiver.Github(
          root, "example/data", Secret.of(SECRET), List.of("data"), List.of("anna"), timeout);
    }

    @Override
    Reply reply(Request request) {
      header(request, "authorization", "Bearer " + SECRET);
      header(request, "accept", "application/vnd.github+json");
      header(request, "x-github-api-version", "2022-11-28");
      String path = path(request);
      String issues = "/repos/example/data/issues";
      if (path.equals(issues) && request.method().equals("GET")) {
        return Reply.json(200, list(query(request)).toString());
      }
      if (path.equals(issues) && request.method().equals("POST")) {
        tickets.add(new Entry(request.json().deepCopy()));
        return checked(request, "create", Reply.json(201, issue(tickets.size()).toString()));
      }
      if (!path.matches(issues + "/\\d+(/comments)?")) {
        return refuse(request, "Not Found");
      }
      int number = Integer.parseInt(path.split("/", -1)[5]);
      Entry issue = tickets.get(number - 1);
      if (path.endsWith("/comments") && request.method().equals("POST")) {
        issue.comments.add(request.json().path("body").asText());
        return checked(request, "comment", Reply.json(201, "{\"id\":1}"));
      }
      if (request.method().equals("PATCH")) {
        issue.open = request.json().path("state").asText().equals("open");
        return checked(request, "update", Reply.json(200, issue(number).toString()));
      }
      return refuse(request, "Not Found");
    }

    private ObjectNode issue(int number) {
      ObjectNode issue = tickets.get(number - 1).created.deepCopy();
      issue.put("number", number);
      issue.put("state", tickets.get(number - 1).open ? "open" : "closed");
      return issue;
    }

    private ArrayNode list(Map<String, String> query) {
      ArrayNode list = JSON.createArrayNode();
      boolean all = "all".equals(query.get("state"));
      for (int number = tickets.size(); number >= 1; number--) {
        if (all || tickets.get(number - 1).open) {
          list.add(issue(number));
        }
      }
      // A pull request is an issue too, and may quote anything.
      ObjectNode pull = JSON.createObjectNode().put("number", 99).put("state", "open");
      pull.put("body", "<!-- tidemark-dedup-key: tidemark/INC-1 -->").putObject("pull_request");
      list.add(pull);
      if (!query.getOrDefault("since", "").matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ")) {
        complaints.add("GitHub: since is " + query.get("since"));
      }
      return list;
    }
  }

  static final class ServiceNow extends Tickets {
    ServiceNow() {
      super("ServiceNow", "servicenow");
    }

    @Override
    Receiver.Channel channel(String root, Duration timeout) {
      return new Receiver.ServiceNow(
          root,
          "tidemark",
          Secret.of(SECRET),
          "Data Platform",
          "tidemark",
          "Software",
          "Solution provided",
          timeout);
    }

    @Override
    Reply reply(Request request) {
      header(
          request,
          "authorization",
          // echo -n tidemark:$SECRET | base64 -w0
          "Basic dGlkZW1hcms6czNjcmV0MHMzY3JldDFzM2NyZXQyczNjcmV0M3MzY3I=");
      String path = path(request);
      String table = "/api/now/table/incident";
      if (path.equals(table) && request.method().equals("GET")) {
        return search(query(request));
      }
      if (path.equals(table) && request.method().equals("POST")) {
        tickets.add(new Entry(request.json().deepCopy()));
        ObjectNode answer = JSON.createObjectNode();
        answer.set("result", record(tickets.size()));
        return checked(request, "create", Reply.json(201, answer.toString()));
      }
      if (!path.matches(table + "/[0-9a-f]{32}") || !request.method().equals("PATCH")) {
        return refuse(request, "No Record found");
      }
      int number = Integer.parseInt(path.substring(table.length() + 1));
      Entry incident = tickets.get(number - 1);
      if (request.json().has("work_notes")) {
        incident.comments.add(request.json().path("work_notes").asText());
      }
      if (request.json().has("state")) {
        incident.open = !request.json().path("state").asText().equals("6");
      }
      return checked(request, "update", Reply.json(200, "{\"result\":{}}"));
    }

    private ObjectNode record(int number) {
      return JSON.createObjectNode()
          .put("sys_id", String.format("%032d", number))
          .put("state", tickets.get(number - 1).open ? "1" : "6");
    }

    private Reply search(Map<String, String> query) {
      ObjectNode answer = JSON.createObjectNode();
      ArrayNode result = answer.putArray("result");
      for (int number = tickets.size(); number >= 1; number--) {
        String key = tickets.get(number - 1).created.path("correlation_id").asText();
        if (query
            .getOrDefault("sysparm_query", "")
            .equals("correlation_id=" + key + "^ORDERBYDESCsys_created_on")) {
          result.add(record(number));
        }
      }
      return Reply.json(200, answer.toString());
    }
  }
}
