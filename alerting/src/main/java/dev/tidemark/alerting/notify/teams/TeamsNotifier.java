package dev.tidemark.alerting.notify.teams;

import static dev.tidemark.alerting.notify.text.Wording.cut;

import dev.tidemark.alerting.AlertingJson;
import dev.tidemark.alerting.Delivery;
import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.NotificationKind;
import dev.tidemark.alerting.PreviewedNotifier;
import dev.tidemark.alerting.Severity;
import dev.tidemark.alerting.notify.http.Endpoint;
import dev.tidemark.alerting.notify.http.HttpSender;
import dev.tidemark.alerting.notify.text.NotificationText;
import dev.tidemark.alerting.notify.text.Wording;
import dev.tidemark.alerting.route.Receiver;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Posts an Adaptive Card to a Teams workflow ("Send webhook alerts to a channel"). Names and
 * sentences are rich text, which Teams shows as it is: a dataset with underscores is not set in
 * italics. Teams takes 28 KB, so long parts are cut.
 */
public final class TeamsNotifier implements PreviewedNotifier {
  private static final int TITLE_LENGTH = 500;
  private static final int LINE_LENGTH = 500;
  private static final int BODY_LENGTH = 8000;
  private static final int LINES = 12;

  /** Of a digest. */
  private static final int MOST_LINES = 200;

  private static final int LINES_BYTES = 23_000;
  private static final int LINE_MARKUP = 80;

  private final Endpoint endpoint;
  private final Wording wording;

  /** Prepares one workflow. */
  public TeamsNotifier(HttpSender sender, Receiver receiver, Receiver.Teams teams) {
    String url = teams.url().reveal();
    this.wording = new Wording(receiver.templates());
    this.endpoint = new Endpoint(sender, receiver, url, Map.of(), teams.timeout(), List.of(url));
  }

  @Override
  public Delivery deliver(Notification notification) {
    return endpoint.post(AlertingJson.write(message(notification)), notification.id(), Map.of());
  }

  @Override
  public String preview(Notification notification) {
    return endpoint.show("POST", "", message(notification));
  }

  private Map<String, Object> message(Notification notification) {
    Map<String, Object> card = new LinkedHashMap<>();
    card.put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
    card.put("type", "AdaptiveCard");
    card.put("version", "1.4");
    card.put("fallbackText", cut(wording.title(notification), TITLE_LENGTH));
    card.put("msteams", Map.of("width", "Full"));
    card.put("body", body(notification));
    card.put("actions", actions(NotificationText.of(notification)));
    Map<String, Object> attachment = new LinkedHashMap<>();
    attachment.put("contentType", "application/vnd.microsoft.card.adaptive");
    attachment.put("content", card);
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("type", "message");
    message.put("attachments", List.of(attachment));
    return message;
  }

  private List<Object> body(Notification notification) {
    NotificationText text = NotificationText.of(notification);
    List<Object> body = new ArrayList<>();
    body.add(
        rich(
            cut(wording.title(notification), TITLE_LENGTH),
            Map.of("size", "Large", "weight", "Bolder", "color", color(notification))));
    String own = wording.body(notification);
    if (own != null) {
      body.add(Map.of("type", "TextBlock", "text", cut(own, BODY_LENGTH), "wrap", true));
      return body;
    }
    body.add(rich(line(text.incidentId() + ": " + text.note()), Map.of("isSubtle", true)));
    body.add(Map.of("type", "FactSet", "facts", facts(text)));
    text.evidence().stream()
        .limit(LINES)
        .forEach(said -> body.add(rich(line("– " + said), Map.of())));
    if (!text.path().isEmpty()) {
      body.add(rich(line(text.path()), Map.of("isSubtle", true)));
    }
    if (!text.symptoms().isEmpty()) {
      body.add(rich(text.symptomsTitle(), Map.of("weight", "Bolder")));
      int shown = shown(text.symptoms(), notification.digest() == null ? LINES : MOST_LINES);
      text.symptoms().stream()
          .limit(shown)
          .forEach(symptom -> body.add(rich(line("– " + symptom), Map.of())));
      int more = text.symptoms().size() - shown;
      if (more > 0) {
        body.add(rich("and " + more + " more", Map.of("isSubtle", true)));
      }
    }
    return body;
  }

  private static List<Object> facts(NotificationText text) {
    List<Object> facts = new ArrayList<>();
    facts.add(fact("Dataset", text.dataset()));
    facts.add(fact("Objective", text.objective()));
    if (!text.promise().isEmpty()) {
      facts.add(fact("Promise", text.promise()));
    }
    if (!text.owner().isEmpty()) {
      facts.add(fact("Owner", text.owner()));
    }
    facts.add(fact("Since", text.since()));
    facts.add(fact("Burn rate", text.burnRate()));
    facts.add(fact("Budget left", text.budgetLeft()));
    facts.add(fact("Cause", text.cause()));
    facts.add(fact("Hurt", text.hurt()));
    return facts;
  }

  /** How many lines fit; Teams refuses cards above 28 KB. */
  private static int shown(List<String> lines, int most) {
    int room = LINES_BYTES;
    int shown = 0;
    while (shown < Math.min(most, lines.size()) && room > 0) {
      room -= line(lines.get(shown)).getBytes(StandardCharsets.UTF_8).length + LINE_MARKUP;
      shown++;
    }
    return shown;
  }

  private static String color(Notification notification) {
    if (notification.kind() == NotificationKind.RESOLVED) {
      return "Good";
    }
    return notification.incident().severity() == Severity.PAGE ? "Attention" : "Warning";
  }

  private static String line(String text) {
    return cut(text, LINE_LENGTH);
  }

  private static Map<String, Object> rich(String text, Map<String, Object> style) {
    Map<String, Object> run = new LinkedHashMap<>();
    run.put("type", "TextRun");
    run.put("text", text);
    run.putAll(style);
    return Map.of("type", "RichTextBlock", "inlines", List.of(run));
  }

  private static Map<String, String> fact(String title, String value) {
    // Facts know Markdown; these signs would begin emphasis or a link.
    return Map.of("title", title, "value", line(value).replaceAll("([\\\\*_\\[\\]])", "\\\\$1"));
  }

  private static List<Object> actions(NotificationText text) {
    List<Object> actions = new ArrayList<>();
    actions.add(open(text.link(), text.incidentUrl()));
    String runbook = text.runbookUrl();
    if (runbook != null) {
      actions.add(open("Runbook: " + text.runbookTitle(), runbook));
    }
    String acknowledge = text.acknowledgeUrl();
    String silence = text.silenceUrl();
    String backfill = text.backfillUrl();
    if (acknowledge != null && silence != null && backfill != null) {
      actions.add(open("Acknowledge", acknowledge));
      actions.add(open("Silence for 1 h", silence));
      actions.add(open("Declare a backfill", backfill));
    }
    return actions;
  }

  private static Map<String, String> open(String title, String url) {
    return Map.of("type", "Action.OpenUrl", "title", cut(title, LINE_LENGTH), "url", url);
  }
}
