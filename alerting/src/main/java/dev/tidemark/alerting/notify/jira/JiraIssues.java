package dev.tidemark.alerting.notify.jira;

import static dev.tidemark.alerting.notify.text.Wording.cut;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.alerting.Delivery;
import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.notify.http.Endpoint;
import dev.tidemark.alerting.notify.http.HttpSender;
import dev.tidemark.alerting.notify.http.UndeliveredException;
import dev.tidemark.alerting.notify.ticket.Ticket;
import dev.tidemark.alerting.notify.ticket.TicketSystem;
import dev.tidemark.alerting.notify.ticket.TicketText;
import dev.tidemark.alerting.route.Receiver;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Jira's REST API v2. The dedup key is a label, because labels can be searched for everywhere. Jira
 * Cloud's search lags some seconds behind; a first answer that is lost is therefore looked for when
 * the outbox tries again, not at once.
 */
public final class JiraIssues implements TicketSystem {
  private static final int SUMMARY_LENGTH = 255;
  private static final int TEXT_LENGTH = 32_000;
  private static final int LABEL_LENGTH = 255;
  private static final String ISSUE = "/rest/api/2/issue";

  private final Receiver.Jira jira;
  private final Endpoint endpoint;

  /** Prepares one project. */
  public JiraIssues(HttpSender sender, Receiver receiver, Receiver.Jira jira) {
    this.jira = jira;
    this.endpoint =
        Endpoint.signedIn(
            sender, receiver, jira.url(), jira.username(), jira.token().reveal(), jira.timeout());
  }

  @Override
  public Optional<Ticket> find(Notification notification) throws UndeliveredException {
    String query =
        "project = \""
            + jira.project()
            + "\" AND labels = \""
            + label(notification)
            + "\" ORDER BY created DESC";
    String path = jira.cloud() ? "/rest/api/2/search/jql" : "/rest/api/2/search";
    JsonNode answer =
        endpoint.call(
            "GET",
            path
                + "?jql="
                + URLEncoder.encode(query, StandardCharsets.UTF_8).replace("+", "%20")
                + "&fields=status&maxResults=1",
            null);
    if (!answer.path("issues").isArray()) {
      throw unexpected("the search", "issues");
    }
    JsonNode issue = answer.path("issues").path(0);
    return issue.isMissingNode()
        ? Optional.empty()
        : Optional.of(
            new Ticket(issue.path("key").asText(), !done(issue.path("fields").path("status"))));
  }

  private static boolean done(JsonNode status) {
    return status.path("statusCategory").path("key").asText().equals("done");
  }

  /** Jira's labels have no spaces; a slash and a quote would have to be escaped in the query. */
  private static String label(Notification notification) {
    return cut(notification.dedupKey().replaceAll("[^A-Za-z0-9._-]", "-"), LABEL_LENGTH);
  }

  @Override
  public Ticket create(Notification notification, TicketText text) throws UndeliveredException {
    String key = endpoint.call("POST", ISSUE, creation(notification, text)).path("key").asText();
    if (key.isEmpty()) {
      throw unexpected("the creation", "key");
    }
    return new Ticket(key, true);
  }

  private Map<String, Object> creation(Notification notification, TicketText text) {
    List<String> labels = new ArrayList<>(List.of("tidemark", label(notification)));
    labels.addAll(jira.labels());
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("project", Map.of("key", jira.project()));
    fields.put("issuetype", Map.of("name", jira.issueType()));
    fields.put("summary", cut(text.title(), SUMMARY_LENGTH));
    fields.put("description", cut(text.body(), TEXT_LENGTH));
    fields.put("labels", labels.stream().distinct().toList());
    String priority = jira.priority();
    if (priority != null) {
      fields.put("priority", Map.of("name", priority));
    }
    return Map.of("fields", fields);
  }

  @Override
  public void comment(Ticket ticket, String text) throws UndeliveredException {
    endpoint.send(
        "POST", ISSUE + "/" + ticket.id() + "/comment", Map.of("body", cut(text, TEXT_LENGTH)));
  }

  @Override
  public void close(Ticket ticket, String text) throws UndeliveredException {
    move(ticket, jira.closeTransition(), true);
  }

  @Override
  public void reopen(Ticket ticket) throws UndeliveredException {
    move(ticket, jira.reopenTransition(), false);
  }

  @Override
  public boolean closesWithComment() {
    return false;
  }

  private void move(Ticket ticket, @Nullable String named, boolean toDone)
      throws UndeliveredException {
    String path = ISSUE + "/" + ticket.id() + "/transitions";
    JsonNode transitions = endpoint.call("GET", path, null).path("transitions");
    if (!transitions.isArray()) {
      throw unexpected("the list of transitions", "transitions");
    }
    List<String> names = new ArrayList<>();
    for (JsonNode transition : transitions) {
      String name = transition.path("name").asText();
      names.add(name);
      if (named == null ? done(transition.path("to")) == toDone : named.equalsIgnoreCase(name)) {
        endpoint.send(
            "POST", path, Map.of("transition", Map.of("id", transition.path("id").asText())));
        return;
      }
    }
    throw new UndeliveredException(
        new Delivery.Rejected(
            ticket.id()
                + (named == null
                    ? " has no transition " + (toDone ? "to" : "out of") + " a status that is done"
                    : " has no transition '" + named + "'")
                + "; it has "
                + (names.isEmpty() ? "none for this account" : String.join(", ", names))
                + "; set "
                + (toDone ? "closeTransition" : "reopenTransition")));
  }

  private static UndeliveredException unexpected(String what, String field) {
    return new UndeliveredException(
        new Delivery.Retry("Jira answered " + what + " without " + field, null));
  }

  @Override
  public String preview(Notification notification, TicketText text) {
    return endpoint.show("POST", ISSUE, creation(notification, text));
  }
}
