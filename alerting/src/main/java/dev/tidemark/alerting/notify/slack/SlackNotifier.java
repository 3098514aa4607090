package dev.tidemark.alerting.notify.slack;

import dev.tidemark.alerting.AlertingJson;
import dev.tidemark.alerting.Delivery;
import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.Notifier;
import dev.tidemark.alerting.notify.http.HttpPost;
import dev.tidemark.alerting.notify.text.NotificationText;
import dev.tidemark.alerting.route.Receiver;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Posts to a Slack incoming webhook: blocks, and a text for where blocks cannot be shown. */
public final class SlackNotifier implements Notifier {
  private static final int HEADER_LENGTH = 150;
  private static final int FIELD_LENGTH = 2000;
  private static final int SECTION_LENGTH = 3000;

  private final HttpPost post;

  /** Prepares one webhook. */
  public SlackNotifier(HttpClient client, Receiver.Slack slack) {
    String url = slack.url().reveal();
    this.post = new HttpPost(client, URI.create(url), Map.of(), slack.timeout(), url);
  }

  @Override
  public Delivery deliver(Notification notification) {
    return post.post(
        AlertingJson.write(message(NotificationText.of(notification))), notification.id());
  }

  private static Map<String, Object> message(NotificationText text) {
    List<Object> blocks = new ArrayList<>();
    blocks.add(
        Map.of(
            "type",
            "header",
            "text",
            Map.of("type", "plain_text", "text", cut(text.headline(), HEADER_LENGTH))));
    blocks.add(section("*" + escape(text.incidentId()) + "*: " + escape(text.note())));
    blocks.add(
        Map.of(
            "type",
            "section",
            "fields",
            List.of(
                field("Dataset", text.dataset()),
                field("Objective", text.objective()),
                field("Since", text.since()),
                field("Burn rate", text.burnRate()),
                field("Budget left", text.budgetLeft()),
                field("Hurt", text.hurt()))));
    StringBuilder cause = new StringBuilder("*Cause*: ").append(escape(text.cause()));
    text.evidence().forEach(line -> cause.append("\n• ").append(escape(line)));
    if (!text.path().isEmpty()) {
      cause.append('\n').append(escape(text.path()));
    }
    blocks.add(section(cause.toString()));
    if (!text.symptoms().isEmpty()) {
      StringBuilder symptoms = new StringBuilder("*One cause, all of these*");
      text.symptoms().forEach(line -> symptoms.append("\n• ").append(escape(line)));
      blocks.add(section(symptoms.toString()));
    }
    blocks.add(section(links(text)));
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("text", escape(text.headline() + " – cause: " + text.cause()));
    message.put("blocks", blocks);
    return message;
  }

  private static String links(NotificationText text) {
    String incident = "<" + text.incidentUrl() + "|Incident " + escape(text.incidentId()) + ">";
    String runbook = text.runbookUrl();
    return runbook == null
        ? incident
        : incident + " · <" + runbook + "|Runbook: " + escape("" + text.runbookTitle()) + ">";
  }

  private static Map<String, Object> section(String markdown) {
    return Map.of(
        "type", "section", "text", Map.of("type", "mrkdwn", "text", cut(markdown, SECTION_LENGTH)));
  }

  private static Map<String, String> field(String name, String value) {
    return Map.of("type", "mrkdwn", "text", cut("*" + name + "*\n" + escape(value), FIELD_LENGTH));
  }

  /** As Slack asks for; everything else is shown as it is. */
  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String cut(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length - 1) + "…";
  }
}
