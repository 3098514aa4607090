package dev.tidemark.alerting.notify.github;

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
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * GitHub's issues. The dedup key is in a comment of the issue's text that GitHub does not show. It
 * is looked for in the list of issues changed since the incident was opened: unlike the search, the
 * list does not lag; unlike labels, which GitHub drops silently when the token may not set them,
 * the text is always kept.
 */
public final class GithubIssues implements TicketSystem {
  private static final int TITLE_LENGTH = 256;
  private static final int BODY_LENGTH = 65_000;
  private static final int PER_PAGE = 50;
  private static final int PAGES = 20;

  /** GitHub's clock and ours differ. */
  private static final Duration CLOCK_MARGIN = Duration.ofMinutes(5);

  private final Receiver.Github github;
  private final Endpoint endpoint;
  private final String issues;

  /** Prepares one repository. */
  public GithubIssues(HttpSender sender, Receiver receiver, Receiver.Github github) {
    this.github = github;
    this.issues = "/repos/" + github.repository() + "/issues";
    String token = github.token().reveal();
    this.endpoint =
        new Endpoint(
            sender,
            receiver,
            github.url(),
            Map.of(
                "Authorization",
                "Bearer " + token,
                "Accept",
                "application/vnd.github+json",
                "X-GitHub-Api-Version",
                "2022-11-28"),
            github.timeout(),
            List.of(token),
            "");
  }

  private static String marker(Notification notification) {
    return "<!-- tidemark-dedup-key: " + notification.dedupKey().replace("--", "- -") + " -->";
  }

  @Override
  public Optional<Ticket> find(Notification notification) throws UndeliveredException {
    String marker = marker(notification);
    String query =
        issues
            + "?state=all&sort=created&direction=desc&per_page="
            + PER_PAGE
            + "&since="
            + notification
                .incident()
                .openedAt()
                .minus(CLOCK_MARGIN)
                .truncatedTo(ChronoUnit.SECONDS);
    for (int page = 1; page <= PAGES; page++) {
      JsonNode answer = endpoint.call("GET", query + "&page=" + page, null);
      if (!answer.isArray()) {
        throw unexpected("the list of issues");
      }
      for (JsonNode issue : answer) {
        if (!issue.has("pull_request") && issue.path("body").asText().contains(marker)) {
          return Optional.of(ticket(issue));
        }
      }
      if (answer.size() < PER_PAGE) {
        break;
      }
    }
    return Optional.empty();
  }

  private static Ticket ticket(JsonNode issue) throws UndeliveredException {
    if (!issue.path("number").isIntegralNumber()) {
      throw unexpected("an issue");
    }
    return new Ticket(issue.path("number").asText(), issue.path("state").asText().equals("open"));
  }

  private static UndeliveredException unexpected(String what) {
    return new UndeliveredException(
        new Delivery.Retry("GitHub answered " + what + " in another form", null));
  }

  @Override
  public Ticket create(Notification notification, TicketText text) throws UndeliveredException {
    return ticket(endpoint.call("POST", issues, creation(notification, text)));
  }

  private Map<String, Object> creation(Notification notification, TicketText text) {
    String marker = "\n\n" + marker(notification);
    Map<String, Object> issue = new LinkedHashMap<>();
    issue.put("title", cut(text.title(), TITLE_LENGTH));
    issue.put("body", cut(text.body(), BODY_LENGTH - marker.length()) + marker);
    if (!github.labels().isEmpty()) {
      issue.put("labels", github.labels());
    }
    if (!github.assignees().isEmpty()) {
      issue.put("assignees", github.assignees());
    }
    return issue;
  }

  @Override
  public void comment(Ticket ticket, String text) throws UndeliveredException {
    endpoint.send(
        "POST", issues + "/" + ticket.id() + "/comments", Map.of("body", cut(text, BODY_LENGTH)));
  }

  @Override
  public void close(Ticket ticket, String text) throws UndeliveredException {
    endpoint.send(
        "PATCH",
        issues + "/" + ticket.id(),
        Map.of("state", "closed", "state_reason", "completed"));
  }

  @Override
  public void reopen(Ticket ticket) throws UndeliveredException {
    endpoint.send(
        "PATCH", issues + "/" + ticket.id(), Map.of("state", "open", "state_reason", "reopened"));
  }

  @Override
  public boolean closesWithComment() {
    return false;
  }

  @Override
  public String preview(Notification notification, TicketText text) {
    return endpoint.show("POST", issues, creation(notification, text));
  }
}
