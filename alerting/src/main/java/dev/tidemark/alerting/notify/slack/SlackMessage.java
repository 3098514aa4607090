package dev.tidemark.alerting.notify.slack;

import static dev.tidemark.alerting.notify.text.Wording.cut;

import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.notify.text.NotificationText;
import dev.tidemark.alerting.notify.text.Wording;
import dev.tidemark.alerting.route.Receiver;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A notification as Slack shows it: blocks, and a text for where blocks cannot be shown. */
final class SlackMessage {
  private static final int HEADER_LENGTH = 150;
  private static final int FIELD_LENGTH = 2000;
  private static final int SECTION_LENGTH = 3000;
  private static final int SECTIONS = 40;

  private final Wording wording;

  SlackMessage(Receiver.Templates templates) {
    this.wording = new Wording(templates, SlackMessage::escape);
  }

  /** Returns {@code text} and {@code blocks}. */
  Map<String, Object> of(Notification notification) {
    NotificationText text = NotificationText.of(notification);
    String title = wording.title(notification);
    String body = wording.body(notification);
    List<Object> blocks = new ArrayList<>();
    blocks.add(
        Map.of(
            "type",
            "header",
            "text",
            Map.of("type", "plain_text", "text", cut(title, HEADER_LENGTH))));
    if (body == null) {
      blocks.addAll(details(text));
    } else {
      blocks.add(section(body));
    }
    blocks.add(section(links(text)));
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("text", cut(escape(title + " – cause: " + text.cause()), SECTION_LENGTH));
    message.put("blocks", blocks);
    return message;
  }

  /** Returns the news alone, for the thread under the message. */
  String news(Notification notification) {
    NotificationText text = NotificationText.of(notification);
    return cut(
        "*" + escape(wording.title(notification)) + "*\n" + escape(text.note()), SECTION_LENGTH);
  }

  private static List<Object> details(NotificationText text) {
    List<Object> blocks = new ArrayList<>();
    blocks.add(section("*" + escape(text.incidentId()) + "*: " + escape(text.note())));
    blocks.add(Map.of("type", "section", "fields", fields(text)));
    StringBuilder cause = new StringBuilder("*Cause*: ").append(escape(text.cause()));
    text.evidence().forEach(line -> cause.append("\n• ").append(escape(line)));
    if (!text.path().isEmpty()) {
      cause.append('\n').append(escape(text.path()));
    }
    blocks.add(section(cause.toString()));
    if (!text.symptoms().isEmpty()) {
      blocks.addAll(lines(text));
    }
    return blocks;
  }

  private static List<Map<String, String>> fields(NotificationText text) {
    List<Map<String, String>> fields = new ArrayList<>();
    fields.add(field("Dataset", text.dataset()));
    fields.add(field("Objective", text.objective()));
    if (!text.promise().isEmpty()) {
      fields.add(field("Promise", text.promise()));
    }
    if (!text.owner().isEmpty()) {
      fields.add(field("Owner", text.owner()));
    }
    fields.add(field("Since", text.since()));
    fields.add(field("Burn rate", text.burnRate()));
    fields.add(field("Budget left", text.budgetLeft()));
    fields.add(field("Hurt", text.hurt()));
    return fields;
  }

  /** In as many sections as they take; Slack shows 50 blocks at most. */
  private static List<Object> lines(NotificationText text) {
    List<Object> sections = new ArrayList<>();
    StringBuilder section = new StringBuilder("*" + escape(text.symptomsTitle()) + "*");
    for (String symptom : text.symptoms()) {
      String line = cut("\n• " + escape(symptom), SECTION_LENGTH / 2);
      if (section.length() + line.length() > SECTION_LENGTH && sections.size() < SECTIONS - 1) {
        sections.add(section(section.toString()));
        section = new StringBuilder();
      }
      section.append(line);
    }
    sections.add(section(section.toString().strip()));
    return sections;
  }

  private static String links(NotificationText text) {
    String incident = "<" + text.incidentUrl() + "|" + escape(text.link()) + ">";
    String runbook = text.runbookUrl();
    String pages =
        runbook == null
            ? incident
            : incident + " · <" + runbook + "|Runbook: " + escape("" + text.runbookTitle()) + ">";
    return text.acknowledgeUrl() == null
        ? pages
        : pages
            + "\n<"
            + text.acknowledgeUrl()
            + "|Acknowledge> · <"
            + text.silenceUrl()
            + "|Silence for 1 h> · <"
            + text.backfillUrl()
            + "|Declare a backfill>";
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
}
